package io.contextdb.memory;

import io.contextdb.spi.error.ContextTimeoutException;
import io.contextdb.spi.error.Outcome;
import io.contextdb.spi.error.PreconditionFailedException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Supplier;

/**
 * Repeats what looks, decides and writes under a condition, when another writer was faster. Pauses for a random time that grows,
 * so that one who has to look longer is not outrun by the others every time.
 */
final class Optimistic {
    static final int ATTEMPTS = 10;

    private static final int LONGEST_PAUSE_MILLIS = 256;

    private Optimistic() {}

    /** Returns the result of the first attempt whose condition held; throws the last failure if none did. */
    static <T> T decide(Supplier<T> attempt) {
        for (int made = 1; ; made++) {
            try {
                return attempt.get();
            } catch (PreconditionFailedException raced) {
                if (made == ATTEMPTS) {
                    throw raced;
                }
                pause(Math.min(LONGEST_PAUSE_MILLIS, 1 << made));
            }
        }
    }

    private static void pause(int mostMillis) {
        try {
            Thread.sleep(ThreadLocalRandom.current().nextInt(mostMillis + 1));
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new ContextTimeoutException("memory: the thread was interrupted", Outcome.NOT_APPLIED, interrupted);
        }
    }
}
