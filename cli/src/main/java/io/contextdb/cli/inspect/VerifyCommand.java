package io.contextdb.cli.inspect;

import io.contextdb.ErasureReport;
import io.contextdb.VerifyReport;
import io.contextdb.cli.Contextdb;
import io.contextdb.cli.ExitCode;
import io.contextdb.cli.NodeId;
import io.contextdb.cli.OpenNamespace;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** {@code verify}: whether all that the stores keep is whole, or whether an erasure has reached every store. */
@Command(
        name = "verify",
        description =
                "Look for damage in all that the store keeps, and compare copies with what they copy; or prove that nodes were erased.")
public final class VerifyCommand implements Callable<Integer> {
    @ParentCommand
    @SuppressWarnings("NullAway.Init")
    private Contextdb root;

    @Option(
            names = "--erased",
            arity = "1..*",
            paramLabel = "ID",
            description = "Ask every store what it still has of these nodes of the namespace, which were erased.")
    private List<String> erased = List.of();

    @Override
    public Integer call() {
        return erased.isEmpty() ? verify() : prove();
    }

    private int prove() {
        List<UUID> ids = erased.stream().map(NodeId::parse).toList();
        try (OpenNamespace open = root.openToLook()) {
            ErasureReport report = open.connection()
                    .withTimeout(VerifyReports.PATIENCE)
                    .namespace(open.namespace().name())
                    .verifyErasure(ids);
            ErasureReports.print(report, root);
            return report.isDone() ? ExitCode.OK : ExitCode.ERROR;
        }
    }

    private int verify() {
        try (OpenNamespace open = root.openToLook()) {
            VerifyReport found =
                    open.connection().withTimeout(VerifyReports.PATIENCE).verify();
            VerifyReports.print(found, root);
            return found.isSound() ? ExitCode.OK : ExitCode.ERROR;
        }
    }
}
