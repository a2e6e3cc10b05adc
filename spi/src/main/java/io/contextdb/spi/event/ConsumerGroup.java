package io.contextdb.spi.event;

import io.contextdb.spi.internal.Check;
import io.contextdb.spi.internal.TextRule;
import java.time.Duration;
import java.time.temporal.ChronoUnit;

/**
 * A durable consumer group: its members share the events of a log (contract E3).
 *
 * @param name 1 to 128 bytes
 * @param from events after this position are delivered
 * @param visibility how long a claimed event stays with its member before it is delivered again; 10 ms to 12 h, cut to whole
 *     milliseconds
 * @param maxAttempts deliveries, 1 to 1,000, after which an event goes to the dead letters
 */
public record ConsumerGroup(String name, EventPosition from, Duration visibility, int maxAttempts) {
    private static final Duration SHORTEST = Duration.ofMillis(10);
    private static final Duration LONGEST = Duration.ofHours(12);

    /** Checks the parts, and cuts the visibility to whole milliseconds. */
    public ConsumerGroup {
        TextRule.GROUP.check("group.name", name);
        Check.notNull("group.from", from);
        visibility = Check.duration("group.visibility", visibility, SHORTEST, LONGEST)
                .truncatedTo(ChronoUnit.MILLIS);
        Check.range("group.maxAttempts", maxAttempts, 1, 1_000);
    }

    /** Returns a group that reads the whole log, with 30 s of visibility and 5 attempts. */
    public static ConsumerGroup named(String name) {
        return new ConsumerGroup(name, EventPosition.START, Duration.ofSeconds(30), 5);
    }
}
