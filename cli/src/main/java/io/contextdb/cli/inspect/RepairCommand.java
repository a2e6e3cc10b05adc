package io.contextdb.cli.inspect;

import io.contextdb.CopyReport;
import io.contextdb.cli.Contextdb;
import io.contextdb.cli.ExitCode;
import io.contextdb.cli.OpenNamespace;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParentCommand;

/** {@code repair}: makes copies of stores what they should be. */
@Command(name = "repair", description = "Compare copies of stores with what they copy, and mend what differs.")
public final class RepairCommand implements Callable<Integer> {
    @ParentCommand
    @SuppressWarnings("NullAway.Init")
    private Contextdb root;

    @Override
    public Integer call() {
        try (OpenNamespace open = root.open()) {
            Map<String, CopyReport> found =
                    open.connection().withTimeout(CopyReports.PATIENCE).repair();
            CopyReports.print(found, root);
            return ExitCode.OK;
        }
    }
}
