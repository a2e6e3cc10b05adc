package io.contextdb.memory;

import io.contextdb.memory.MemoryReceipt.Assessment;

/** The rules of admission, in their order (contract M2), and what confirmation and contradiction do to a confidence. */
final class Admission {
    /** A source at or below this is not believed at all. */
    static final double CREDIBILITY_FLOOR = 0.05;

    /** From this similarity on, two memories say the same. */
    static final double DUPLICATE = 0.95;

    /** From this similarity on, two memories speak of the same. */
    static final double RELATED = 0.3;

    /** A claim of this confidence is well supported, and one that two other sources confirm. */
    private static final double WELL_SUPPORTED = 0.8;

    private static final int WELL_CONFIRMED = 2;

    /** A source whose cautious credibility is below this is weak. */
    private static final double WEAK = 0.4;

    private static final double CONFIRMATION_WEIGHT = 0.5;
    private static final double CONTRADICTION_WEIGHT = 0.3;

    private Admission() {}

    /** What is to be done with a draft. */
    enum Verdict {
        ADD,
        DUPLICATE,
        REJECT_SOURCE,
        REJECT_NOVELTY
    }

    static Verdict of(Assessment numbers) {
        if (numbers.credibility() <= CREDIBILITY_FLOOR) {
            return Verdict.REJECT_SOURCE;
        }
        if (numbers.maxSimilarity() >= DUPLICATE) {
            return Verdict.DUPLICATE;
        }
        return numbers.novelty() < numbers.threshold() ? Verdict.REJECT_NOVELTY : Verdict.ADD;
    }

    /** Noisy-or of what was believed and half of what another source's word is worth: rises, and stays below 1. */
    static double confirmed(double confidence, double credibility) {
        return 1 - (1 - confidence) * (1 - CONFIRMATION_WEIGHT * credibility);
    }

    /** Falls by at most 30 %, by how strong the contradiction and how credible its source is. */
    static double contradicted(double confidence, double strength, double credibility) {
        return confidence * (1 - CONTRADICTION_WEIGHT * strength * credibility);
    }

    /** Returns whether a source may lower a claim: a weak one not one that is well supported (M3). */
    static boolean mayLower(double lowerBound, double confidence, int confirmations) {
        boolean wellSupported = confidence >= WELL_SUPPORTED || confirmations >= WELL_CONFIRMED;
        return !(wellSupported && lowerBound < WEAK);
    }
}
