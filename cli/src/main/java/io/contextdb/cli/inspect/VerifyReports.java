package io.contextdb.cli.inspect;

import io.contextdb.CopyReport;
import io.contextdb.VerifyReport;
import io.contextdb.cli.Contextdb;
import io.contextdb.cli.output.Style;
import io.contextdb.cli.output.Table;
import io.contextdb.spi.Damage;
import io.contextdb.spi.IntegrityReport;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** How {@code verify} and {@code repair} show what they found. */
final class VerifyReports {
    /** Everything that the stores keep is read, which may be much. */
    static final Duration PATIENCE = Duration.ofHours(12);

    private VerifyReports() {}

    static void print(VerifyReport report, Contextdb root) {
        if (root.json()) {
            root.printJson(json(report));
            return;
        }
        if (!report.stores().isEmpty()) {
            Table table = new Table()
                    .text("store", Style.BOLD)
                    .number("damaged", Style.PLAIN)
                    .text("looked at", Style.FAINT);
            report.stores()
                    .forEach(
                            (store, found) -> table.row(store, Long.toString(found.found()), checked(found.checked())));
            table.print(root.terminal());
            report.stores().forEach((store, found) -> print(store, found, root));
        }
        if (!report.copies().isEmpty()) {
            Table table = new Table()
                    .text("copy", Style.BOLD)
                    .number("missing", Style.PLAIN)
                    .number("stale", Style.PLAIN)
                    .number("extra", Style.PLAIN);
            report.copies()
                    .forEach((copy, found) -> table.row(
                            copy,
                            Long.toString(found.missing()),
                            Long.toString(found.stale()),
                            Long.toString(found.extra())));
            table.print(root.terminal());
        }
    }

    private static void print(String store, IntegrityReport report, Contextdb root) {
        report.damages().forEach(damage -> root.terminal().line(store + ": " + damage));
        long more = report.found() - report.damages().size();
        if (more > 0) {
            root.terminal().line(store + ": " + more + " more");
        }
    }

    private static String checked(Map<String, Long> counts) {
        return counts.entrySet().stream()
                .map(kind -> kind.getValue() + " " + kind.getKey())
                .collect(Collectors.joining(", "));
    }

    private static Map<String, Object> json(VerifyReport report) {
        Map<String, Object> stores = new LinkedHashMap<>();
        report.stores()
                .forEach((store, found) -> stores.put(
                        store,
                        Map.of(
                                "checked",
                                found.checked(),
                                "found",
                                found.found(),
                                "repairable",
                                found.repairable(),
                                "damages",
                                damages(found.damages()))));
        Map<String, Object> copies = new LinkedHashMap<>();
        report.copies().forEach((copy, found) -> copies.put(copy, json(found)));
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("sound", report.isSound());
        json.put("stores", stores);
        json.put("copies", copies);
        return json;
    }

    private static Map<String, Object> json(CopyReport report) {
        return Map.of("missing", report.missing(), "stale", report.stale(), "extra", report.extra());
    }

    private static List<Map<String, Object>> damages(List<Damage> damages) {
        return damages.stream()
                .map(damage -> Map.<String, Object>of(
                        "place", damage.place(), "problem", damage.problem(), "repairable", damage.repairable()))
                .toList();
    }
}
