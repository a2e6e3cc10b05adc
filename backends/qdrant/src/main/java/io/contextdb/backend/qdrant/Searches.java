package io.contextdb.backend.qdrant;

import io.contextdb.spi.error.InvalidRequestException;
import io.contextdb.spi.filter.Filter;
import io.contextdb.spi.vector.Metric;
import io.contextdb.spi.vector.Vector;
import io.contextdb.spi.vector.VectorSpace;
import io.qdrant.client.grpc.Points.Query;
import io.qdrant.client.grpc.Points.QueryPoints;
import io.qdrant.client.grpc.Points.SearchParams;
import io.qdrant.client.grpc.Points.VectorInput;
import java.util.Optional;

/** Searches in the server's words. */
final class Searches {
    private Searches() {}

    /** Refuses a vector that the space cannot compare. */
    static void check(VectorSpace space, Vector vector) {
        if (vector.dimensions() != space.dimensions()) {
            throw new InvalidRequestException(
                    "vector",
                    "has " + vector.dimensions() + " dimensions, space '" + space.name() + "' has "
                            + space.dimensions());
        }
        if (space.metric() == Metric.COSINE && vector.isZero()) {
            throw new InvalidRequestException("vector", "must not be zero in a space compared by cosine");
        }
    }

    /** Returns what the points of a space that match fulfil, in the server's words; empty if none can match. */
    static Optional<io.qdrant.client.grpc.Common.Filter> filter(String space, Filter filter) {
        io.qdrant.client.grpc.Common.Filter.Builder all =
                io.qdrant.client.grpc.Common.Filter.newBuilder().addMust(Conditions.is(PointPayload.SPACE, space));
        return switch (Weakened.of(filter)) {
            case Weakened.Said.Same same -> same.holds() ? Optional.of(all.build()) : Optional.empty();
            case Weakened.Said.Where where ->
                Optional.of(all.addMust(where.condition()).build());
        };
    }

    static QueryPoints.Builder nearest(
            String collection, Vector vector, int limit, io.qdrant.client.grpc.Common.Filter filter, boolean exact) {
        return QueryPoints.newBuilder()
                .setCollectionName(collection)
                .setQuery(Query.newBuilder().setNearest(VectorInput.newBuilder().setDense(StoredVectors.dense(vector))))
                .setUsing(KnownCollections.SEARCHED)
                .setLimit(limit)
                .setFilter(filter)
                .setParams(SearchParams.newBuilder().setExact(exact))
                .setWithVectors(Scroll.NO_VECTORS);
    }

    /** Returns the contract's score: higher is nearer. */
    static double score(Metric metric, float given) {
        return switch (metric) {
            case COSINE -> Math.max(-1, Math.min(1, (double) given));
            case DOT -> given;
            case EUCLIDEAN -> -(double) given;
        };
    }
}
