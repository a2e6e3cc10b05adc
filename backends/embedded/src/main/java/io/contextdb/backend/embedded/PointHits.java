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
import org.jspecify.annotations.Nullable;

/**
 * Turns candidates into hits: each is read from the records, so that no hit shows what is gone or outdated, looked at by
 * the filter where the index could not say for certain, and scored anew. Where too few are left, more candidates are asked
 * for, until there are enough hits or no more candidates.
 */
final class PointHits {
    /** Asks the index for its best candidates. */
    interface Source {
        List<PointSearch.Candidate> best(int count) throws IOException;
    }

    /**
     * Where candidates for a vector come from.
     *
     * @param best the best
     * @param scan looks at every vector; null where the graph is walked
     * @param filter what they passed
     */
    record Vectors(Source best, @Nullable VectorScan scan, FilterQuery filter) {
        static Vectors scanned(VectorScan scan, FilterQuery filter) {
            return new Vectors(scan::best, scan, filter);
        }

        static Vectors walked(Source graph, FilterQuery filter) {
            return new Vectors(graph, null, filter);
        }
    }

    private final RecordCache cache;
    private final Snapshot snapshot;
    private final IndexedSpace space;

    PointHits(RecordCache cache, Snapshot snapshot, IndexedSpace space) {
        this.cache = cache;
        this.snapshot = snapshot;
        this.space = space;
    }

    List<Hit> nearest(VectorQuery query, Vectors index, Map<UUID, Overlay.Entry> overlay, List<Hit> pending)
            throws IOException, SQLException {
        boolean scanned = index.scan() != null;
        boolean certain = index.filter().exact();
        Set<UUID> taken = new HashSet<>();
        // What a refresh just moved from the overlay into the index is there already.
        pending.forEach(hit -> taken.add(hit.point().id()));
        List<Hit> hits = new ArrayList<>(pending);
        int left = 0;
        int count = query.k() + (scanned ? 8 : 0) + (certain ? 0 : 3 * query.k());
        while (true) {
            List<PointSearch.Candidate> candidates = index.best().best(count);
            for (PointSearch.Candidate candidate : candidates) {
                Optional<Hit> hit = read(candidate, query, certain, overlay, taken);
                if (hit.isPresent()) {
                    hits.add(hit.get());
                    left++;
                }
            }
            hits.sort(Hit.ORDER);
            if (candidates.size() < count || (left >= query.k() && !scanned)) {
                return finished(hits, query);
            }
            if (left >= query.k()) {
                // In 32-bit floats two candidates may stand in the wrong order.
                float least = PointDocument.score(
                        space.space().metric(), hits.get(query.k() - 1).score());
                if (candidates.getLast().score() < least) {
                    return finished(hits, query);
                }
                if (certain && index.scan() != null) {
                    return amongEquals(query, index.scan(), least, overlay, taken, hits);
                }
            }
            count = (int) Math.min(Integer.MAX_VALUE / 2, 4L * count);
        }
    }

    private Optional<Hit> read(
            PointSearch.Candidate candidate,
            VectorQuery query,
            boolean certain,
            Map<UUID, Overlay.Entry> overlay,
            Set<UUID> taken)
            throws SQLException {
        if (overlay.containsKey(candidate.id()) || !taken.add(candidate.id())) {
            return Optional.empty();
        }
        snapshot.deadline().check("vector search");
        return hit(candidate.id(), query.filter(), certain, query.vector());
    }

    /** Very many score as the last of the k does, or nearly so: of each vector, those of the smallest ids are enough. */
    private List<Hit> amongEquals(
            VectorQuery query,
            VectorScan scan,
            float least,
            Map<UUID, Overlay.Entry> overlay,
            Set<UUID> taken,
            List<Hit> hits)
            throws IOException, SQLException {
        for (PointSearch.Candidate candidate : scan.atLeast(least, query.k(), overlay::containsKey)) {
            read(candidate, query, true, overlay, taken).ifPresent(hits::add);
        }
        hits.sort(Hit.ORDER);
        return finished(hits, query);
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

    /**
     * Returns the best k by the index's own scores, which the records have nothing to add to. The candidates come in the order of
     * hits, so no more are read than it takes to find k.
     */
    List<Hit> byScore(int k, Filter filter, boolean certain, Source index) throws IOException, SQLException {
        int count = certain ? k : 4 * k + 8;
        List<Hit> hits = new ArrayList<>();
        Set<UUID> seen = new HashSet<>();
        while (true) {
            List<PointSearch.Candidate> candidates = index.best(count);
            for (PointSearch.Candidate candidate : candidates) {
                if (!seen.add(candidate.id())) {
                    continue;
                }
                snapshot.deadline().check("text search");
                point(candidate.id())
                        .filter(point -> certain || filter.matches(point))
                        .ifPresent(point -> hits.add(new Hit(point.withoutVector(), candidate.score())));
                if (hits.size() == k) {
                    return List.copyOf(hits);
                }
            }
            if (candidates.size() < count) {
                return List.copyOf(hits);
            }
            count = (int) Math.min(Integer.MAX_VALUE / 2, 4L * count);
        }
    }

    /** Looks at every point in the records: slow and right, for when the index cannot be used. */
    List<Hit> scan(VectorQuery query) throws SQLException {
        PriorityQueue<Hit> best = new PriorityQueue<>(Hit.ORDER.reversed());
        RowFields fields = new RowFields(RowFields.Layout.POINTS);
        snapshot.database()
                .each(
                        PointRows.AFTER,
                        row -> {
                            Vector vector = Columns.vector(row, 9);
                            if (vector == null) {
                                return true;
                            }
                            double score = space.space().metric().similarity(query.vector(), vector);
                            boolean enough = best.size() == query.k();
                            // Ordered by id, so that of equal scores those that are there already are the smaller.
                            if ((!enough || score > best.element().score())
                                    && query.filter().matches(fields.at(row))) {
                                if (enough) {
                                    best.remove();
                                }
                                best.add(new Hit(PointRows.point(row), score));
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
