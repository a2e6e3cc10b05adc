package io.contextdb.bench;

import java.time.Duration;

/**
 * How long a side runs before its rounds count: until the compilers of the Java machine are idle, and it was called so often that
 * the last of them has had what it calls.
 *
 * @param least how long at least
 * @param most how long at most, whatever the compilers do
 * @param calls how often, unless that takes longer
 */
record WarmUp(Duration least, Duration most, int calls) {
    /** A method is compiled for good after 15,000 calls at the latest (Tier4CompileThreshold), which it may get two by two. */
    static final int COMPILED = 20_000;

    boolean isOver(long nanos, long called, boolean compiling) {
        return nanos > most.toNanos() || (nanos > least.toNanos() && called >= calls && !compiling);
    }
}
