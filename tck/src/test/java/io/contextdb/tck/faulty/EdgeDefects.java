package io.contextdb.tck.faulty;

import static io.contextdb.tck.faulty.Defect.of;
import static io.contextdb.tck.faulty.Defect.remembering;
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
import io.contextdb.spi.graph.Source;
import io.contextdb.spi.graph.WalkQuery;
import io.contextdb.spi.graph.WalkStep;
import io.contextdb.spi.graph.WalkStrategy;
import io.contextdb.spi.value.AsOf;
import io.contextdb.spi.value.CommitToken;
import io.contextdb.spi.value.Interval;
import io.contextdb.spi.value.PropertyMap;
import io.contextdb.spi.write.GraphMutation;
import io.contextdb.spi.write.MutationResult;
import io.contextdb.spi.write.WriteReceipt;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Mistakes with edges, sources and walks. */
final class EdgeDefects {
    private EdgeDefects() {}

    static List<Defect> all() {
        List<Defect> all = new ArrayList<>(edges());
        all.addAll(sources());
        all.addAll(walks());
        return all;
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
                                EdgeDefects::pretended)),
                of(
                        "edge-ends-change",
                        "The end points of an edge may change.",
                        "N7",
                        quiet(
                                "apply",
                                InvalidRequestException.class,
                                failed -> failed.field().equals("edge"),
                                EdgeDefects::pretended)),
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
                        asked("graph.edges", AsOf.class, NodeDefects::justBefore)),
                of(
                        "edge-known-axis-ignored",
                        "Lists of edges ignore what was known.",
                        "N7 N3",
                        asked("graph.edges", AsOf.class, NodeDefects::asKnownNow)),
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
                                EdgeDefects::pretended)),
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

    private static WriteReceipt pretended(Call call) {
        List<MutationResult> results = call.batch().mutations().stream()
                .<MutationResult>map(mutation -> new MutationResult.Written(1))
                .toList();
        return new WriteReceipt(call.batch().operationId(), results, CommitToken.NONE, Instant.now());
    }

    private static List<Defect> sources() {
        return List.of(
                of(
                        "credibility-without-prior",
                        "A source begins with Beta(0.5, 0.5).",
                        "N9",
                        seen(
                                Source.class,
                                source -> new Source(
                                        source.externalId(),
                                        source.labels(),
                                        source.properties(),
                                        source.alpha() - 0.5,
                                        source.beta() - 0.5))),
                of(
                        "evidence-times-ten",
                        "Evidence is weighed ten times.",
                        "N9",
                        replaced(
                                GraphMutation.AddEvidence.class,
                                add -> new GraphMutation.AddEvidence(
                                        add.externalId(),
                                        Math.min(1_000_000, 10 * add.alpha()),
                                        Math.min(1_000_000, 10 * add.beta())))),
                of(
                        "evidence-rounded",
                        "Evidence is kept in whole numbers.",
                        "N9",
                        replaced(
                                GraphMutation.AddEvidence.class,
                                add -> new GraphMutation.AddEvidence(
                                        add.externalId(), Math.rint(add.alpha()), Math.rint(add.beta())))),
                remembering(
                        "evidence-lost-under-concurrency",
                        "Evidence is read, added and written back without a lock.",
                        "N9 G13",
                        () -> {
                            AtomicInteger running = new AtomicInteger();
                            return in("apply", call -> {
                                if (!(call.batch().mutations().get(0) instanceof GraphMutation.AddEvidence)) {
                                    return call.proceed();
                                }
                                try {
                                    return running.incrementAndGet() == 1
                                            ? call.late().proceed()
                                            : pretended(call);
                                } finally {
                                    running.decrementAndGet();
                                }
                            });
                        }),
                remembering(
                        "source-put-resets-evidence",
                        "Putting a source takes its evidence back to the prior.",
                        "N9",
                        () -> {
                            Map<String, Source> put = new ConcurrentHashMap<>();
                            return call -> {
                                if (call.is("apply")
                                        && call.batch().mutations().get(0) instanceof GraphMutation.PutSource source) {
                                    NodeDefects.reader(call)
                                            .sources(NodeDefects.scope(call), List.of(source.externalId()))
                                            .forEach(old -> put.put(call.batch().namespace() + old.externalId(), old));
                                }
                                return call.is("graph.sources")
                                        ? Rewriting.within(call.proceed(), Source.class, source -> {
                                            Source before = put.get(call.scope().namespace() + source.externalId());
                                            return before == null
                                                    ? source
                                                    : new Source(
                                                            source.externalId(),
                                                            source.labels(),
                                                            source.properties(),
                                                            source.alpha() - before.alpha() + 1,
                                                            source.beta() - before.beta() + 1);
                                        })
                                        : call.proceed();
                            };
                        }),
                of(
                        "source-labels-lost",
                        "Labels of sources are not stored.",
                        "N9",
                        replaced(
                                GraphMutation.PutSource.class,
                                put -> new GraphMutation.PutSource(
                                        put.externalId(), Collections.emptySortedSet(), put.properties()))),
                of(
                        "source-properties-lost",
                        "Properties of sources are not stored.",
                        "N9",
                        replaced(
                                GraphMutation.PutSource.class,
                                put -> new GraphMutation.PutSource(
                                        put.externalId(), put.labels(), PropertyMap.empty()))),
                of(
                        "sources-case-folded",
                        "External ids of sources are compared without case.",
                        "N9",
                        call -> call.is("graph.sources") && call.has(Collection.class)
                                ? call.rewriting(String.class, id -> id.toLowerCase(Locale.ROOT))
                                        .proceed()
                                : call.rewriting(
                                                GraphMutation.PutSource.class,
                                                put -> new GraphMutation.PutSource(
                                                        put.externalId().toLowerCase(Locale.ROOT),
                                                        put.labels(),
                                                        put.properties()))
                                        .rewriting(
                                                GraphMutation.AddEvidence.class,
                                                add -> new GraphMutation.AddEvidence(
                                                        add.externalId().toLowerCase(Locale.ROOT),
                                                        add.alpha(),
                                                        add.beta()))
                                        .proceed()),
                of(
                        "sources-unordered",
                        "Sources are listed in another order than by external id.",
                        "N9 G12",
                        in(
                                "graph.sources",
                                call -> call.has(Collection.class)
                                        ? call.proceed()
                                        : Rewriting.items(call.proceed(), List::reversed))),
                of(
                        "evidence-needs-a-source",
                        "Evidence about a source that was never put is lost.",
                        "N9",
                        in(
                                "apply",
                                call -> call.batch().mutations().get(0) instanceof GraphMutation.AddEvidence add
                                                && NodeDefects.reader(call)
                                                        .sources(NodeDefects.scope(call), List.of(add.externalId()))
                                                        .isEmpty()
                                        ? pretended(call)
                                        : call.proceed())));
    }

    private static WalkQuery walk(
            WalkQuery q, int depth, int limit, double minWeight, AsOf asOf, WalkStrategy strategy) {
        return new WalkQuery(q.seeds(), q.direction(), q.types(), minWeight, depth, limit, asOf, strategy);
    }

    private static Defect asking(String id, String sentence, UnaryOperator<WalkQuery> change) {
        return of(id, sentence, "N8", asked("graph.walk", WalkQuery.class, change));
    }

    private static Defect stepping(String id, String sentence, UnaryOperator<List<WalkStep>> change) {
        return of(id, sentence, "N8", listed("graph.walk", change));
    }

    private static List<Defect> walks() {
        return List.of(
                asking(
                        "walk-one-hop-too-far",
                        "A walk goes one hop further than asked.",
                        q -> walk(q, Math.min(64, q.maxDepth() + 1), q.limit(), q.minWeight(), q.asOf(), q.strategy())),
                asking(
                        "walk-one-hop-short",
                        "A walk counts the seeds as its first hop.",
                        q -> walk(q, Math.max(0, q.maxDepth() - 1), q.limit(), q.minWeight(), q.asOf(), q.strategy())),
                asking(
                        "walk-depth-zero-is-default",
                        "A depth of 0 is taken for none, and becomes 3.",
                        q -> walk(
                                q,
                                q.maxDepth() == 0 ? 3 : q.maxDepth(),
                                q.limit(),
                                q.minWeight(),
                                q.asOf(),
                                q.strategy())),
                asking(
                        "walk-limit-off-by-one",
                        "A walk returns one node more than its limit.",
                        q -> walk(
                                q,
                                q.maxDepth(),
                                Math.min(10_000, q.limit() + 1),
                                q.minWeight(),
                                q.asOf(),
                                q.strategy())),
                asking(
                        "walk-limit-ignored",
                        "A walk ignores its limit.",
                        q -> walk(q, q.maxDepth(), 10_000, q.minWeight(), q.asOf(), q.strategy())),
                asking(
                        "walk-minimum-excluded",
                        "Paths of exactly the minimum weight end.",
                        q -> walk(
                                q,
                                q.maxDepth(),
                                q.limit(),
                                q.minWeight() == 0 ? 0 : Math.min(1, Math.nextUp(q.minWeight())),
                                q.asOf(),
                                q.strategy())),
                asking(
                        "walk-minimum-ignored",
                        "A walk ignores its minimum weight.",
                        q -> walk(q, q.maxDepth(), q.limit(), 0, q.asOf(), q.strategy())),
                asking(
                        "walk-decay-ignored",
                        "A decaying walk does not decay.",
                        q -> walk(
                                q,
                                q.maxDepth(),
                                q.limit(),
                                q.minWeight(),
                                q.asOf(),
                                q.strategy() instanceof WalkStrategy.Decay
                                        ? new WalkStrategy.BreadthFirst()
                                        : q.strategy())),
                asking(
                        "walk-beam-ignored",
                        "A beam follows everything.",
                        q -> walk(
                                q,
                                q.maxDepth(),
                                q.limit(),
                                q.minWeight(),
                                q.asOf(),
                                q.strategy() instanceof WalkStrategy.Beam
                                        ? new WalkStrategy.BreadthFirst()
                                        : q.strategy())),
                asking(
                        "walk-beam-off-by-one",
                        "A beam keeps one node more than its width.",
                        q -> walk(
                                q,
                                q.maxDepth(),
                                q.limit(),
                                q.minWeight(),
                                q.asOf(),
                                q.strategy() instanceof WalkStrategy.Beam beam
                                        ? new WalkStrategy.Beam(Math.min(10_000, beam.width() + 1))
                                        : q.strategy())),
                asking(
                        "walk-time-ignored",
                        "A walk always sees what holds now.",
                        q -> walk(q, q.maxDepth(), q.limit(), q.minWeight(), AsOf.now(), q.strategy())),
                asking(
                        "walk-known-axis-ignored",
                        "A walk ignores what was known.",
                        q -> walk(
                                q,
                                q.maxDepth(),
                                q.limit(),
                                q.minWeight(),
                                NodeDefects.asKnownNow(q.asOf()),
                                q.strategy())),
                asking(
                        "walk-valid-axis-ignored",
                        "A walk takes what was known for what was valid.",
                        q -> walk(
                                q,
                                q.maxDepth(),
                                q.limit(),
                                q.minWeight(),
                                q.asOf().knownAt().map(AsOf::at).orElse(q.asOf()),
                                q.strategy())),
                asking(
                        "walk-direction-ignored",
                        "A walk follows edges both ways.",
                        q -> new WalkQuery(
                                q.seeds(),
                                Direction.BOTH,
                                q.types(),
                                q.minWeight(),
                                q.maxDepth(),
                                q.limit(),
                                q.asOf(),
                                q.strategy())),
                asking(
                        "walk-types-ignored",
                        "A walk follows edges of every type.",
                        q -> new WalkQuery(
                                q.seeds(),
                                q.direction(),
                                List.of(),
                                q.minWeight(),
                                q.maxDepth(),
                                q.limit(),
                                q.asOf(),
                                q.strategy())),
                asking(
                        "walk-first-seed-only",
                        "A walk starts from its first seed only.",
                        q -> new WalkQuery(
                                q.seeds().isEmpty() ? q.seeds() : q.seeds().subList(0, 1),
                                q.direction(),
                                q.types(),
                                q.minWeight(),
                                q.maxDepth(),
                                q.limit(),
                                q.asOf(),
                                q.strategy())),
                stepping(
                        "walk-without-seeds",
                        "A walk does not return its seeds.",
                        steps -> steps.stream().filter(step -> step.depth() > 0).toList()),
                stepping(
                        "walk-by-weight-alone",
                        "A walk is ordered by path weight, whatever the depth.",
                        steps -> steps.stream()
                                .sorted(Comparator.comparingDouble(WalkStep::pathWeight)
                                        .reversed()
                                        .thenComparing(
                                                step -> step.node().id(), io.contextdb.spi.value.UuidOrder.INSTANCE))
                                .toList()),
                stepping(
                        "walk-weight-of-last-edge",
                        "The path weight is the weight of the last edge.",
                        steps -> steps.stream()
                                .map(step -> step.reachedBy()
                                        .map(edge -> WalkStep.reached(step.node(), step.depth(), edge.weight(), edge))
                                        .orElse(step))
                                .toList()),
                stepping(
                        "walk-weight-single",
                        "Path weights are computed with 32 bits.",
                        steps -> steps.stream()
                                .map(step -> step.reachedBy()
                                        .map(edge -> WalkStep.reached(
                                                step.node(), step.depth(), (float) step.pathWeight(), edge))
                                        .orElse(step))
                                .toList()),
                stepping(
                        "walk-ties-by-hash",
                        "Nodes of the same depth and weight come in the order of their hashes.",
                        steps -> steps.stream()
                                .sorted(Comparator.comparingInt(WalkStep::depth)
                                        .thenComparing(Comparator.comparingDouble(WalkStep::pathWeight)
                                                .reversed())
                                        .thenComparing(step -> step.node().id().hashCode()))
                                .toList()),
                of(
                        "walk-cut-before-order",
                        "The limit cuts the walk in the order of discovery, not of the result.",
                        "N8",
                        in("graph.walk", call -> {
                            WalkQuery q = call.argument(WalkQuery.class);
                            List<WalkStep> all = new ArrayList<>(call.with(
                                            WalkQuery.class,
                                            walk(q, q.maxDepth(), 10_000, q.minWeight(), q.asOf(), q.strategy()))
                                    .<WalkStep>list());
                            all.sort(Comparator.comparing(step ->
                                    step.node().revision().transaction().from().toString()
                                            + step.node().id()));
                            return all.stream()
                                    .limit(q.limit())
                                    .sorted(WalkStep.ORDER)
                                    .toList();
                        })),
                of(
                        "walk-passes-through-the-retracted",
                        "A walk passes through nodes that do not hold, though it does not return them.",
                        "N8",
                        call -> {
                            if (call.is("graph.walk")) {
                                List<WalkStep> steps =
                                        java.util.Objects.requireNonNull((List<WalkStep>) call.byDefault());
                                AsOf asOf = call.argument(WalkQuery.class).asOf();
                                Set<UUID> holding = new HashSet<>();
                                call.healthy()
                                        .graph()
                                        .get(
                                                call.scope(),
                                                steps.stream()
                                                        .map(step -> step.node().id())
                                                        .toList(),
                                                asOf)
                                        .forEach(node -> holding.add(node.id()));
                                return steps.stream()
                                        .filter(step ->
                                                holding.contains(step.node().id()))
                                        .toList();
                            }
                            return call.is("graph.get") && call.has(AsOf.class) && inWalk()
                                    ? call.healthy().graph().get(call.scope(), call.argument(Collection.class))
                                    : call.proceed();
                        }),
                of(
                        "walk-ties-by-larger-edge",
                        "Of several edges of the same weight the one with the larger id counts.",
                        "N8",
                        in("graph.walk", call -> {
                            List<WalkStep> steps = call.list();
                            WalkQuery q = call.argument(WalkQuery.class);
                            return steps.stream()
                                    .map(step -> largest(call, q, step))
                                    .toList();
                        })));
    }

    private static boolean inWalk() {
        return StackWalker.getInstance()
                .walk(frames -> frames.anyMatch(frame -> frame.getMethodName().equals("byDefault")));
    }

    private static WalkStep largest(Call call, WalkQuery q, WalkStep step) {
        Edge by = step.reachedBy().orElse(null);
        if (by == null || q.direction() == Direction.BOTH) {
            return step;
        }
        UUID here = q.direction() == Direction.OUTGOING ? by.from() : by.to();
        @Nullable
        Edge other = call
                .healthy()
                .graph()
                .edges(
                        call.scope(),
                        new EdgeQuery(
                                List.of(here),
                                q.direction(),
                                q.types(),
                                q.asOf(),
                                io.contextdb.spi.value.PageRequest.first(10_000)))
                .items()
                .stream()
                .filter(edge ->
                        edge.from().equals(by.from()) && edge.to().equals(by.to()) && edge.weight() == by.weight())
                .max(Comparator.comparing(Edge::id, io.contextdb.spi.value.UuidOrder.INSTANCE))
                .orElse(by);
        return WalkStep.reached(step.node(), step.depth(), step.pathWeight(), other);
    }
}
