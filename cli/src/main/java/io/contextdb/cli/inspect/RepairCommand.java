package io.contextdb.cli.inspect;

import io.contextdb.VerifyReport;
import io.contextdb.cli.Contextdb;
import io.contextdb.cli.ExitCode;
import io.contextdb.cli.OpenNamespace;
import io.contextdb.spi.IntegrityReport;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParentCommand;

/** {@code repair}: computes again what can be computed from whole records, and brings copies to what they copy. */
@Command(
        name = "repair",
        description = "Look as verify does; compute indexes and counts again, and bring copies to what they copy.")
public final class RepairCommand implements Callable<Integer> {
    @ParentCommand
    @SuppressWarnings("NullAway.Init")
    private Contextdb root;

    @Override
    public Integer call() {
        try (OpenNamespace open = root.open()) {
            VerifyReport found =
                    open.connection().withTimeout(VerifyReports.PATIENCE).repair();
            VerifyReports.print(found, root);
            return found.stores().values().stream().allMatch(IntegrityReport::isRepairable)
                    ? ExitCode.OK
                    : ExitCode.ERROR;
        }
    }
}
