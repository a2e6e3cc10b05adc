package io.contextdb.spi.journal;

import io.contextdb.spi.internal.Check;
import java.time.Duration;

/**
 * How much of a journal lies after a position.
 *
 * @param entries how many entries, committed ones that cannot be handed out yet included
 * @param age how long ago the oldest of them was committed; zero if there is none
 */
public record Backlog(long entries, Duration age) {
    /** Checks the parts. */
    public Backlog {
        Check.range("backlog.entries", entries, 0, Long.MAX_VALUE);
        Check.notNull("backlog.age", age);
    }
}
