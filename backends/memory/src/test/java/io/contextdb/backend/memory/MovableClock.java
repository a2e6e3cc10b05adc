package io.contextdb.backend.memory;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.function.LongSupplier;

/** A machine's two clocks: one that is set forward and back, and one that only counts. Used by one thread. */
final class MovableClock implements InstantSource, LongSupplier {
    private Instant wall = Instant.parse("2026-03-01T12:00:00Z");
    private long nanos = 17;
    private Duration pause = Duration.ZERO;

    /** Lets time pass. */
    void pass(Duration time) {
        wall = wall.plus(time);
        nanos += time.toNanos();
    }

    /** Sets the clock on the wall; no time passes. */
    void set(Duration by) {
        wall = wall.plus(by);
    }

    /** Has the thread that reads either clock next stand still after it. */
    void pauseAfterNextReading(Duration time) {
        pause = time;
    }

    private <T> T read(T reading) {
        Duration passes = pause;
        pause = Duration.ZERO;
        pass(passes);
        return reading;
    }

    @Override
    public Instant instant() {
        return read(wall);
    }

    @Override
    public long getAsLong() {
        return read(nanos);
    }
}
