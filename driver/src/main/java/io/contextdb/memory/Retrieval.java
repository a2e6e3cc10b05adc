package io.contextdb.memory;

import io.contextdb.Namespace;
import io.contextdb.spi.error.ContextException;
import io.contextdb.spi.error.ContextTimeoutException;
import io.contextdb.spi.error.Outcome;
import io.contextdb.spi.error.UnsupportedCapabilityException;
import io.contextdb.spi.filter.Field;
import io.contextdb.spi.filter.Filter;
import io.contextdb.spi.graph.Direction;
import io.contextdb.spi.graph.Node;
import io.contextdb.spi.graph.WalkQuery;
import io.contextdb.spi.graph.WalkStep;
import io.contextdb.spi.value.Deadline;
import io.contextdb.spi.value.UuidOrder;
import io.contextdb.spi.vector.Hit;
import io.contextdb.spi.vector.TextQuery;
import io.contextdb.spi.vector.Vector;
import io.contextdb.spi.vector.VectorPoint;
import io.contextdb.spi.vector.VectorQuery;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One retrieval: vector and text legs side by side, then the walk; one bulk read of the candidates as they were at the query's
 * time, which also drops what an index knows better than the records; scores; cut. Not thread-safe.
 */
final class Retrieval {
    private static final int OVER_FETCH = 4;
    private static final int LEAST_POOL = 50;
    private static final int WALK_SEEDS = 5;
    private static final Duration GRACE = Duration.ofMillis(500);

    /** As many nodes as one read takes; of more candidates the best of the fused order count. */
    private static final int MOST_CANDIDATES = 10_000;

    private final Namespace namespace;
    private final Deadline deadline;
    private final MemorySettings settings;
    private final MemoryQuery query;
    private final Optional<Vector> vector;
    private final Instant at;
    private final int pool;
    private final List<LegReport> reports = new ArrayList<>();
    private final List<FutureTask<?>> legs = new ArrayList<>();
    private final RankFusion fusion = new RankFusion();
    private final Map<UUID, Double> similarities = new HashMap<>();

    Retrieval(Namespace namespace, MemorySettings settings, MemoryQuery query, Optional<Vector> vector, Instant now) {
        this.namespace = namespace;
        this.deadline = namespace.deadline();
        this.settings = settings;
        this.query = query;
        this.vector = vector;
        this.at = query.asOf().validAt().orElse(now);
        this.pool = Math.min(
                Math.max(LEAST_POOL, OVER_FETCH * query.k()),
                namespace.info().limits().k());
    }

    Recall run() {
        try {
            return recall();
        } finally {
            // Where one leg has failed, the others have nothing left to work for.
            legs.forEach(leg -> leg.cancel(true));
        }
    }

    private Recall recall() {
        FutureTask<List<Hit>> vectorLeg = start(this::searchVectors);
        FutureTask<List<Hit>> textLeg = start(this::searchText);
        List<Hit> byVector =
                vector.isEmpty() ? skipped(Leg.VECTOR, "the query has no vector") : join(Leg.VECTOR, vectorLeg);
        List<Hit> byText =
                query.text().isBlank() ? skipped(Leg.TEXT, "the query has no text") : join(Leg.TEXT, textLeg);
        byVector.forEach(hit -> similarities.put(hit.point().id(), hit.score()));
        fusion.add(Leg.VECTOR, ids(byVector));
        fusion.add(Leg.TEXT, ids(byText));
        walk();
        List<UUID> candidates = fusion.inOrder().stream().limit(MOST_CANDIDATES).toList();
        Map<UUID, Node> nodes = new HashMap<>();
        namespace.graph().get(candidates, query.asOf()).stream()
                .filter(query.filter()::matches)
                .forEach(node -> nodes.put(node.id(), node));
        Map<UUID, Vector> vectors = compare(nodes.keySet(), byText);
        ScoreWeights weights = query.weights().orElse(settings.mode().weights()).normalised();
        Scoring scoring = new Scoring(weights, settings.mode().decayPerHour(), at);
        List<Recollection> scored = new ArrayList<>();
        nodes.forEach((id, node) -> {
            double similarity = similarities.getOrDefault(id, 0.0);
            scored.add(new Recollection(node, scoring.score(node, similarity), similarity, fusion.ranks(id)));
        });
        scored.sort(Comparator.comparingDouble(Recollection::score)
                .reversed()
                .thenComparing(found -> found.node().id(), UuidOrder.INSTANCE));
        List<Recollection> cut = query.diversity() > 0
                ? Diversity.pick(scored, vectors, query.diversity(), query.k())
                : scored.subList(0, Math.min(query.k(), scored.size()));
        return new Recall(cut, reports);
    }

    private List<Hit> searchVectors() {
        return vector.map(value -> {
                    VectorQuery nearest = VectorQuery.nearest(settings.space().name(), value, pool)
                            .where(indexFilter());
                    return namespace.vectors().search(query.exact() ? nearest.exactly() : nearest);
                })
                .orElse(List.of());
    }

