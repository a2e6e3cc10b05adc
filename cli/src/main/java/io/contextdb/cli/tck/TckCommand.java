package io.contextdb.cli.tck;

import io.contextdb.ContextDataSource;
import io.contextdb.cli.Contextdb;
import io.contextdb.cli.ExitCode;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code tck}: proves a store against the contract. */
@Command(
        name = "tck",
        description = {
            "Prove a store against the contract.",
            "Works in namespaces of its own, whose names nobody else has, and drops them at the end."
        })
public final class TckCommand implements Callable<Integer> {
    @ParentCommand
    @SuppressWarnings("NullAway.Init")
    private Contextdb root;

    @Parameters(paramLabel = "URL", description = "The store.")
    @SuppressWarnings("NullAway.Init")
    private String url;

    @Option(
            names = "--report",
            paramLabel = "FOLDER",
            description = "Where the reports go; default: ${DEFAULT-VALUE}.",
            defaultValue = "contextdb-tck")
    @SuppressWarnings("NullAway.Init")
    private Path report;

    @Option(
            names = "--server",
            paramLabel = "KIND",
            description = "What the report calls it: in_process, local, real (the default) or protocol_double.",
            defaultValue = "real")
    private String server = "real";

    @Option(
            names = "--operations",
            paramLabel = "COUNT",
            description = "Steps of random scripts that are compared with the memory backend; default: 10000.")
    private @Nullable Long operations;

    @Option(
            names = "--seed",
            paramLabel = "SEED",
            description = "What is chosen by chance; default: another each time.")
    private @Nullable Long seed;

    @Override
    public Integer call() {
        // A store that cannot be opened is one error, not one for each test.
        String shown;
        try (ContextDataSource store = ContextDataSource.open(url)) {
            shown = store.url();
        }
        set("contextdb.kit.operations", operations);
        set("contextdb.seed", seed);
        Map<String, Long> counts = KitCall.run(root, url, server, report);
        if (root.json()) {
            root.printJson(Map.of("url", shown, "tests", counts, "report", report.toString()));
        } else {
            root.terminal()
                    .line(counts.get("passed") + " tests passed, " + counts.get("failed") + " failed, "
                            + counts.get("skipped") + " skipped; the report is in " + report);
        }
        return counts.getOrDefault("failed", 0L) == 0 ? ExitCode.OK : ExitCode.NOT_CONFORMING;
    }

    private static void set(String property, @Nullable Long value) {
        if (value != null) {
            System.setProperty(property, value.toString());
        }
    }
}
