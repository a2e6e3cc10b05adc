package io.contextdb.tck.faulty;

import static io.contextdb.tck.faulty.Defect.of;
import static io.contextdb.tck.faulty.Fault.hidden;
import static io.contextdb.tck.faulty.Fault.in;
import static io.contextdb.tck.faulty.Fault.listed;
import static io.contextdb.tck.faulty.Fault.quiet;
import static io.contextdb.tck.faulty.Fault.seen;

import io.contextdb.spi.error.InvalidRequestException;
import io.contextdb.spi.graph.Node;
import io.contextdb.spi.graph.NodeChange;
import io.contextdb.spi.value.Page;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;

/** Mistakes with diffs and scans. */
final class DiffDefects {
    private static final Instant BEGINNING = Instant.parse("0001-01-01T00:00:00Z");

    private DiffDefects() {}

    static List<Defect> all() {
        return diffs();
    }

    private static List<Defect> diffs() {
        return List.of(
                of(
                        "diff-includes-its-start",
                        "A diff reports what happened at its first instant.",
                        "N11",
                        in(
                                "graph.diff",
                                call -> call.with(
                                                Instant.class,
                                                call.argument(Instant.class).minusNanos(1_000))
                                        .proceed())),
                of(
                        "diff-without-retractions",
                        "A diff reports retractions as changes.",
                        "N11",
                        seen(
                                "graph.diff",
                                NodeChange.class,
                                change -> change.kind() == NodeChange.Kind.RETRACTED
                                        ? NodeChange.of(
                                                NodeChange.Kind.CHANGED,
                                                change.node().orElseThrow())
                                        : change)),
                of(
                        "diff-without-erasures",
                        "A diff leaves out what was erased.",
                        "N11",
                        hidden("graph.diff", NodeChange.class, change -> change.kind() == NodeChange.Kind.ERASED)),
                of(
                        "diff-of-added-as-changed",
                        "A diff reports a new node that has several versions as changed.",
                        "N11",
                        seen(
                                "graph.diff",
                                NodeChange.class,
                                change -> change.kind() == NodeChange.Kind.ADDED
                                                && change.node().orElseThrow().version() > 1
                                        ? NodeChange.of(
                                                NodeChange.Kind.CHANGED,
                                                change.node().orElseThrow())
                                        : change)),
                of(
                        "diff-shows-the-present",
                        "A diff shows nodes as they are now, not as they were at its end.",
                        "N11",
                        in(
                                "graph.diff",
                                call -> Rewriting.within(
                                        call.proceed(),
                                        Node.class,
                                        node -> call.healthy().graph().get(call.scope(), List.of(node.id())).stream()
                                                .findFirst()
                                                .orElse(node)))),
                of(
                        "diff-by-time",
                        "A diff is ordered by time.",
                        "N11",
                        listed("graph.diff", (List<NodeChange> changes) -> {
                            Set<UUID> erased = new HashSet<>();
                            changes.stream()
                                    .filter(change -> change.node().isEmpty())
                                    .forEach(change -> erased.add(change.id()));
                            return changes.stream()
                                    .sorted(Comparator.comparing(change -> change.node()
                                            .map(node -> node.revision()
                                                    .transaction()
                                                    .from())
                                            .orElse(BEGINNING)))
                                    .toList();
                        })),
                of(
                        "diff-backwards-accepted",
                        "A diff whose end is before its start is empty, not refused.",
                        "N11",
                        quiet(
                                "graph.diff",
                                InvalidRequestException.class,
                                failed -> failed.field().equals("diff.to"),
                                call -> Page.last(List.of()))),
                of(
                        "node-scan-unordered",
                        "Scans return nodes in the order of their writing.",
                        "N11",
                        listed(
                                "graph.scan",
                                (List<Node> nodes) -> nodes.stream()
                                        .sorted(Comparator.comparing(node ->
                                                node.revision().transaction().from()))
                                        .toList())),
                of(
                        "scan-ids-signed",
                        "Scans order ids as signed numbers.",
                        "N11 G12",
                        listed(
                                "graph.scan",
                                (List<Node> nodes) -> nodes.stream()
                                        .sorted(Comparator.comparing(Node::id))
                                        .toList())));
    }
}
