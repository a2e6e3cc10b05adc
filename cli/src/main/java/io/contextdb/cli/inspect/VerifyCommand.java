package io.contextdb.cli.inspect;

import io.contextdb.CopyReport;
import io.contextdb.cli.Contextdb;
import io.contextdb.cli.ExitCode;
import io.contextdb.cli.OpenNamespace;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParentCommand;

/** {@code verify}: whether copies of stores have what they should. */
@Command(name = "verify", description = "Compare copies of stores with what they copy, while they are in use.")
public final class VerifyCommand implements Callable<Integer> {
    @ParentCommand
    @SuppressWarnings("NullAway.Init")
    private Contextdb root;

    @Override
    public Integer call() {
        try (OpenNamespace open = root.open()) {
            Map<String, CopyReport> found =
                    open.connection().withTimeout(CopyReports.PATIENCE).verify();
            CopyReports.print(found, root);
            return CopyReports.differ(found) ? ExitCode.ERROR : ExitCode.OK;
        }
    }
}
