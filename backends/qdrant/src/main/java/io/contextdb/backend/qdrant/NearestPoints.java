package io.contextdb.backend.qdrant;

import io.contextdb.spi.error.ContextException;
import io.contextdb.spi.value.Deadline;
import io.contextdb.spi.vector.Hit;
import io.contextdb.spi.vector.Metric;
import io.contextdb.spi.vector.Vector;
import io.contextdb.spi.vector.VectorPoint;
import io.contextdb.spi.vector.VectorQuery;
import io.qdrant.client.grpc.Common.Filter;
import io.qdrant.client.grpc.Common.PointId;
import io.qdrant.client.grpc.Points.QueryPoints;
import io.qdrant.client.grpc.Points.RetrievedPoint;
import io.qdrant.client.grpc.Points.ScoredPoint;
import io.qdrant.client.grpc.Points.WithVectorsSelector;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;

/**
 * The nearest points of one query: what the server's weaker filter lets through is judged again, and more is asked for until k
 * match, or all were seen (contract V3).
 *
 * @param link the server
 * @param collection the collection of the space
 * @param lease the space
 * @param query what is looked for
 * @param filter what every match fulfils
 * @param deadline when the search must have ended
 */
record NearestPoints(
        Link link, String collection, Spaces.Lease lease, VectorQuery query, Filter filter, Deadline deadline) {
    /** Beyond this, looking at every point is as cheap, and needs no more memory than k hits. */
    private static final int MOST = 16_384;

    /** One more than asked for, to see whether the last score is shared. */
    QueryPoints first() {
        return request(query.k() + 1, query.exact()).build();
    }

    private QueryPoints.Builder request(int limit, boolean exact) {
        return Searches.nearest(collection, query.vector(), limit, filter, exact)
                .setWithPayload(Requests.POINT)
                .setWithVectors(vectors());
    }

    private WithVectorsSelector vectors() {
        return query.withVectors() ? StoredVectors.select(metric()) : Scroll.NO_VECTORS;
    }

    private Metric metric() {
        return lease.space().metric();
    }

    /** Returns the hits, given what the server found at first. */
    List<Hit> hits(List<ScoredPoint> first) {
        int limit = query.k() + 1;
        boolean exact = query.exact();
        List<ScoredPoint> found = first;
        while (true) {
            List<Hit> hits = matching(found);
            if (found.size() >= limit) {
                if (hits.size() >= query.k() && hits.get(query.k() - 1).score() > worst(found)) {
                    return hits.subList(0, query.k());
                }
                limit *= 2;
            } else if (exact) {
                return hits.subList(0, Math.min(query.k(), hits.size()));
            } else {
                // The graph may miss points that it does not reach; all that there are must be found.
                exact = true;
            }
            if (limit > Math.max(MOST, 2 * query.k())) {
                return everyPoint();
            }
            found = query(limit, exact);
        }
    }

    private double worst(List<ScoredPoint> found) {
        return found.stream()
                .mapToDouble(point -> Searches.score(metric(), point.getScore()))
                .min()
                .orElse(Double.NEGATIVE_INFINITY);
    }

    private List<Hit> matching(List<ScoredPoint> found) {
        return found.stream()
                .map(point -> new Hit(
                        PointPayload.read(point.getPayloadMap(), StoredVectors.read(metric(), point.getVectors())),
                        Searches.score(metric(), point.getScore())))
                .filter(hit -> query.filter().matches(hit.point()))
                .sorted(Hit.ORDER)
                .toList();
    }

    /** Asks the server; what is too great for one answer is read by id. */
    List<ScoredPoint> query(int limit, boolean exact) {
        try {
            return ask(request(limit, exact).build());
        } catch (ContextException failed) {
            if (!QdrantErrors.tooGreat(failed)) {
                throw failed;
            }
        }
        QueryPoints.Builder bare = Searches.nearest(collection, query.vector(), limit, filter, exact);
        List<ScoredPoint> scores = ask(bare.build());
        List<PointId> ids = scores.stream().map(ScoredPoint::getId).toList();
        Map<PointId, RetrievedPoint> points = new HashMap<>();
        PointReads.get(link, collection, ids, Requests.POINT, vectors(), deadline)
                .forEach(point -> points.put(point.getId(), point));
        List<ScoredPoint> whole = new ArrayList<>();
        for (ScoredPoint score : scores) {
            RetrievedPoint point = points.get(score.getId());
            // One that was deleted in between is no hit any more.
            if (point != null) {
                whole.add(score.toBuilder()
                        .putAllPayload(point.getPayloadMap())
                        .setVectors(point.getVectors())
                        .build());
            }
        }
        return whole;
    }

    private List<ScoredPoint> ask(QueryPoints request) {
        return link.read("search", deadline, points -> points.query(request)).getResultList();
    }

    private List<Hit> everyPoint() {
        PriorityQueue<Hit> best = new PriorityQueue<>(Hit.ORDER.reversed());
        new Scroll(link, collection, List.of(Conditions.holds(filter)), Requests.POINT, StoredVectors.select(metric()))
                .each(deadline, stored -> {
                    VectorPoint point = PointPayload.read(
                            stored.getPayloadMap(), StoredVectors.read(metric(), stored.getVectors()));
                    Vector vector = point.vector().orElse(null);
                    if (vector != null && query.filter().matches(point)) {
                        double score = metric().similarity(query.vector(), vector);
                        best.add(new Hit(query.withVectors() ? point : point.withoutVector(), score));
                        if (best.size() > query.k()) {
                            best.remove();
                        }
                    }
                });
        return best.stream().sorted(Hit.ORDER).toList();
    }
}
