package io.contextdb.cli.inspect;

import io.contextdb.CopyReport;
import io.contextdb.ErasureReport;
import io.contextdb.cli.Contextdb;
import io.contextdb.cli.ExitCode;
import io.contextdb.cli.NodeId;
import io.contextdb.cli.OpenNamespace;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** {@code verify}: whether copies of stores have what they should, or whether an erasure has reached every store. */
@Command(
        name = "verify",
        description =
                "Compare copies of stores with what they copy, while they are in use; or prove that nodes were erased everywhere.")
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
        return erased.isEmpty() ? compare() : prove();
    }

    private int prove() {
        List<UUID> ids = erased.stream().map(NodeId::parse).toList();
        try (OpenNamespace open = root.open()) {
            ErasureReport report = open.connection()
                    .withTimeout(CopyReports.PATIENCE)
                    .namespace(open.namespace().name())
                    .verifyErasure(ids);
            ErasureReports.print(report, root);
            return report.isDone() ? ExitCode.OK : ExitCode.ERROR;
        }
    }

    private int compare() {
        try (OpenNamespace open = root.open()) {
            Map<String, CopyReport> found =
                    open.connection().withTimeout(CopyReports.PATIENCE).verify();
            CopyReports.print(found, root);
            return CopyReports.differ(found) ? ExitCode.ERROR : ExitCode.OK;
        }
    }
}
