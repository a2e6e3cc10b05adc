package io.contextdb.backend.qdrant;

import io.contextdb.spi.error.InvalidRequestException;
import io.contextdb.spi.value.CommitToken;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Tokens of commits. A Qdrant has no clock and no number of commits to ask for, and shows what it has acknowledged to every
 * reader; so a token is the time of the commit on the writer's clock, and one from the future is of another store. Thread-safe.
 */
final class Tokens {
    /** Clocks of machines may differ by this much. */
    private static final Duration SKEW = Duration.ofMinutes(1);

    private final InstantSource clock;
    private final AtomicLong last = new AtomicLong();

    Tokens() {
        this(InstantSource.system());
    }

    Tokens(InstantSource clock) {
        this.clock = clock;
    }

    /** Returns the token of a commit that has just been acknowledged; later ones are greater. */
    CommitToken next() {
        long now = PointPayload.micros(clock.instant());
        return new CommitToken(0, last.accumulateAndGet(now, (before, time) -> Math.max(before + 1, time)), 0);
    }

    void check(CommitToken token) {
        // Those given here are known, wherever the clock was set back to since.
        long newest = Math.max(last.get(), PointPayload.micros(clock.instant().plus(SKEW)));
        if (token.epoch() != 0 || token.commit() > newest) {
            throw new InvalidRequestException("token", token + " is of another store, or of one that is gone");
        }
    }
}
