package io.contextdb.cli.inspect;

import io.contextdb.cli.Contextdb;
import io.contextdb.cli.ExitCode;
import io.contextdb.cli.NodeId;
import io.contextdb.cli.OpenNamespace;
import io.contextdb.cli.PointInTime;
import io.contextdb.cli.output.Style;
import io.contextdb.cli.output.Table;
import io.contextdb.spi.graph.Direction;
import io.contextdb.spi.graph.Edge;
import io.contextdb.spi.graph.WalkQuery;
import io.contextdb.spi.graph.WalkStep;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code walk}: what is around a node. */
@Command(name = "walk", description = "Follow edges from a node.")
public final class WalkCommand implements Callable<Integer> {
    @ParentCommand
    @SuppressWarnings("NullAway.Init")
    private Contextdb root;

    @Parameters(paramLabel = "ID", description = "Where to begin.")
    private String id = "";

    @Option(names = "--depth", paramLabel = "N", description = "Hops, 0 to 64; default ${DEFAULT-VALUE}.")
    private int depth = 2;

    @Option(names = "--limit", paramLabel = "N", description = "Most nodes; default ${DEFAULT-VALUE}.")
    private int limit = 50;

    @Option(names = "--direction", paramLabel = "WAY", description = "${COMPLETION-CANDIDATES}; default outgoing.")
    private Direction direction = Direction.OUTGOING;

    @Option(names = "--type", paramLabel = "TYPE", description = "Only edges of this type; may be repeated.")
    private List<String> types = List.of();

    @Option(names = "--as-of", paramLabel = "TIME", description = "As it was known at a day or instant.")
    private String asOf = "";

    @Override
    public Integer call() {
        WalkQuery query = WalkQuery.from(NodeId.parse(id))
                .direction(direction)
                .types(types.toArray(String[]::new))
                .maxDepth(depth)
                .limit(limit)
                .asOf(PointInTime.parse(asOf))
                .build();
        List<WalkStep> steps;
        try (OpenNamespace open = root.openToLook()) {
            steps = open.namespace().graph().walk(query);
        }
        if (root.json()) {
            root.printJson(Map.of("steps", steps.stream().map(WalkCommand::json).toList()));
        } else if (steps.isEmpty()) {
            root.terminal().note("nothing was found");
        } else {
            print(steps);
        }
        return steps.isEmpty() ? ExitCode.NOTHING_FOUND : ExitCode.OK;
    }

    private void print(List<WalkStep> steps) {
        Table table = new Table()
                .number("hops", Style.BOLD)
                .number("weight", Style.PLAIN)
                .text("by", Style.YELLOW)
                .text("node", Style.FAINT)
                .text("labels", Style.CYAN)
                .text("what", Style.PLAIN);
        for (WalkStep step : steps) {
            table.row(
                    Integer.toString(step.depth()),
                    String.format(Locale.ROOT, "%.2f", step.pathWeight()),
                    step.reachedBy().map(Edge::type).orElse(""),
                    step.node().id().toString(),
                    String.join(", ", step.node().labels()),
                    NodeView.summary(step.node()));
        }
        table.print(root.terminal());
    }

    private static Map<String, @Nullable Object> json(WalkStep step) {
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("depth", step.depth());
        json.put("pathWeight", step.pathWeight());
        json.put("reachedBy", step.reachedBy().map(Edge::type).orElse(null));
        json.put("node", NodeView.json(step.node()));
        return json;
    }
}
