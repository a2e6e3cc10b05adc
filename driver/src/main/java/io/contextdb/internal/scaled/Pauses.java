package io.contextdb.internal.scaled;

import io.contextdb.spi.error.ContextTimeoutException;
import io.contextdb.spi.error.Outcome;
import io.contextdb.spi.value.Deadline;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** How those wait who come too early; a simulation does it without time. */
interface Pauses {
    /** Sleeps. */
    Pauses SLEEPING = Pauses::sleep;

    /**
     * Waits.
     *
     * @param reason why, for errors, as in "another batch held the namespace"
     * @throws ContextTimeoutException if the deadline passes, or the thread is interrupted
     */
    void pause(Duration time, Deadline deadline, String reason);

    private static void sleep(Duration time, Deadline deadline, String reason) {
        if (deadline.remaining().compareTo(time) <= 0) {
            throw new ContextTimeoutException(reason + " until the deadline");
        }
        try {
            TimeUnit.NANOSECONDS.sleep(time.toNanos());
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new ContextTimeoutException("the thread was interrupted", Outcome.NOT_APPLIED, interrupted);
        }
    }
}
