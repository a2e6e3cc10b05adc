package io.contextdb.spi.value;

import io.contextdb.spi.error.ContextTimeoutException;
import io.contextdb.spi.error.Outcome;
import io.contextdb.spi.internal.Check;
import java.time.Duration;

/** The moment by which a call must have ended, on this machine's monotonic clock (contract G10). Immutable. */
public final class Deadline {
    private static final Duration SHORTEST = Duration.ofNanos(1);
    private static final Duration LONGEST = Duration.ofDays(365);

    private final long nanos;

    private Deadline(long nanos) {
        this.nanos = nanos;
    }

    /** Returns the deadline that is {@code timeout} from now; the time-out must be positive and at most 365 days. */
    public static Deadline after(Duration timeout) {
        Check.duration("timeout", timeout, SHORTEST, LONGEST);
        return new Deadline(System.nanoTime() + timeout.toNanos());
    }

    /** Returns the time left; zero if it has passed. */
    public Duration remaining() {
        return Duration.ofNanos(Math.max(0, nanos - System.nanoTime()));
    }

    /** Returns whether no time is left. */
    public boolean passed() {
        return nanos - System.nanoTime() <= 0;
    }

    /** Returns the earlier of the two. */
    public Deadline earlier(Deadline other) {
        return nanos - Check.notNull("other", other).nanos <= 0 ? this : other;
    }

    /** Throws if no time is left, or if the thread was interrupted; for use before work starts. */
    public void check(String operation) {
        if (Thread.currentThread().isInterrupted()) {
            throw new ContextTimeoutException(
                    operation + ": the thread was interrupted", Outcome.NOT_APPLIED, new InterruptedException());
        }
        if (passed()) {
            throw new ContextTimeoutException(operation + ": the deadline passed before the work began");
        }
    }
}
