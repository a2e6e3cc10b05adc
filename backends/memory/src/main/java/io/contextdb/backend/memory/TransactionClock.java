package io.contextdb.backend.memory;

import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.atomic.AtomicLong;

/** The store's clock: commits get strictly rising microseconds. Thread-safe. */
final class TransactionClock {
    private final InstantSource wall;
    private final AtomicLong last = new AtomicLong();

    TransactionClock(InstantSource wall) {
        this.wall = wall;
    }

    /** Returns the time of the next commit. */
    Instant tick() {
        long now = micros(wall.instant());
        return instant(last.updateAndGet(before -> Math.max(now, before + 1)));
    }

    /** Makes every later commit later than an instant that has passed, so that a read as known then can be repeated. */
    void reach(Instant knownAt) {
        if (!knownAt.isAfter(wall.instant())) {
            last.accumulateAndGet(micros(knownAt), Math::max);
        }
    }

    /** Returns now, never before the last commit. */
    Instant now() {
        return instant(Math.max(micros(wall.instant()), last.get()));
    }

    long millis() {
        return wall.millis();
    }

    private static long micros(Instant instant) {
        return ChronoUnit.MICROS.between(Instant.EPOCH, instant);
    }

    private static Instant instant(long micros) {
        return Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
    }
}
