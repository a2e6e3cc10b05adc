package io.contextdb.cli;

import java.lang.management.ManagementFactory;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;

/** How long the phases of a command took. Thread-safe. */
public final class Timings {
    private final Map<String, Long> millis = new LinkedHashMap<>();
    private final long start = System.nanoTime();

    /** Does something and keeps how long it took. */
    public <T> T time(String phase, Supplier<T> work) {
        long begun = System.nanoTime();
        try {
            return work.get();
        } finally {
            add(phase, (System.nanoTime() - begun) / 1_000_000);
        }
    }

    /** Returns the phases on one line, with the start of the Java machine and the total. */
    String line() {
        long total = (System.nanoTime() - start) / 1_000_000;
        long now = System.currentTimeMillis();
        long before = now - ManagementFactory.getRuntimeMXBean().getStartTime() - total;
        StringBuilder line = new StringBuilder(String.format(Locale.ROOT, "timings: java %d ms", before));
        synchronized (millis) {
            millis.forEach((phase, took) -> line.append(String.format(Locale.ROOT, ", %s %d ms", phase, took)));
        }
        return line.append(String.format(Locale.ROOT, "; all %d ms", before + total))
                .toString();
    }

    private void add(String phase, long took) {
        synchronized (millis) {
            millis.merge(phase, took, Long::sum);
        }
    }
}
