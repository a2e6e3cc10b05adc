package io.contextdb.internal.scaled;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.function.LongSupplier;

/**
 * The system's clock, but for one thing: while that was set back, this goes on by the time that passes. Whoever rests until an instant
 * would else rest for as long as the clock was set back, and think that it still has what has ended since. Thread-safe.
 */
final class SteadyClock implements InstantSource {
    private final InstantSource wall;
    private final LongSupplier nanos;
    /** The last reading of the system's clock that was not behind; guarded by this. */
    private Instant reading;
    /** The nanoseconds for which that reading stands; guarded by this. */
    private long readAt;

    SteadyClock() {
        this(InstantSource.system(), System::nanoTime);
    }

    /** Creates a clock; {@code nanos} counts nanoseconds from any moment on, and is never set. */
    SteadyClock(InstantSource wall, LongSupplier nanos) {
        this.wall = wall;
        this.nanos = nanos;
        this.reading = wall.instant();
        this.readAt = nanos.getAsLong();
    }

    @Override
    public synchronized Instant instant() {
        // In this order: a thread that is held up in between would else take the system's later time for an earlier
        // moment.
        Instant system = wall.instant();
        long now = nanos.getAsLong();
        long passed = Math.max(0, now - readAt);
        // A little slower than the system's clock, so that differences of the two do not add up.
        Instant going = reading.plus(Duration.ofNanos(passed - passed / 1_024));
        if (system.isBefore(going)) {
            return going;
        }
        reading = system;
        readAt = now;
        return system;
    }
}
