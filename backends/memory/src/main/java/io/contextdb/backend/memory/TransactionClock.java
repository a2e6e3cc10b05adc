package io.contextdb.backend.memory;

import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;

/**
 * The store's clock: commits get strictly rising microseconds. It follows the system's clock forward and never back: while that is
 * behind, it goes on by the time that passes, or what is to end soon would live for as long as the clock was set back.
 * Thread-safe.
 */
final class TransactionClock {
    /**
     * While it is ahead of the system's clock it is slower by one part in this many, until that has caught up: no two clocks run
     * alike, and without this it would be ahead by the sum of all their differences.
     */
    private static final long SLOWER = 1_024;

    private static final long RENEWED_MICROS = 1_000;

    /** A reading of both clocks: microseconds since 1970, and nanoseconds of the one that is never set. */
    private record Anchor(long micros, long nanos) {
        long at(long nanosNow) {
            long passed = Math.max(0, nanosNow - nanos) / 1_000;
            return micros + passed - passed / SLOWER;
        }
    }

    private final InstantSource wall;
    private final LongSupplier nanos;
    private final AtomicReference<Anchor> anchor;
    /** The time of the last commit, or an instant that was promised to stay as it was. */
    private final AtomicLong last = new AtomicLong();

    /** Creates a clock; {@code nanos} counts nanoseconds from any moment on, and is never set. */
    TransactionClock(InstantSource wall, LongSupplier nanos) {
        this.wall = wall;
        this.nanos = nanos;
        this.anchor = new AtomicReference<>(new Anchor(micros(wall.instant()), nanos.getAsLong()));
    }

    /** Returns the time of the next commit. */
    Instant tick() {
        long now = read();
        return instant(last.updateAndGet(before -> Math.max(now, before + 1)));
    }

    /** Makes every later commit later than an instant that has passed, so that a read as known then can be repeated. */
    void reach(Instant knownAt) {
        long asked = micros(knownAt);
        if (asked <= read()) {
            last.accumulateAndGet(asked, Math::max);
        }
    }

    /** Returns now, never before the last commit. */
    Instant now() {
        return instant(Math.max(read(), last.get()));
    }

    /** Returns {@link #now} in milliseconds since 1970. */
    long millis() {
        return Math.floorDiv(Math.max(read(), last.get()), 1_000L);
    }

    private long read() {
        Anchor from = anchor.get();
        // In this order: a thread that is held up in between would else take the system's later time for an earlier
        // moment.
        long system = micros(wall.instant());
        long passing = nanos.getAsLong();
        long going = from.at(passing);
        if (system < going) {
            return going;
        }
        if (system - from.micros() >= RENEWED_MICROS) {
            anchor.compareAndSet(from, new Anchor(system, passing));
        }
        return system;
    }

    private static long micros(Instant instant) {
        return Math.multiplyExact(instant.getEpochSecond(), 1_000_000L) + instant.getNano() / 1_000;
    }

    private static Instant instant(long micros) {
        return Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
    }
}
