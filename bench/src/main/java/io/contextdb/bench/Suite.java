package io.contextdb.bench;

/** Comparisons and tables over the same stores and data. */
@FunctionalInterface
public interface Suite {
    /** Opens what it needs, makes its comparisons, and leaves nothing behind. */
    void run(BenchmarkRun run) throws Exception;
}
