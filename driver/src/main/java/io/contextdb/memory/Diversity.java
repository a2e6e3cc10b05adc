package io.contextdb.memory;

import io.contextdb.spi.vector.Metric;
import io.contextdb.spi.vector.Vector;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * Maximal marginal relevance: picks, one after another, what has the best {@code (1 − d) · score − d · similarity} to what was
 * picked before. Works on the whole pool, before the cut, so that it can bring in what the scores alone would leave out.
 */
final class Diversity {
    private Diversity() {}

    /** Returns k of the pool, which is in order of score and id; those without a vector are like none other. */
    static List<Recollection> pick(List<Recollection> pool, Map<UUID, Vector> vectors, double diversity, int k) {
        List<Recollection> left = new ArrayList<>(pool);
        List<Recollection> picked = new ArrayList<>();
        while (!left.isEmpty() && picked.size() < k) {
            Recollection best = left.get(0);
            double bestValue = Double.NEGATIVE_INFINITY;
            for (Recollection candidate : left) {
                double value = (1 - diversity) * candidate.score() - diversity * nearest(candidate, picked, vectors);
                if (value > bestValue) {
                    best = candidate;
                    bestValue = value;
                }
            }
            picked.add(best);
            left.remove(best);
        }
        return picked;
    }

    private static double nearest(Recollection candidate, List<Recollection> picked, Map<UUID, Vector> vectors) {
        Vector vector = vectors.get(candidate.node().id());
        double nearest = 0;
        for (Recollection other : picked) {
            Vector otherVector = vectors.get(other.node().id());
            if (vector != null && otherVector != null) {
                nearest = Math.max(nearest, Metric.COSINE.similarity(vector, otherVector));
            }
        }
        return nearest;
    }
}
