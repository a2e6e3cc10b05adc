package io.contextdb.bench;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.Locale;

/**
 * Operations per second of CPU time of the whole process, over several rounds. CPU time, because machines are shared; of the
 * process, so that work on other threads counts.
 */
final class CpuRate {
    private final OperatingSystemMXBean system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    private final double[] rates;
    private int rounds;

    CpuRate(int rounds) {
        this.rates = new double[rounds];
    }

    void round(int operations, Runnable work) {
        long start = system.getProcessCpuTime();
        work.run();
        rates[rounds++] = operations * 1e9 / (system.getProcessCpuTime() - start);
    }

    double median() {
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
