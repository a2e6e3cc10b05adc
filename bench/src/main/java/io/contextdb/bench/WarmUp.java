package io.contextdb.bench;

import java.time.Duration;

/**
 * How long a side runs before its rounds count: until the compilers of the Java machine are idle, and it was called so often that
 * the last of them has had what it calls. A side too slow for that is given no more time than any other.
 *
 * @param least how long at least
 * @param most how long at most, whatever the compilers do
 * @param calls how often, if it can be called so often in that time
 */
record WarmUp(Duration least, Duration most, int calls) {
    /** C2 takes a method after 5,000 calls that were profiled, or later while it is busy; not all are called each time. */
    static final int COMPILED = 15_000;

    /** Returns whether a side is warm that has been called so often in so many nanoseconds. */
    boolean isOver(long nanos, long called, boolean compiling) {
        if (nanos <= least.toNanos()) {
            return false;
        }
        boolean inReach = (double) called * most.toNanos() / nanos >= calls;
        return nanos > most.toNanos() || (!compiling && (called >= calls || !inReach));
    }
}
