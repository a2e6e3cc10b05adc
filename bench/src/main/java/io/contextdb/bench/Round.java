package io.contextdb.bench;

/**
 * What one side took for some operations.
 *
 * @param operations how many, of all callers together
 * @param nanos time that passed
 * @param cpuNanos CPU time of the process, all threads
 * @param bytes allocated by the calling threads
 */
record Round(long operations, long nanos, long cpuNanos, long bytes) {
    static final Round NONE = new Round(0, 0, 0, 0);

    /** Returns both together. */
    Round and(Round other) {
        return new Round(
                operations + other.operations, nanos + other.nanos, cpuNanos + other.cpuNanos, bytes + other.bytes);
    }

    /** Returns operations per second of a clock. */
    double rate(Clock clock) {
        // The system counts CPU time in steps; a round that is shorter than one took at least a part of it.
        long taken = clock == Clock.CPU ? Math.max(cpuNanos, 1_000_000) : nanos;
        return operations * 1e9 / taken;
    }

    double cpuMicros() {
        return cpuNanos / 1e3 / operations;
    }

    double bytesPerOperation() {
        return (double) bytes / operations;
    }
}
