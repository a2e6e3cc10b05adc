package io.contextdb.cli.inspect;

import io.contextdb.CopyReport;
import io.contextdb.cli.Contextdb;
import io.contextdb.cli.output.Style;
import io.contextdb.cli.output.Table;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/** How reports about copies are shown. */
final class CopyReports {
    /** A comparison reads the ids of all points, of which there may be many. */
    static final Duration PATIENCE = Duration.ofHours(12);

    private CopyReports() {}

    static boolean differ(Map<String, CopyReport> reports) {
        return reports.values().stream().anyMatch(report -> report.differences() > 0);
    }

    static void print(Map<String, CopyReport> reports, Contextdb root) {
        if (root.json()) {
            Map<String, Object> json = new LinkedHashMap<>();
            reports.forEach((copy, report) -> json.put(
                    copy, Map.of("missing", report.missing(), "stale", report.stale(), "extra", report.extra())));
            root.printJson(json);
            return;
        }
        Table table = new Table()
                .text("copy", Style.BOLD)
                .number("missing", Style.PLAIN)
                .number("stale", Style.PLAIN)
                .number("extra", Style.PLAIN);
        reports.forEach((copy, report) -> table.row(
                copy, Long.toString(report.missing()), Long.toString(report.stale()), Long.toString(report.extra())));
        table.print(root.terminal());
    }
}
