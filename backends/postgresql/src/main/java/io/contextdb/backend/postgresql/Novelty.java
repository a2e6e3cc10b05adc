package io.contextdb.backend.postgresql;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * Whether it is likely that a batch that could be new as a whole is new: one that is not costs a round trip more. Each time that
 * this is wrong, twice as many batches are not tried, up to {@value #LONGEST}. Thread-safe; a lost race only tries one more.
 */
final class Novelty {
    private static final int LONGEST = 64;

    private final AtomicInteger pause = new AtomicInteger(1);
    private final AtomicInteger left = new AtomicInteger();

    boolean isLikely() {
        return left.getAndUpdate(many -> Math.max(0, many - 1)) == 0;
    }

    void was(boolean found) {
        left.set(found ? 0 : pause.getAndUpdate(many -> Math.min(LONGEST, many * 2)));
        if (found) {
            pause.set(1);
        }
    }
}
