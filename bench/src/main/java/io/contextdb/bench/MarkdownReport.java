package io.contextdb.bench;

import java.util.List;
import java.util.stream.Collectors;

/** The results as tables for people. */
final class MarkdownReport {
    private static final String HEAD = """
            | comparison | what | against | ratio | goal | ours per second | theirs | CPU µs | theirs | bytes | theirs | remark |
            |---|---|---|---|---|---|---|---|---|---|---|---|
            """;

    private MarkdownReport() {}

    static String of(ResultFile results, Environment environment) {
        String comparisons = results.comparisons().isEmpty()
                ? ""
                : HEAD + results.comparisons().stream().map(MarkdownReport::row).collect(Collectors.joining());
        String tables = results.tables().stream().map(Table::markdown).collect(Collectors.joining("\n"));
        return environment + "\n\n" + comparisons + "\n" + tables;
    }

    private static String row(ComparisonResult result) {
        List<String> cells = List.of(
                "`" + result.name() + "`",
                result.what() + (result.callers() > 1 ? ", " + result.callers() + " callers" : ""),
                result.theirs().name(),
                "**" + Spread.figure(result.ratio().median()) + "** ("
                        + Spread.figure(result.ratio().min()) + " to "
                        + Spread.figure(result.ratio().max()) + ")",
                Double.isNaN(result.goal()) ? "" : Spread.figure(result.goal()),
                Spread.figure(result.ours().rate().median()) + (result.clock() == Clock.CPU ? " (CPU)" : ""),
                Spread.figure(result.theirs().rate().median()),
                Spread.figure(result.ours().cpuMicros().median()),
                Spread.figure(result.theirs().cpuMicros().median()),
                Spread.figure(result.ours().bytes().median()),
                Spread.figure(result.theirs().bytes().median()),
                result.remark());
        return "| " + String.join(" | ", cells) + " |\n";
    }

    /** Returns one line about a result, for who watches the run. */
    static String line(ComparisonResult result) {
        return result.name() + ": " + result.ratio() + " by " + result.clock().unit() + ", "
                + Spread.figure(result.ours().rate().median()) + " against "
                + Spread.figure(result.theirs().rate().median()) + "; CPU µs "
                + Spread.figure(result.ours().cpuMicros().median()) + " against "
                + Spread.figure(result.theirs().cpuMicros().median()) + "; bytes "
                + Spread.figure(result.ours().bytes().median()) + " against "
                + Spread.figure(result.theirs().bytes().median()) + "  " + result.remark();
    }
}
