package io.contextdb.spi.write;

import io.contextdb.spi.event.Delivery;
import io.contextdb.spi.event.EventPosition;
import io.contextdb.spi.internal.Check;
import java.time.Duration;
import java.util.List;
import java.util.UUID;

/** What one mutation of a batch did. */
public sealed interface MutationResult {
    /** It is done; there is nothing more to say. */
    record Done() implements MutationResult {}

    /**
     * The entity was written.
     *
     * @param version its version now
     */
    record Written(long version) implements MutationResult {}

    /**
     * Another node carries the fingerprint, so nothing was written (N10).
     *
     * @param id that node
     * @param version its version
     */
    record Existing(UUID id, long version) implements MutationResult {}

    /**
     * The condition did not hold and the mutation was left out, as asked.
     *
     * @param currentVersion the entity's version; 0 if it is absent
     */
    record Skipped(long currentVersion) implements MutationResult {}

    /**
     * Something was removed or settled.
     *
     * @param count how many
     */
    record Removed(long count) implements MutationResult {}

    /**
     * A counter was changed.
     *
     * @param value its value now
     * @param version its version now
     */
    record Counter(long value, long version) implements MutationResult {}

    /**
     * A limiter answered (K4).
     *
     * @param allowed whether the permits were given
     * @param remaining permits left in the window that ends now
     * @param retryAfter when it is worth asking again; zero if allowed
     */
    record Permits(boolean allowed, long remaining, Duration retryAfter) implements MutationResult {}

    /**
     * An event was appended.
     *
     * @param position its place in the log
     */
    record Appended(EventPosition position) implements MutationResult {}

    /**
     * Events were claimed.
     *
     * @param deliveries the events, oldest first
     */
    record Claimed(List<Delivery> deliveries) implements MutationResult {
        /** Copies. */
        public Claimed {
            deliveries = Check.list("claimed.deliveries", deliveries, 1_000);
        }
    }
}
