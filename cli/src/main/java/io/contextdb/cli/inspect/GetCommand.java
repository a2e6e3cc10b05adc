package io.contextdb.cli.inspect;

import io.contextdb.cli.Contextdb;
import io.contextdb.cli.ExitCode;
import io.contextdb.cli.NodeId;
import io.contextdb.cli.OpenNamespace;
import io.contextdb.cli.PointInTime;
import io.contextdb.cli.output.Style;
import io.contextdb.cli.output.Table;
import io.contextdb.cli.output.Terminal;
import io.contextdb.json.PropertyJson;
import io.contextdb.spi.graph.Direction;
import io.contextdb.spi.graph.Edge;
import io.contextdb.spi.graph.EdgeQuery;
import io.contextdb.spi.graph.Node;
import io.contextdb.spi.value.AsOf;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code get}: a node and its edges. */
@Command(name = "get", description = "Show a node and its edges.")
public final class GetCommand implements Callable<Integer> {
    @ParentCommand
    @SuppressWarnings("NullAway.Init")
    private Contextdb root;

    @Parameters(paramLabel = "ID", description = "The node.")
    private String id = "";

    @Option(names = "--as-of", paramLabel = "TIME", description = "As it was known at a day or instant.")
    private String asOf = "";

    @Override
    public Integer call() {
        UUID wanted = NodeId.parse(id);
        AsOf time = PointInTime.parse(asOf);
        try (OpenNamespace open = root.openToLook()) {
            Optional<Node> node = asOf.isEmpty()
                    ? open.namespace().graph().get(wanted)
                    : open.namespace().graph().get(List.of(wanted), time).stream()
                            .findFirst();
            if (node.isEmpty()) {
                root.terminal().note("nothing was found");
                return ExitCode.NOTHING_FOUND;
            }
            List<Edge> edges = open.namespace()
                    .graph()
                    .edges(EdgeQuery.of(Direction.BOTH, wanted).asOf(time))
                    .items();
            if (root.json()) {
                Map<String, @Nullable Object> json = NodeView.json(node.get());
                json.put("edges", edges.stream().map(GetCommand::json).toList());
                root.printJson(json);
            } else {
                print(node.get(), edges);
            }
            return ExitCode.OK;
        }
    }

    private void print(Node node, List<Edge> edges) {
        Terminal terminal = root.terminal();
        Table table = new Table().text("", Style.BOLD).text("", Style.PLAIN);
        table.row("id", node.id().toString());
        table.row("version", Long.toString(node.version()));
        table.row("labels", String.join(", ", node.labels()));
        table.row("source", node.source());
        table.row("confidence", String.format(Locale.ROOT, "%.3f", node.confidence()));
        table.row("valid", NodeView.shown(node.validity()));
        if (node.revision().retracted()) {
            table.row("retracted", node.revision().retraction());
        }
        node.properties().asMap().forEach((name, value) -> {
            if (!name.equals("text")) {
                table.row(name, PropertyJson.writeValue(value));
            }
        });
        table.print(terminal);
        node.properties()
                .string("text")
                .ifPresent(text -> text.lines().forEach(line -> terminal.line("  " + Terminal.plain(line))));
        Table list = new Table().text("", Style.YELLOW).text("", Style.FAINT).number("", Style.PLAIN);
        for (Edge edge : edges) {
            boolean leaves = edge.from().equals(node.id());
            list.row(
                    leaves ? edge.type() + " →" : "← " + edge.type(),
                    (leaves ? edge.to() : edge.from()).toString(),
                    String.format(Locale.ROOT, "%.2f", edge.weight()));
        }
        if (!edges.isEmpty()) {
            list.print(terminal);
        }
    }

    private static Map<String, Object> json(Edge edge) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("id", edge.id().toString());
        json.put("from", edge.from().toString());
        json.put("type", edge.type());
        json.put("to", edge.to().toString());
        json.put("weight", edge.weight());
        return json;
    }
}
