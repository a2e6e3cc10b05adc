package io.contextdb.cli.ask;

import io.contextdb.cli.Contextdb;
import io.contextdb.cli.ExitCode;
import io.contextdb.cli.NodeId;
import io.contextdb.cli.OpenNamespace;
import io.contextdb.cli.inspect.NodeView;
import io.contextdb.cli.output.Style;
import io.contextdb.cli.output.Terminal;
import io.contextdb.memory.Kinship;
import io.contextdb.spi.graph.Edge;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code why}: why two memories belong together. */
@Command(name = "why", description = "Show why two nodes belong together: path, labels, source, similarity.")
public final class WhyCommand implements Callable<Integer> {
    @ParentCommand
    @SuppressWarnings("NullAway.Init")
    private Contextdb root;

    @Parameters(index = "0", paramLabel = "ID", description = "A node.")
    private String first = "";

    @Parameters(index = "1", paramLabel = "ID", description = "Another node.")
    private String second = "";

    @Override
    public Integer call() {
        UUID from = NodeId.parse(first);
        UUID to = NodeId.parse(second);
        try (OpenNamespace open = root.openToLook()) {
            Kinship kinship = open.namespace().memory().kinship(from, to);
            if (root.json()) {
                root.printJson(json(from, kinship));
            } else {
                print(from, kinship, open);
            }
            boolean related = !kinship.path().isEmpty()
                    || kinship.sameSource()
                    || !kinship.sharedLabels().isEmpty();
            return related ? ExitCode.OK : ExitCode.NOTHING_FOUND;
        }
    }

    private void print(UUID from, Kinship kinship, OpenNamespace open) {
        Terminal terminal = root.terminal();
        terminal.line("same source    " + (kinship.sameSource() ? "yes" : "no"));
        terminal.line("shared labels  "
                + (kinship.sharedLabels().isEmpty() ? "none" : String.join(", ", kinship.sharedLabels())));
        terminal.line("similarity     "
                + (kinship.similarity().isPresent()
                        ? String.format(
                                Locale.ROOT, "%.3f", kinship.similarity().getAsDouble())
                        : "unknown, one has no vector"));
        terminal.line("path           " + (kinship.path().isEmpty() ? "none within four hops" : ""));
        List<UUID> nodes = nodes(from, kinship.path());
        for (int i = 0; !kinship.path().isEmpty() && i < nodes.size(); i++) {
            if (i > 0) {
                Edge edge = kinship.path().get(i - 1);
                boolean forward = edge.to().equals(nodes.get(i));
                terminal.line("    "
                        + terminal.styled(Style.YELLOW, forward ? "└ " + edge.type() + " →" : "└ ← " + edge.type()));
            }
            String summary = open.namespace()
                    .graph()
                    .get(nodes.get(i))
                    .map(NodeView::summary)
                    .orElse("");
            terminal.line("  " + terminal.styled(Style.FAINT, nodes.get(i).toString()) + "  "
                    + Terminal.cut(summary, Math.max(20, terminal.width() - 42)));
        }
    }

    /** Returns the nodes of a path, from its beginning. */
    private static List<UUID> nodes(UUID from, List<Edge> path) {
        List<UUID> nodes = new ArrayList<>(List.of(from));
        for (Edge edge : path) {
            UUID here = nodes.get(nodes.size() - 1);
            nodes.add(edge.from().equals(here) ? edge.to() : edge.from());
        }
        return nodes;
    }

    private static Map<String, @Nullable Object> json(UUID from, Kinship kinship) {
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("sameSource", kinship.sameSource());
        json.put("sharedLabels", List.copyOf(kinship.sharedLabels()));
        json.put(
                "similarity",
                kinship.similarity().isPresent() ? kinship.similarity().getAsDouble() : null);
        json.put(
                "nodes",
                nodes(from, kinship.path()).stream().map(UUID::toString).toList());
        json.put(
                "path",
                kinship.path().stream()
                        .map(edge -> Map.of(
                                "id", edge.id().toString(),
                                "from", edge.from().toString(),
                                "type", edge.type(),
                                "to", edge.to().toString(),
                                "weight", edge.weight()))
                        .toList());
        return json;
    }
}
