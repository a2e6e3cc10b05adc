package io.contextdb.backend.embedded;

import io.contextdb.spi.filter.Filter;
import io.contextdb.spi.vector.Hit;
import io.contextdb.spi.vector.Vector;
import io.contextdb.spi.vector.VectorPoint;
import io.contextdb.spi.vector.VectorQuery;
import java.io.IOException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.UUID;

/**
 * Turns candidates into hits: each is read from the records, so that no hit shows what is gone or outdated, looked at by
 * the filter where the index could not say for certain, and scored anew. Where too few are left, more candidates are asked
 * for, until there are enough hits or no more candidates.
 */
final class PointHits {
    /** Beyond this, 32-bit scores may put two candidates in the wrong order. */
    private static final double NEAR = 1e-6;

    /** Asks the index for its best candidates. */
    interface Source {
        List<PointSearch.Candidate> best(int count) throws IOException;
    }

    private final RecordCache cache;
    private final Snapshot snapshot;
    private final IndexedSpace space;

    PointHits(RecordCache cache, Snapshot snapshot, IndexedSpace space) {
        this.cache = cache;
        this.snapshot = snapshot;
        this.space = space;
    }

    List<Hit> nearest(
            VectorQuery query,
            boolean scanned,
            FilterQuery filter,
            Map<UUID, Overlay.Entry> overlay,
            List<Hit> pending,
            Source index)
            throws IOException, SQLException {
        int count = query.k() + (scanned ? 8 : 0) + (filter.exact() ? 0 : 3 * query.k());
        while (true) {
            snapshot.deadline().check("vector search");
            List<PointSearch.Candidate> candidates = index.best(count);
            boolean all = candidates.size() < count;
            List<Hit> hits = new ArrayList<>(pending);
            Set<UUID> taken = new HashSet<>();
            pending.forEach(hit -> taken.add(hit.point().id()));
            double worst = Double.POSITIVE_INFINITY;
            int left = 0;
            for (PointSearch.Candidate candidate : candidates) {
                // What a refresh just moved from the overlay into the index is there already.
                Optional<Hit> hit = overlay.containsKey(candidate.id()) || !taken.add(candidate.id())
                        ? Optional.empty()
                        : hit(candidate.id(), query.filter(), filter.exact(), query.vector());
                if (hit.isPresent()) {
                    hits.add(hit.get());
                    worst = Math.min(worst, hit.get().score());
                    left++;
                }
            }
            hits.sort(Hit.ORDER);
            boolean enough = all
                    || (left >= query.k()
                            && (!scanned || hits.get(query.k() - 1).score() - worst > NEAR));
            if (enough) {
                return finished(hits, query);
            }
            count = (int) Math.min(Integer.MAX_VALUE / 2, 4L * count);
        }
    }

    private static List<Hit> finished(List<Hit> hits, VectorQuery query) {
        List<Hit> best = hits.size() > query.k() ? hits.subList(0, query.k()) : hits;
        return query.withVectors()
                ? List.copyOf(best)
                : best.stream()
                        .map(hit -> new Hit(hit.point().withoutVector(), hit.score()))
                        .toList();
    }

    /** Returns the pending points among which hits may be: the best k, scored as the records say. */
    List<Hit> pending(VectorQuery query, Map<UUID, Overlay.Entry> overlay, float[] comparable) throws SQLException {
        PriorityQueue<PointSearch.Candidate> best = new PriorityQueue<>(PointSearch.Candidate.WORST_FIRST);
        int most = query.k() + 8;
        for (Map.Entry<UUID, Overlay.Entry> entry : overlay.entrySet()) {
            float[] vector = entry.getValue().vector();
            VectorPoint point = entry.getValue().point();
            if (vector != null && point != null && query.filter().matches(point)) {
                float score = PointDocument.similarity(space.space().metric(), comparable, vector);
                best.add(new PointSearch.Candidate(entry.getKey(), score));
                if (best.size() > most) {
                    best.remove();
                }
            }
        }
        List<Hit> hits = new ArrayList<>();
        for (PointSearch.Candidate candidate : best) {
            hit(candidate.id(), query.filter(), false, query.vector()).ifPresent(hits::add);
        }
        return hits;
    }

    private Optional<Hit> hit(UUID id, Filter filter, boolean certain, Vector query) throws SQLException {
        return point(id)
                .filter(point -> certain || filter.matches(point))
                .flatMap(point -> point.vector()
                        .map(vector -> new Hit(point, space.space().metric().similarity(query, vector))));
    }

    private Optional<VectorPoint> point(UUID id) throws SQLException {
        RecordCache.Key key = RecordCache.Key.point(space, id);
        Optional<VectorPoint> cached = cache.point(key, snapshot.commit());
        if (cached.isPresent()) {
            return cached;
        }
        Optional<VectorPoint> read =
                snapshot.database().first(PointRows.BY_ID, PointRows::point, space.id(), Columns.of(id));
        read.ifPresent(point -> cache.put(key, point, snapshot.commit()));
        return read;
    }

    /** Returns the best k by the index's own scores, which the records have nothing to add to. */
    List<Hit> byScore(int k, Filter filter, boolean certain, Source index) throws IOException, SQLException {
        int count = certain ? k + 8 : 4 * k + 8;
        while (true) {
            snapshot.deadline().check("text search");
            List<PointSearch.Candidate> candidates = index.best(count);
            boolean all = candidates.size() < count;
            List<Hit> hits = new ArrayList<>();
            for (PointSearch.Candidate candidate : candidates) {
                point(candidate.id())
                        .filter(point -> certain || filter.matches(point))
                        .ifPresent(point -> hits.add(new Hit(point.withoutVector(), candidate.score())));
            }
            hits.sort(Hit.ORDER);
            boolean enough = all
                    || (hits.size() > k
                            && hits.get(k - 1).score()
                                    > candidates.get(candidates.size() - 1).score());
            if (enough) {
                return List.copyOf(hits.size() > k ? hits.subList(0, k) : hits);
            }
            count = (int) Math.min(Integer.MAX_VALUE / 2, 4L * count);
        }
    }

    /** Looks at every point in the records: slow and right, for when the index cannot be used. */
    List<Hit> scan(VectorQuery query) throws SQLException {
        PriorityQueue<Hit> best = new PriorityQueue<>(Hit.ORDER.reversed());
        snapshot.database()
                .each(
                        PointRows.AFTER,
                        row -> {
                            VectorPoint point = PointRows.point(row);
                            Optional<Vector> vector = point.vector();
                            if (vector.isPresent() && query.filter().matches(point)) {
                                best.add(new Hit(
                                        point, space.space().metric().similarity(query.vector(), vector.get())));
                                if (best.size() > query.k()) {
                                    best.remove();
                                }
                            }
                            return true;
                        },
                        space.id(),
                        new byte[0]);
        List<Hit> hits = new ArrayList<>(best);
        hits.sort(Hit.ORDER);
        return finished(hits, query);
    }
}
