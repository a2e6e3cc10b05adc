package io.contextdb.tck.faulty;

import static io.contextdb.tck.faulty.Defect.of;
import static io.contextdb.tck.faulty.Fault.asked;
import static io.contextdb.tck.faulty.Fault.in;
import static io.contextdb.tck.faulty.Fault.listed;

import io.contextdb.spi.graph.Direction;
import io.contextdb.spi.graph.Edge;
import io.contextdb.spi.graph.EdgeQuery;
import io.contextdb.spi.graph.WalkQuery;
import io.contextdb.spi.graph.WalkStep;
import io.contextdb.spi.graph.WalkStrategy;
import io.contextdb.spi.value.AsOf;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Mistakes with walks. */
final class WalkDefects {
    private WalkDefects() {}

    static List<Defect> all() {
        return walks();
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
                                TimeDefects.asKnownNow(q.asOf()),
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
                                List<WalkStep> steps = call.byDefault();
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
                                    ? call.healthy().graph().get(call.scope(), call.asked(UUID.class))
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
