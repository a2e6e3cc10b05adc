package io.contextdb.cli.inspect;

import io.contextdb.cli.Contextdb;
import io.contextdb.cli.ExitCode;
import io.contextdb.cli.OpenNamespace;
import io.contextdb.cli.ingest.DocumentStore;
import io.contextdb.cli.output.Style;
import io.contextdb.cli.output.Table;
import io.contextdb.spi.NamespaceStatistics;
import io.contextdb.spi.capability.Capability;
import io.contextdb.spi.vector.VectorSpace;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParentCommand;

/** {@code stats}: how much a namespace holds. */
@Command(name = "stats", description = "Show how much the namespace holds.")
public final class StatsCommand implements Callable<Integer> {
    @ParentCommand
    @SuppressWarnings("NullAway.Init")
    private Contextdb root;

    @Override
    public Integer call() {
        try (OpenNamespace open = root.openToLook()) {
            Map<String, Long> counts = counts(open);
            List<VectorSpace> spaces = open.connection().info().backend().offers(Capability.VECTORS)
                    ? open.namespace().vectors().spaces()
                    : List.of();
            if (root.json()) {
                Map<String, Object> json = new LinkedHashMap<>(counts);
                json.put("namespace", open.namespace().name());
                json.put("spaces", spaces.stream().map(StatsCommand::json).toList());
                root.printJson(json);
            } else {
                Table table = new Table().text("", Style.PLAIN).number("", Style.BOLD);
                counts.forEach((name, count) -> table.row(name, String.format(Locale.ROOT, "%,d", count)));
                table.print(root.terminal());
                spaces.forEach(space -> root.terminal()
                        .line("space " + space.name() + ": " + space.dimensions() + " dimensions, " + space.metric()
                                + (space.model().isEmpty() ? "" : ", " + space.model())));
            }
            return ExitCode.OK;
        }
    }

    private static Map<String, Long> counts(OpenNamespace open) {
        NamespaceStatistics statistics = open.namespace().statistics();
        Map<String, Long> counts = new LinkedHashMap<>();
        if (open.connection().info().backend().offers(Capability.DOCUMENTS)) {
            counts.put("ingestedFiles", new DocumentStore(open.namespace()).count());
        }
        counts.put("nodes", statistics.nodes());
        counts.put("nodeVersions", statistics.nodeVersions());
        counts.put("edges", statistics.edges());
        counts.put("sources", statistics.sources());
        counts.put("points", statistics.points());
        counts.put("keys", statistics.keys());
        counts.put("events", statistics.events());
        counts.put("documents", statistics.documents());
        return counts;
    }

    private static Map<String, Object> json(VectorSpace space) {
        return Map.of(
                "name",
                space.name(),
                "dimensions",
                space.dimensions(),
                "metric",
                space.metric().name(),
                "model",
                space.model());
    }
}