    private List<Hit> searchText() {
        return query.text().isBlank()
                ? List.of()
                : namespace
                        .vectors()
                        .searchText(TextQuery.of(settings.space().name(), query.text(), pool)
                                .where(indexFilter()));
    }

    /**
     * What the indexes can leave out already. They hold the newest state only, so for a past state of knowledge they leave out
     * nothing by validity; and "now" is the store's, so the start of validity is left to the records.
     */
    private Filter indexFilter() {
        if (query.asOf().knownAt().isPresent()) {
            return query.filter();
        }
        Filter notOver = Filter.or(Filter.not(Filter.exists(Field.validTo())), Filter.gt(Field.validTo(), at));
        Filter holds = query.asOf().validAt().isPresent() ? Filter.validAt(at) : notOver;
        return query.filter() instanceof Filter.Everything ? holds : Filter.and(query.filter(), holds);
    }

    private void walk() {
        if (!query.walks()) {
            reports.add(new LegReport(Leg.WALK, LegReport.Status.NOT_RUN, 0, "the query leaves the graph out"));
            return;
        }
        Set<UUID> seeds = new LinkedHashSet<>(query.seeds());
        fusion.inOrder().stream().limit(WALK_SEEDS).forEach(seeds::add);
        if (seeds.isEmpty()) {
            reports.add(new LegReport(Leg.WALK, LegReport.Status.NOT_RUN, 0, "there is nothing to start from"));
            return;
        }
        WalkQuery walk = WalkQuery.from(seeds)
                .direction(Direction.BOTH)
                .maxDepth(settings.mode().depth())
                .strategy(settings.mode().strategy())
                .asOf(query.asOf())
                .limit(pool + seeds.size())
                .build();
        FutureTask<List<WalkStep>> task = start(() -> namespace.graph().walk(walk));
        List<UUID> reached = join(Leg.WALK, task).stream()
                .filter(step ->
                        step.depth() > 0 || query.seeds().contains(step.node().id()))
                .filter(step -> query.filter().matches(step.node()))
                .map(step -> step.node().id())
                .toList();
        fusion.add(Leg.WALK, reached);
    }

    /** Gives every candidate a similarity, whichever leg found it, and returns the vectors that diversity needs. */
    private Map<UUID, Vector> compare(Set<UUID> ids, List<Hit> byText) {
        Map<UUID, Vector> vectors = new HashMap<>();
        if (vector.isEmpty()) {
            double best = byText.isEmpty() ? 1 : byText.get(0).score();
            byText.forEach(hit -> similarities.put(hit.point().id(), best > 0 ? hit.score() / best : 0));
        }
        List<UUID> wanted = ids.stream()
                .filter(id -> query.diversity() > 0 || (vector.isPresent() && !similarities.containsKey(id)))
                .toList();
        for (VectorPoint point : wanted.isEmpty()
                ? List.<VectorPoint>of()
                : namespace.vectors().get(settings.space().name(), wanted)) {
            point.vector().ifPresent(other -> {
                vectors.put(point.id(), other);
                vector.ifPresent(asked -> similarities.putIfAbsent(
                        point.id(), settings.space().metric().similarity(asked, other)));
            });
        }
        return vectors;
    }

    private <T> FutureTask<T> start(Supplier<T> leg) {
        FutureTask<T> task = new FutureTask<>(leg::get);
        legs.add(task);
        Thread.ofVirtual().name("contextdb-retrieve").start(task);
        return task;
    }

    private <T> List<T> skipped(Leg leg, String why) {
        reports.add(new LegReport(leg, LegReport.Status.NOT_RUN, 0, why));
        return List.of();
    }

    private <T> List<T> join(Leg leg, FutureTask<List<T>> task) {
        try {
            // A leg ends by the deadline itself, and says more of it then.
            List<T> found = task.get(deadline.remaining().plus(GRACE).toNanos(), TimeUnit.NANOSECONDS);
            reports.add(new LegReport(leg, LegReport.Status.DONE, found.size(), ""));
            return found;
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new ContextTimeoutException("retrieve: the thread was interrupted", Outcome.NOT_APPLIED, interrupted);
        } catch (TimeoutException late) {
            return failed(
                    leg,
                    new ContextTimeoutException(
                            "retrieve: the " + leg + " leg did not end by the deadline", Outcome.NOT_APPLIED, late));
        } catch (ExecutionException failed) {
            return failed(leg, failed.getCause());
        }
    }

    private <T> List<T> failed(Leg leg, @Nullable Throwable cause) {
        if (cause instanceof UnsupportedCapabilityException missing) {
            reports.add(new LegReport(leg, LegReport.Status.NOT_OFFERED, 0, String.valueOf(missing.getMessage())));
            return List.of();
        }
        if (query.partial() && cause instanceof ContextException known) {
            reports.add(new LegReport(leg, LegReport.Status.FAILED, 0, String.valueOf(known.getMessage())));
            return List.of();
        }
        if (cause instanceof RuntimeException error) {
            throw error;
        }
        throw new IllegalStateException("the " + leg + " leg failed", cause);
    }

    private static List<UUID> ids(List<Hit> hits) {
        return hits.stream().map(hit -> hit.point().id()).toList();
    }
}
