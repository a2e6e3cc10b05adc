package io.contextdb.tck.faulty;

import static io.contextdb.tck.faulty.Defect.of;
import static io.contextdb.tck.faulty.Fault.asked;
import static io.contextdb.tck.faulty.Fault.in;
import static io.contextdb.tck.faulty.Fault.listed;
import static io.contextdb.tck.faulty.Fault.quiet;
import static io.contextdb.tck.faulty.Fault.replaced;
import static io.contextdb.tck.faulty.Fault.seen;
import static io.contextdb.tck.faulty.Fault.written;

import io.contextdb.spi.error.ErrorCode;
import io.contextdb.spi.error.InvalidRequestException;
import io.contextdb.spi.graph.Direction;
import io.contextdb.spi.graph.Edge;
import io.contextdb.spi.graph.EdgeContent;
import io.contextdb.spi.graph.EdgeQuery;
import io.contextdb.spi.graph.Revision;
import io.contextdb.spi.value.AsOf;
import io.contextdb.spi.value.Interval;
import io.contextdb.spi.value.PropertyMap;
import io.contextdb.spi.write.GraphMutation;
import io.contextdb.spi.write.MutationResult;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/** Mistakes with edges. */
final class EdgeDefects {
    private EdgeDefects() {}

    static List<Defect> all() {
        return edges();
    }

