package io.contextdb.cli.inspect;

import io.contextdb.ErasureReport;
import io.contextdb.cli.Contextdb;
import io.contextdb.cli.output.Style;
import io.contextdb.cli.output.Table;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** How proofs of erasures are shown. */
final class ErasureReports {
    private ErasureReports() {}

    static void print(ErasureReport report, Contextdb root) {
        if (root.json()) {
            Map<String, Object> json = new LinkedHashMap<>();
            report.stores().forEach((store, finding) -> json.put(store, json(finding)));
            root.printJson(json);
            return;
        }
        Table table = new Table()
                .text("store", Style.BOLD)
                .text("erased", Style.PLAIN)
                .text("checked", Style.FAINT)
                .text("why not", Style.PLAIN);
        report.stores()
                .forEach((store, finding) -> table.row(
                        store, state(finding), finding.checkedAt().toString(), String.join("; ", finding.pending())));
        table.print(root.terminal());
    }

    private static String state(ErasureReport.Finding finding) {
        return finding.isDone() ? "done" : "pending";
    }

    private static Map<String, Object> json(ErasureReport.Finding finding) {
        Map<String, Object> remains = new TreeMap<>();
        finding.remains()
                .counts()
                .forEach((kind, count) -> remains.put(kind.name().toLowerCase(Locale.ROOT), count));
        return Map.of(
                "state", state(finding),
                "checkedAt", finding.checkedAt().toString(),
                "remains", remains,
                "pending", finding.pending());
    }
}
