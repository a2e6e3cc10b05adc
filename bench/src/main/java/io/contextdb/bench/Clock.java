package io.contextdb.bench;

/** What a comparison's throughput is counted by. */
public enum Clock {
    /** Time that passes: for what waits, as for a disk or a server. */
    WALL("second"),
    /** CPU time of this process, all threads: machines are shared, and work on other threads counts. */
    CPU("CPU-second");

    private final String unit;

    Clock(String unit) {
        this.unit = unit;
    }

    /** Returns what throughput is per. */
    public String unit() {
        return unit;
    }
}
