package io.contextdb.spi.graph;

import io.contextdb.spi.internal.Check;
import io.contextdb.spi.value.Interval;

/**
 * Which version of an entity this is, and when it holds.
 *
 * @param version 1 for the first; gapless per entity (contract G8)
 * @param validity when the statement is true in the world
 * @param transaction when the system held this version as the current one: from its commit to the commit of the next
 *     (N1); assigned by the store
 * @param retraction reason of the retraction that this version records, or "" if it is none (N5)
 */
public record Revision(long version, Interval validity, Interval transaction, String retraction) {
    /** Refuses nulls. */
    public Revision {
        Check.range("revision.version", version, 1, Long.MAX_VALUE);
        Check.notNull("revision.validity", validity);
        Check.notNull("revision.transaction", transaction);
        Check.notNull("revision.retraction", retraction);
    }

    /** Returns whether this version records a retraction. */
    public boolean retracted() {
        return !retraction.isEmpty();
    }

    /** Returns the same version with its transaction time closed, as the store does when it appends the next one. */
    public Revision supersededAt(java.time.Instant instant) {
        return new Revision(version, validity, transaction.endingAt(instant), retraction);
    }
}
