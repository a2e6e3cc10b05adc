package io.contextdb.bench;

import java.util.Arrays;
import java.util.Locale;

/** Operations per second, over several rounds, by a clock that counts what the measurement is about. */
public final class Rate {
    /** Counts nanoseconds. */
    interface Clock {
        long nanos();
    }

    private final Clock clock;
    private final double[] rates;
    private int rounds;

    private Rate(Clock clock, int rounds) {
        this.clock = clock;
        this.rates = new double[rounds];
    }

    /** Per second of the process's CPU time: machines are shared, and work on other threads counts. */
    public static Rate perCpuSecond(int rounds) {
        var system = (com.sun.management.OperatingSystemMXBean)
                java.lang.management.ManagementFactory.getOperatingSystemMXBean();
        return new Rate(system::getProcessCpuTime, rounds);
    }

    /** Per second that passes: for what waits, as for a disk. */
    public static Rate perSecond(int rounds) {
        return new Rate(System::nanoTime, rounds);
    }

    public void round(int operations, Runnable work) {
        long start = clock.nanos();
        work.run();
        rates[rounds++] = operations * 1e9 / (clock.nanos() - start);
    }

    public double median() {
        double[] sorted = Arrays.copyOf(rates, rounds);
        Arrays.sort(sorted);
        return sorted[rounds / 2];
    }

    @Override
    public String toString() {
        return String.format(
                Locale.ROOT,
                "%,.1f (%,.1f to %,.1f)",
                median(),
                Arrays.stream(rates, 0, rounds).min().orElseThrow(),
                Arrays.stream(rates, 0, rounds).max().orElseThrow());
    }
}
