package io.contextdb.backend.qdrant;

import io.contextdb.spi.error.InvalidRequestException;
import io.contextdb.spi.value.CommitToken;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Tokens of commits. A Qdrant has no clock and no number of commits to ask for, and shows what it has acknowledged to every
 * reader; so a token is the time of the commit on the writer's clock, and one from the future is of another store. Thread-safe.
 */
final class Tokens {
    /** Clocks of machines may differ by this much. */
    private static final Duration SKEW = Duration.ofMinutes(1);

    private final AtomicLong last = new AtomicLong();

    /** Returns the token of a commit that has just been acknowledged; later ones are greater. */
    CommitToken next() {
        long now = PointPayload.micros(Instant.now());
        return new CommitToken(0, last.accumulateAndGet(now, (before, time) -> Math.max(before + 1, time)), 0);
    }

    void check(CommitToken token) {
        if (token.epoch() != 0
                || token.commit() > PointPayload.micros(Instant.now().plus(SKEW))) {
            throw new InvalidRequestException("token", token + " is of another store, or of one that is gone");
        }
    }
}
