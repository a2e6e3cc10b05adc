package io.contextdb.tck.fault;

import java.time.Duration;

/** What a {@link FaultProxy} does to what passes through it, until it is healed. */
public sealed interface Fault {
    /** Which way bytes go. */
    enum Direction {
        /** From the driver to the store. */
        TO_STORE,
        /** From the store to the driver. */
        TO_DRIVER
    }

    /** Nothing: everything passes at once. */
    record None() implements Fault {}

    /**
     * Everything comes later; what is sent meanwhile is on its way, too, up to 256 KiB each way.
     *
     * @param delay by how much at least
     * @param jitter by how much more at most, chosen anew for each piece
     */
    record Latency(Duration delay, Duration jitter) implements Fault {}

    /**
     * Everything passes no faster than this, in each direction.
     *
     * @param bytesPerSecond at least 1
     */
    record Bandwidth(int bytesPerSecond) implements Fault {}

    /**
     * Bytes come one by one.
     *
     * @param pause between them
     */
    record SlowDrip(Duration pause) implements Fault {}

    /** Connections are accepted and stay open, but nothing passes; what was sent arrives when the proxy is healed. */
    record BlackHole() implements Fault {}

    /**
     * Bytes pass one way only; the others arrive when the proxy is healed.
     *
     * @param open the way on which they pass
     */
    record OneWay(Direction open) implements Fault {}

    /**
     * Some more bytes pass on each connection, then none, and it stays open; the others arrive when the proxy is healed.
     *
     * @param direction which way
     * @param bytes how many pass, 0 or more
     */
    record StallAt(Direction direction, long bytes) implements Fault {}

    /**
     * Some more bytes pass on each connection, then it is reset.
     *
     * @param direction which way
     * @param bytes how many pass, 0 or more
     */
    record CutAfter(Direction direction, long bytes) implements Fault {}

    /** Every connection is reset, those that are open and new ones as soon as they are made. */
    record Reset() implements Fault {}

    /** Nobody listens: open connections are reset, new ones refused. */
    record Refuse() implements Fault {}
}
