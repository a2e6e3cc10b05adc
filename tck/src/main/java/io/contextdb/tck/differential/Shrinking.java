package io.contextdb.tck.differential;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/**
 * Cuts a failing script down by delta debugging (Zeller and Hildebrandt 2002, "Simplifying and isolating failure-inducing
 * input"), first step by step, then inside of steps. Bounded in runs, for a store may be slow.
 */
final class Shrinking {
    private static final int MOST_RUNS = 1_000;

    private final Predicate<List<Step>> fails;
    private int runs;

    /** Prepares the cutting of a script that fails by a test. */
    Shrinking(Predicate<List<Step>> fails) {
        this.fails = fails;
    }

    /** Returns a script that still fails, of which no step alone can be left out. */
    List<Step> minimum(List<Step> failing) {
        List<Step> steps = failing;
        List<Step> before;
        do {
            before = steps;
            steps = insides(fewer(steps));
        } while (!steps.equals(before) && runs < MOST_RUNS);
        return steps;
    }

    private List<Step> fewer(List<Step> failing) {
        List<Step> steps = failing;
        int size = Math.max(1, steps.size() / 2);
        while (size >= 1 && runs < MOST_RUNS) {
            boolean cut = false;
            // From the end: what comes last depends on what comes first, not the other way.
            for (int from = steps.size() - size; from > -size; from -= size) {
                List<Step> candidate = new ArrayList<>(steps);
                candidate.subList(Math.max(0, from), from + size).clear();
                if (!candidate.isEmpty() && fails(candidate)) {
                    steps = candidate;
                    cut = true;
                }
            }
            size = cut ? Math.min(size, Math.max(1, steps.size() / 2)) : size / 2;
        }
        return steps;
    }

    private List<Step> insides(List<Step> failing) {
        List<Step> steps = new ArrayList<>(failing);
        for (int i = 0; i < steps.size(); i++) {
            boolean cut = true;
            while (cut) {
                cut = false;
                for (Action smaller : steps.get(i).action().smaller()) {
                    List<Step> candidate = new ArrayList<>(steps);
                    candidate.set(i, new Step(steps.get(i).id(), steps.get(i).namespace(), smaller));
                    if (fails(candidate)) {
                        steps = candidate;
                        cut = true;
                        break;
                    }
                }
            }
        }
        return steps;
    }

    private boolean fails(List<Step> candidate) {
        return runs++ < MOST_RUNS && fails.test(candidate);
    }
}
