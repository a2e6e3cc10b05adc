package io.contextdb.spi.event;

import io.contextdb.spi.internal.Check;
import java.time.Instant;

/**
 * An event that was handed to a member of a consumer group.
 *
 * @param event the event
 * @param attempt 1 for the first delivery
 * @param visibleAgainAt when it is delivered again unless it is acknowledged
 */
public record Delivery(Event event, int attempt, Instant visibleAgainAt) {
    /** Refuses nulls. */
    public Delivery {
        Check.notNull("delivery.event", event);
        Check.range("delivery.attempt", attempt, 1, Integer.MAX_VALUE);
        Check.notNull("delivery.visibleAgainAt", visibleAgainAt);
    }
}
