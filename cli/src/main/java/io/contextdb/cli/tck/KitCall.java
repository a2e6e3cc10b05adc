package io.contextdb.cli.tck;

import io.contextdb.cli.Contextdb;
import io.contextdb.tck.KitRunner;
import io.contextdb.tck.ServerKind;
import io.contextdb.tck.report.Outcome;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** Calls the kit; apart from the command, whose class is read also where the kit is not installed. */
final class KitCall {
    private KitCall() {}

    /** Returns how many tests ended how. */
    static Map<String, Long> run(Contextdb root, String url, String server, Path report) {
        Map<String, Long> counts = new TreeMap<>();
        KitRunner.on(url)
                .server(ServerKind.valueOf(server.toUpperCase(Locale.ROOT)))
                .report(report, "kit")
                .listener((test, outcome) -> {
                    if (outcome == Outcome.FAILED) {
                        root.terminal().note("failed: " + test);
                    }
                })
                .run()
                .forEach((outcome, count) -> counts.put(outcome.toString(), count));
        return counts;
    }
}
