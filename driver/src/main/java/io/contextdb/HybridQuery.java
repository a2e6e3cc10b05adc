package io.contextdb;

import io.contextdb.spi.error.InvalidRequestException;
import io.contextdb.spi.filter.Filter;
import io.contextdb.spi.vector.Hit;
import io.contextdb.spi.vector.TextQuery;
import io.contextdb.spi.vector.Vector;
import io.contextdb.spi.vector.VectorPoint;
import io.contextdb.spi.vector.VectorQuery;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * A search by vector and by text at once (contract V7). The score of a hit is the reciprocal-rank fusion of its ranks in the
 * two legs, each of which is read to four times k, at least 50: the sum of {@code 1 / (60 + rank)}, ranks from 1 (Cormack,
 * Clarke and Büttcher, SIGIR 2009).
 *
 * @param space name of the vector space
 * @param vector what points are compared with
 * @param text words to look for
 * @param k most hits, from 1
 * @param filter which points may be hits
 * @param fuzzy whether words that are spelled alike match too (contract V9)
 */
public record HybridQuery(String space, Vector vector, String text, int k, Filter filter, boolean fuzzy) {
    /** The constant of reciprocal-rank fusion. */
    public static final int RANK_CONSTANT = 60;

    private static final int OVER_FETCH = 4;
    private static final int LEAST_FETCH = 50;

    /** Checks the parts, by the rules of both legs. */
    public HybridQuery {
        if (k < 1 || k > 250_000) {
            throw new InvalidRequestException("search.k", "must be in [1, 250000], is " + k);
        }
        new VectorQuery(space, vector, k, filter, false, false);
        new TextQuery(space, text, k, filter, fuzzy);
    }

    /** Asks for words as they are spelled. */
    public HybridQuery(String space, Vector vector, String text, int k, Filter filter) {
        this(space, vector, text, k, filter, false);
    }

    /** Returns the same query that also finds words which are spelled alike, as where they were mistyped. */
    public HybridQuery fuzzily() {
        return new HybridQuery(space, vector, text, k, filter, true);
    }

    VectorQuery vectorLeg(int most) {
        return new VectorQuery(space, vector, fetch(most), filter, false, false);
    }

    TextQuery textLeg(int most) {
        return new TextQuery(space, text, fetch(most), filter, fuzzy);
    }

    List<Hit> fuse(List<Hit> byVector, List<Hit> byText) {
        Map<UUID, VectorPoint> points = new HashMap<>();
        Map<UUID, Double> scores = new HashMap<>();
        for (List<Hit> leg : List.of(byVector, byText)) {
            for (int rank = 1; rank <= leg.size(); rank++) {
                VectorPoint point = leg.get(rank - 1).point();
                points.putIfAbsent(point.id(), point);
                scores.merge(point.id(), 1.0 / (RANK_CONSTANT + rank), Double::sum);
            }
        }
        return points.values().stream()
                .map(point -> new Hit(point, scores.getOrDefault(point.id(), 0.0)))
                .sorted(Hit.ORDER)
                .limit(k)
                .toList();
    }

    private int fetch(int most) {
        return Math.min(most, Math.max(LEAST_FETCH, OVER_FETCH * k));
    }
}
