package io.contextdb.cli.inspect;

import io.contextdb.cli.Contextdb;
import io.contextdb.cli.ExitCode;
import io.contextdb.cli.NodeId;
import io.contextdb.cli.OpenNamespace;
import io.contextdb.cli.output.Style;
import io.contextdb.cli.output.Table;
import io.contextdb.spi.graph.Node;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code history}: every version of a node. */
@Command(name = "history", description = "Show every version of a node, oldest first.")
public final class HistoryCommand implements Callable<Integer> {
    @ParentCommand
    @SuppressWarnings("NullAway.Init")
    private Contextdb root;

    @Parameters(paramLabel = "ID", description = "The node.")
    private String id = "";

    @Override
    public Integer call() {
        UUID wanted = NodeId.parse(id);
        List<Node> versions;
        try (OpenNamespace open = root.openToLook();
                Stream<Node> history = open.namespace().graph().history(wanted)) {
            versions = history.toList();
        }
        if (root.json()) {
            root.printJson(Map.of(
                    "id",
                    wanted.toString(),
                    "versions",
                    versions.stream().map(NodeView::json).toList()));
        } else if (versions.isEmpty()) {
            root.terminal().note("nothing was found");
        } else {
            print(versions);
        }
        return versions.isEmpty() ? ExitCode.NOTHING_FOUND : ExitCode.OK;
    }

    private void print(List<Node> versions) {
        Table table = new Table()
                .number("version", Style.BOLD)
                .text("known", Style.FAINT)
                .text("valid", Style.PLAIN)
                .number("confidence", Style.PLAIN)
                .text("what", Style.PLAIN);
        for (Node node : versions) {
            table.row(
                    Long.toString(node.version()),
                    NodeView.shown(node.revision().transaction()),
                    NodeView.shown(node.validity()),
                    String.format(Locale.ROOT, "%.3f", node.confidence()),
                    node.revision().retracted()
                            ? "retracted: " + node.revision().retraction()
                            : NodeView.summary(node));
        }
        table.print(root.terminal());
    }
}
