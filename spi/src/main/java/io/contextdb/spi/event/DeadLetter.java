package io.contextdb.spi.event;

import io.contextdb.spi.internal.Check;

/**
 * An event that a consumer group gave up.
 *
 * @param event the event
 * @param attempts how often it was delivered
 */
public record DeadLetter(Event event, int attempts) {
    /** Refuses null. */
    public DeadLetter {
        Check.notNull("deadLetter.event", event);
    }
}
