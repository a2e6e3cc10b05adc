package io.contextdb.spi;

import io.contextdb.spi.internal.Check;
import java.time.Duration;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * How a store is, as it answered when asked.
 *
 * @param status the verdict
 * @param roundTrip how long the question took
 * @param details facts behind it, without secrets: lag, pool, what is wrong
 */
public record Health(Status status, Duration roundTrip, Map<String, String> details) {
    /** The verdict. */
    public enum Status {
        /** Everything works. */
        UP,
        /** It works, but something that it promises is at risk; the details say what. */
        DEGRADED,
        /** It does not answer, or cannot be used. */
        DOWN
    }

    /** Copies. */
    public Health {
        Check.notNull("health.status", status);
        Check.notNull("health.roundTrip", roundTrip);
        details = Collections.unmodifiableMap(new TreeMap<>(Check.notNull("health.details", details)));
    }
}
