package io.contextdb.memory;

import io.contextdb.spi.error.InvalidRequestException;

/**
 * How much each part counts in a score (contract M4); normalised to a sum of 1 when used.
 *
 * @param similarity of the vectors, 0 or more
 * @param confidence of the node, 0 or more
 * @param recency of its validity, 0 or more
 * @param utility as rated by feedback, 0 or more
 */
public record ScoreWeights(double similarity, double confidence, double recency, double utility) {
    /** Checks that each is a number of 0 or more, and one is more. */
    public ScoreWeights {
        check("similarity", similarity);
        check("confidence", confidence);
        check("recency", recency);
        check("utility", utility);
        if (similarity + confidence + recency + utility == 0) {
            throw new InvalidRequestException("weights", "must not all be 0");
        }
    }

    private static void check(String name, double weight) {
        if (!(weight >= 0 && weight <= 1_000_000)) {
            throw new InvalidRequestException("weights." + name, "must be in [0, 1000000], is " + weight);
        }
    }

    /** Returns the same proportions with a sum of 1. */
    public ScoreWeights normalised() {
        double sum = similarity + confidence + recency + utility;
        return new ScoreWeights(similarity / sum, confidence / sum, recency / sum, utility / sum);
    }
}
