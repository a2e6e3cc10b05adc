package io.contextdb.memory;

import io.contextdb.internal.call.Arguments;
import java.util.List;
import java.util.UUID;

/**
 * What became of a draft, with the numbers behind it (contract M2, M3).
 *
 * @param id the memory: the new one, or the one that was there; of a rejected draft the id that it would have had
 * @param decision what became of it
 * @param assessment the numbers
 * @param confidence of the memory after the write, in [0, 1]; 0 of a rejected draft
 * @param contradicts memories that it contradicts
 */
public record MemoryReceipt(
        UUID id, Decision decision, Assessment assessment, double confidence, List<UUID> contradicts) {
    /** Copies. */
    public MemoryReceipt {
        contradicts = Arguments.copy("contradicts", contradicts);
    }

    /**
     * The numbers that a decision was made on.
     *
     * @param maxSimilarity similarity to the nearest valid memory; 0 without any
     * @param credibility of the source, in (0, 1); 0.5 for one that is unknown
     * @param lowerBound cautious estimate of the credibility
     * @param threshold the novelty threshold in force; 0 for none
     */
    public record Assessment(double maxSimilarity, double credibility, double lowerBound, double threshold) {
        /** Returns {@code lower bound · (1 − max similarity)}, what the threshold is compared with. */
        public double novelty() {
            return lowerBound * (1 - maxSimilarity);
        }
    }
}
