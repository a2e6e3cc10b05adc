package io.contextdb.backend.postgresql;

import io.contextdb.spi.error.ContextException;
import io.contextdb.spi.error.ContextUnavailableException;
import io.contextdb.spi.error.Outcome;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Lets callers fail at once while the server cannot be reached, instead of each waiting for a connection in vain: after a
 * failure one caller at a time tries again, every half second, until it succeeds. Thread-safe.
 */
final class Breaker {
    private static final long PAUSE = TimeUnit.MILLISECONDS.toNanos(500);

    private final AtomicReference<@Nullable ContextException> failure = new AtomicReference<>();
    /** When the next caller may try, while there is a failure. */
    private final AtomicLong nextTry = new AtomicLong();

    /** Throws if the server could not be reached of late, and it is not this caller's turn to try. */
    void check() {
        ContextException last = failure.get();
        long due = nextTry.get();
        long now = System.nanoTime();
        if (last != null && (now - due < 0 || !nextTry.compareAndSet(due, now + PAUSE))) {
            throw new ContextUnavailableException(
                    "the server could not be reached a moment ago: " + last.getMessage(), Outcome.NOT_APPLIED, last);
        }
    }

    void succeeded() {
        if (failure.get() != null) {
            failure.set(null);
        }
    }

    void failed(ContextException why) {
        nextTry.set(System.nanoTime() + PAUSE);
        failure.set(why);
    }
}
