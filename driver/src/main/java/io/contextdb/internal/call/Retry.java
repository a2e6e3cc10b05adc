package io.contextdb.internal.call;

import io.contextdb.spi.error.AccessDeniedException;
import io.contextdb.spi.error.ContextClosedException;
import io.contextdb.spi.error.ContextException;
import io.contextdb.spi.error.ContextTimeoutException;
import io.contextdb.spi.error.ContextTransientException;
import io.contextdb.spi.error.CorruptDataException;
import io.contextdb.spi.error.Outcome;
import io.contextdb.spi.value.Deadline;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Repeats calls that failed for a transient reason, with exponential backoff and full jitter, within the deadline and the
 * budget. A time-out is not repeated: the deadline is used up.
 */
final class Retry {
    private static final int MOST_ATTEMPTS = 4;
    private static final Duration FIRST_PAUSE = Duration.ofMillis(20);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(1);

    private final RetryBudget budget = new RetryBudget();

    <T> T call(boolean repeatable, Deadline deadline, Supplier<T> attempt) {
        budget.earn();
        ContextException unknown = null;
        for (int attempts = 1; ; attempts++) {
            try {
                return attempt.get();
            } catch (ContextTransientException failed) {
                unknown = unknown == null && failed.outcome() == Outcome.UNKNOWN ? failed : unknown;
                boolean again = repeatable
                        && !(failed instanceof ContextTimeoutException)
                        && attempts < MOST_ATTEMPTS
                        && budget.spend()
                        && pause(attempts, deadline);
                if (!again) {
                    throw worst(unknown, failed);
                }
            } catch (AccessDeniedException | ContextClosedException | CorruptDataException failed) {
                throw worst(unknown, failed);
            }
        }
    }

    /**
     * Returns the failure that is thrown. What an earlier attempt may have done, a later one that did not reach the batch cannot
     * deny; a store that judged the batch, and refused it, has looked for the operation first.
     */
    private static ContextException worst(@Nullable ContextException unknown, ContextException last) {
        if (unknown == null || unknown == last) {
            return last;
        }
        unknown.addSuppressed(last);
        return unknown;
    }

    /** Waits before the next attempt; false if there is no time for it, or the thread was interrupted. */
    private static boolean pause(int attempts, Deadline deadline) {
        long ceiling = Math.min(LONGEST_PAUSE.toNanos(), FIRST_PAUSE.toNanos() << (attempts - 1));
        long nanos = ThreadLocalRandom.current().nextLong(ceiling + 1);
        if (nanos >= deadline.remaining().toNanos()) {
            return false;
        }
        try {
            TimeUnit.NANOSECONDS.sleep(nanos);
            return true;
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