    private static List<Defect> edges() {
        return List.of(
                of(
                        "edge-end-missing",
                        "An edge may point to a node that does not exist.",
                        "N7",
                        quiet(
                                "apply",
                                InvalidRequestException.class,
                                failed -> failed.code() == ErrorCode.NOT_FOUND
                                        && failed.field().startsWith("edge."),
                                call -> call.pretended(new MutationResult.Written(1)))),
                of(
                        "edge-ends-change",
                        "The end points of an edge may change.",
                        "N7",
                        quiet(
                                "apply",
                                InvalidRequestException.class,
                                failed -> failed.field().equals("edge"),
                                call -> call.pretended(new MutationResult.Written(1)))),
                of(
                        "last-write-wins-over-edges",
                        "Only the newest version of an edge is kept.",
                        "N7",
                        listed(
                                "graph.edgeHistory",
                                (List<Edge> versions) -> versions.isEmpty()
                                        ? versions
                                        : versions.subList(versions.size() - 1, versions.size()))),
                of(
                        "edge-weight-single",
                        "Weights of edges are kept with 32 bits.",
                        "N7",
                        written(EdgeContent.class, edge -> edge.withWeight((float) edge.weight()))),
                of(
                        "edge-weight-zero-is-default",
                        "A weight of 0 is taken for none, and becomes 1.",
                        "N7",
                        written(EdgeContent.class, edge -> edge.weight() == 0 ? edge.withWeight(1) : edge)),
                of(
                        "edge-type-case-folded",
                        "Types of edges are kept in lower case.",
                        "N7",
                        written(
                                EdgeContent.class,
                                edge -> new EdgeContent(
                                        edge.from(),
                                        edge.to(),
                                        edge.type().toLowerCase(Locale.ROOT),
                                        edge.weight(),
                                        edge.properties()))),
                of(
                        "edge-properties-lost",
                        "Properties of edges are not stored.",
                        "N7",
                        written(EdgeContent.class, edge -> edge.withProperties(PropertyMap.empty()))),
                of(
                        "edges-lightest-first",
                        "Edges are ordered by rising weight.",
                        "N7",
                        listed(
                                "graph.edges",
                                (List<Edge> list) -> list.stream()
                                        .sorted(Comparator.comparing(
                                                        Edge::type, io.contextdb.spi.value.CodePointOrder.INSTANCE)
                                                .thenComparing(Edge::weight)
                                                .thenComparing(Edge::id, io.contextdb.spi.value.UuidOrder.INSTANCE))
                                        .toList())),
                of(
                        "edge-ties-by-hash",
                        "Edges of the same type and weight come in the order of their hashes.",
                        "N7 G12",
                        listed(
                                "graph.edges",
                                (List<Edge> list) -> list.stream()
                                        .sorted(Comparator.comparing(
                                                        Edge::type, io.contextdb.spi.value.CodePointOrder.INSTANCE)
                                                .thenComparing(Comparator.comparing(Edge::weight)
                                                        .reversed())
                                                .thenComparing(edge -> edge.id().hashCode()))
                                        .toList())),
                of(
                        "edge-ties-by-node",
                        "Edges of the same type and weight come node by node.",
                        "N7 G12",
                        listed(
                                "graph.edges",
                                (List<Edge> list) -> list.stream()
                                        .sorted(Comparator.comparing(
                                                        Edge::type, io.contextdb.spi.value.CodePointOrder.INSTANCE)
                                                .thenComparing(Comparator.comparing(Edge::weight)
                                                        .reversed())
                                                .thenComparing(Edge::from, io.contextdb.spi.value.UuidOrder.INSTANCE)
                                                .thenComparing(Edge::id, io.contextdb.spi.value.UuidOrder.INSTANCE))
                                        .toList())),
                of(
                        "edge-types-ignored",
                        "Lists of edges ignore the types asked for.",
                        "N7",
                        asked("graph.edges", EdgeQuery.class, query -> query.types(List.of()))),
                of(
                        "edge-first-type-only",
                        "Lists of edges look at the first type asked for only.",
                        "N7",
                        asked(
                                "graph.edges",
                                EdgeQuery.class,
                                query -> query.types().isEmpty()
                                        ? query
                                        : query.types(query.types().subList(0, 1)))),
                of(
                        "edge-direction-ignored",
                        "Lists of edges have those of both directions.",
                        "N7",
                        asked(
                                "graph.edges",
                                EdgeQuery.class,
                                query -> new EdgeQuery(
                                        query.nodes(), Direction.BOTH, query.types(), query.asOf(), query.page()))),
                of(
                        "loops-twice",
                        "An edge from a node to itself is listed twice.",
                        "N7",
                        listed("graph.edges", (List<Edge> list) -> {
                            List<Edge> twice = new ArrayList<>();
                            list.forEach(edge ->
                                    twice.addAll(edge.from().equals(edge.to()) ? List.of(edge, edge) : List.of(edge)));
                            return twice;
                        })),
                of(
                        "edges-of-the-first-node",
                        "Of several nodes, only the edges of the first are listed.",
                        "N7",
                        asked(
                                "graph.edges",
                                EdgeQuery.class,
                                query -> query.nodes().isEmpty()
                                        ? query
                                        : new EdgeQuery(
                                                query.nodes().subList(0, 1),
                                                query.direction(),
                                                query.types(),
                                                query.asOf(),
                                                query.page()))),
                of(
                        "edge-validity-closed-at-its-end",
                        "An edge still holds at the instant at which its validity ends.",
                        "N2 N7",
                        asked("graph.edges", AsOf.class, TimeDefects::justBefore)),
                of(
                        "edge-known-axis-ignored",
                        "Lists of edges ignore what was known.",
                        "N7 N3",
                        asked("graph.edges", AsOf.class, TimeDefects::asKnownNow)),
                of(
                        "edge-time-ignored",
                        "Lists of edges always show what holds now.",
                        "N7 N3",
                        asked("graph.edges", AsOf.class, asOf -> AsOf.now())),
                of(
                        "edge-retraction-reason-lost",
                        "The reason of a retracted edge is not stored.",
                        "N5 N7",
                        replaced(
                                GraphMutation.RetractEdge.class,
                                retract ->
                                        new GraphMutation.RetractEdge(retract.id(), "retracted", retract.condition()))),
                of(
                        "edge-retraction-lengthens",
                        "Retracting an edge ends a validity now that had ended before.",
                        "N5 N7",
                        seen(
                                Edge.class,
                                edge -> edge.revision().retracted()
                                        ? new Edge(
                                                edge.id(),
                                                edge.content(),
                                                new Revision(
                                                        edge.version(),
                                                        Interval.from(edge.validity()
                                                                        .from())
                                                                .endingAt(edge.revision()
                                                                        .transaction()
                                                                        .from()),
                                                        edge.revision().transaction(),
                                                        edge.revision().retraction()))
                                        : edge)),
                of(
                        "retracting-an-absent-edge-succeeds",
                        "Retracting an edge that does not exist is no error.",
                        "N5 N7",
                        quiet(
                                "apply",
                                InvalidRequestException.class,
                                failed -> failed.field().startsWith("retractEdge"),
                                call -> call.pretended(new MutationResult.Written(1)))),
                of(
                        "edges-in-order-of-id",
                        "Edges are returned in the order of their ids, not as asked.",
                        "G12",
                        listed(
                                "graph.getEdges",
                                (List<Edge> list) -> list.stream()
                                        .sorted(Comparator.comparing(Edge::id))
                                        .toList())),
                of(
                        "edges-hide-with-their-nodes",
                        "Edges at a retracted node are not listed.",
                        "N7",
                        in(
                                "graph.edges",
                                call ->
                                        Rewriting.within(
                                                call.proceed(),
                                                Edge.class,
                                                edge -> call
                                                                .healthy()
                                                                .graph()
                                                                .get(call.scope(), List.of(edge.from(), edge.to()))
                                                                .stream()
                                                                .anyMatch(node -> node.revision()
                                                                        .retracted())
                                                        ? null
                                                        : edge))));
    }
}
