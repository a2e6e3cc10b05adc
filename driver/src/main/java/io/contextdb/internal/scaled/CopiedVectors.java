package io.contextdb.internal.scaled;

import io.contextdb.spi.error.ContextException;
import io.contextdb.spi.filter.Filter;
import io.contextdb.spi.journal.Candidates;
import io.contextdb.spi.journal.Journal;
import io.contextdb.spi.journal.Projection;
import io.contextdb.spi.journal.Tail;
import io.contextdb.spi.journal.VersionedPoint;
import io.contextdb.spi.value.Deadline;
import io.contextdb.spi.value.Page;
import io.contextdb.spi.value.PageRequest;
import io.contextdb.spi.value.ReadScope;
import io.contextdb.spi.vector.Hit;
import io.contextdb.spi.vector.Metric;
import io.contextdb.spi.vector.TextQuery;
import io.contextdb.spi.vector.Vector;
import io.contextdb.spi.vector.VectorPoint;
import io.contextdb.spi.vector.VectorQuery;
import io.contextdb.spi.vector.VectorReader;
import io.contextdb.spi.vector.VectorSpace;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * Reads of vectors where a copy finds the nearest. The copy only names candidates; what has changed since its watermark is added to
 * them, and the source says what each is now: whether it is there, matches, and how near it is. So no answer is older than the
 * source, and no point of the past, or of another namespace, is ever an answer. Everything else, and whatever the copy cannot do at
 * present, the source answers.
 */
final class CopiedVectors implements VectorReader {
    /** With more changes than these to look through, the source is faster. */
    private static final int MOST_CHANGED = 2_000;

    private static final int MOST_CANDIDATES = 10_000;
    /** A copy that needs longer is asked again later; no search waits for it as long as its deadline lets it. */
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private final VectorReader source;
    private final Journal journal;
    private final Projection projection;
    private final Standing standing;

    CopiedVectors(VectorReader source, Journal journal, Projection projection, Standing standing) {
        this.source = source;
        this.journal = journal;
        this.projection = projection;
        this.standing = standing;
    }

    @Override
    public List<List<Hit>> search(ReadScope scope, List<VectorQuery> queries) {
        List<List<Hit>> all = new ArrayList<>();
        for (VectorQuery query : queries) {
            all.add(search(scope, query));
        }
        return all;
    }

    private List<Hit> search(ReadScope scope, VectorQuery query) {
        Optional<Standing.Place> place = query.exact() ? Optional.empty() : standing.place(scope.deadline());
        if (place.isPresent()) {
            Tail tail = journal.tail(scope, query.space(), place.get().position(), MOST_CHANGED);
            boolean known = tail.line().equals(place.get().line());
            if (known && tail.points().size() < MOST_CHANGED) {
                Set<UUID> changed = new HashSet<>(tail.points());
                changed.addAll(place.get().dead().getOrDefault(tail.space().id(), Set.of()));
                Optional<List<Hit>> hits = near(scope, query, place.get().incarnation(), tail, changed);
                if (hits.isPresent()) {
                    return hits.get();
                }
            }
        }
        return source.search(scope, List.of(query)).get(0);
    }

    /** Asks for more until there are enough, or the copy has no more; empty if it cannot answer. */
    private Optional<List<Hit>> near(
            ReadScope scope, VectorQuery query, String incarnation, Tail tail, Set<UUID> changed) {
        VectorSpace space = tail.space().space();
        boolean noAngle = space.metric() == Metric.COSINE && query.vector().isZero();
        if (noAngle || space.dimensions() != query.vector().dimensions()) {
            // The source says what is wrong with it.
            return Optional.empty();
        }
        int asked = query.k() + changed.size();
        while (asked <= MOST_CANDIDATES) {
            Optional<List<UUID>> candidates = candidates(tail, query, asked, incarnation, scope.deadline());
            if (candidates.isEmpty()) {
                return Optional.empty();
            }
            Set<UUID> ids = new LinkedHashSet<>(candidates.get());
            boolean ended = ids.size() < asked;
            ids.addAll(changed);
            List<Hit> hits = judged(tail, query, ids, scope.deadline());
            long unchanged = hits.stream()
                    .filter(hit -> !changed.contains(hit.point().id()))
                    .count();
            if (ended || unchanged >= query.k()) {
                return Optional.of(hits.subList(0, Math.min(query.k(), hits.size())));
            }
            asked *= 4;
        }
        return Optional.empty();
    }

    /** The rest of the time is the source's, should the copy not answer, or have lost what its watermark tells of. */
    private Optional<List<UUID>> candidates(
            Tail tail, VectorQuery query, int k, String incarnation, Deadline deadline) {
        VectorQuery more = new VectorQuery(query.space(), query.vector(), k, query.filter(), false, false);
        try {
            Deadline share = Share.of(deadline, PATIENCE);
            Candidates answer = projection.candidates(tail.space(), List.of(more), share);
            if (answer.incarnation().equals(incarnation)) {
                return Optional.of(answer.found().get(0));
            }
        } catch (ContextException failed) {
            deadline.check("vectors.search");
        }
        standing.failed();
        return Optional.empty();
    }

    private List<Hit> judged(Tail tail, VectorQuery query, Collection<UUID> ids, Deadline deadline) {
        List<Hit> hits = new ArrayList<>();
        List<UUID> all = List.copyOf(ids);
        for (int from = 0; from < all.size(); from += PageRequest.MAX_LIMIT) {
            List<UUID> some = all.subList(from, Math.min(all.size(), from + PageRequest.MAX_LIMIT));
            for (VersionedPoint found : journal.points(tail.space().id(), some, deadline)) {
                VectorPoint point = found.point();
                Optional<Vector> vector = point.vector();
                if (vector.isPresent() && query.filter().matches(point)) {
                    double score = tail.space().space().metric().similarity(query.vector(), vector.get());
                    hits.add(new Hit(query.withVectors() ? point : point.withoutVector(), score));
                }
            }
        }
        hits.sort(Hit.ORDER);
        return hits;
    }

    @Override
    public List<VectorSpace> spaces(ReadScope scope) {
        return source.spaces(scope);
    }

    @Override
    public List<List<Hit>> searchText(ReadScope scope, List<TextQuery> queries) {
        return source.searchText(scope, queries);
    }

    @Override
    public List<VectorPoint> get(ReadScope scope, String space, Collection<UUID> ids) {
        return source.get(scope, space, ids);
    }

    @Override
    public Page<VectorPoint> scroll(ReadScope scope, String space, Filter filter, PageRequest page) {
        return source.scroll(scope, space, filter, page);
    }

    @Override
    public long count(ReadScope scope, String space, Filter filter) {
        return source.count(scope, space, filter);
    }
}
