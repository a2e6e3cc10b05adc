package io.contextdb.memory;

/** What kind of memory it is, which decides how fast it fades (contract M5). */
public enum MemoryType {
    /** Something that happened; fades by 8 % an hour. */
    EPISODIC(0.08),
    /** Something that is so; fades by 2 % an hour. */
    SEMANTIC(0.02),
    /** How something is done; hardly fades. */
    PROCEDURAL(0.001),
    /** What matters only now; gone within seconds. */
    WORKING(999);

    private final double decayPerHour;

    MemoryType(double decayPerHour) {
        this.decayPerHour = decayPerHour;
    }

    /** Returns α of {@code recency = exp(−α · age in hours)}. */
    public double decayPerHour() {
        return decayPerHour;
    }
}
