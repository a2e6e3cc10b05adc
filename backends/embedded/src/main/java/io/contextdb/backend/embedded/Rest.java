package io.contextdb.backend.embedded;

import java.util.concurrent.TimeUnit;

/** How long to rest before what failed is tried again: not at all at first, then twice as long each time, up to a minute. */
final class Rest {
    private static final long FIRST = TimeUnit.SECONDS.toNanos(1);
    private static final long LONGEST = TimeUnit.MINUTES.toNanos(1);
    /** What has worked for so long starts anew. */
    private static final long FORGIVEN_AFTER = TimeUnit.MINUTES.toNanos(10);

    private volatile int failures;
    private volatile long since;

    /** Counts a failure and returns the nanoseconds to rest. */
    long failed(long now) {
        int times = failures > 0 && now - since > FORGIVEN_AFTER ? 1 : failures + 1;
        failures = times;
        since = now;
        return times == 1 ? 0 : Math.min(LONGEST, FIRST << Math.min(16, times - 2));
    }

    /** Returns how often it failed, of late. */
    int failures() {
        return failures;
    }
}
