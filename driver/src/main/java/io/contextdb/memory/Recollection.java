package io.contextdb.memory;

import io.contextdb.internal.call.Arguments;
import io.contextdb.spi.graph.Node;
import java.util.Map;
import java.util.Optional;

/**
 * A memory that was found, and why.
 *
 * @param node the memory, as it was at the query's time
 * @param parts the weighted parts of its score, which sum to it
 * @param similarity to the query: of the vectors, in [−1, 1]; where there are none, its BM25 score as a share of the best one
 * @param ranks its rank, from 1, in each leg that found it
 */
public record Recollection(Node node, ScoreParts parts, double similarity, Map<Leg, Integer> ranks) {
    /** Copies. */
    public Recollection {
        Arguments.copy("ranks", Arguments.required("ranks", ranks).values());
        Arguments.copy("ranks", ranks.keySet());
        ranks = Map.copyOf(ranks);
    }

    /**
     * The weighted parts of a score (contract M4).
     *
     * @param similarity weight · similarity
     * @param confidence weight · confidence
     * @param recency weight · exp(−α · age in hours)
     * @param utility weight · utility
     */
    public record ScoreParts(double similarity, double confidence, double recency, double utility) {
        /** Returns the score. */
        public double sum() {
            return similarity + confidence + recency + utility;
        }
    }

    /** Returns the score; higher is better. */
    public double score() {
        return parts.sum();
    }

    /** Returns the text. */
    public String text() {
        return MemoryNode.text(node);
    }

    /** Returns the external id of the source, or "". */
    public String source() {
        return node.source();
    }

    /** Returns the type. */
    public Optional<MemoryType> type() {
        return MemoryNode.type(node);
    }
}
