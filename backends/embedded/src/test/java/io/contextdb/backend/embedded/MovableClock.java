package io.contextdb.backend.embedded;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.function.LongSupplier;

/** A machine's two clocks: one that is set forward and back, and one that only counts. Thread-safe. */
final class MovableClock implements InstantSource, LongSupplier {
    private Instant wall = Instant.parse("2026-03-01T12:00:00Z");
    private long nanos = 17;
    private Duration pause = Duration.ZERO;

    /** Lets time pass. */
    synchronized void pass(Duration time) {
        wall = wall.plus(time);
        nanos += time.toNanos();
    }

    /** Sets the clock on the wall; no time passes. */
    synchronized void set(Duration by) {
        wall = wall.plus(by);
    }

    /** Has the thread that reads either clock next stand still after it. */
    synchronized void pauseAfterNextReading(Duration time) {
        pause = time;
    }

    private <T> T read(T reading) {
        Duration passes = pause;
        pause = Duration.ZERO;
        pass(passes);
        return reading;
    }

    @Override
    public synchronized Instant instant() {
        return read(wall);
    }

    @Override
    public synchronized long getAsLong() {
        return read(nanos);
    }
}
