package io.contextdb.spi.value;

import io.contextdb.spi.internal.Check;

/**
 * What every read carries: where, until when, and what it must see at least.
 *
 * @param namespace the namespace that is read; nothing of another shows (contract G1)
 * @param deadline when the call must have ended (G10)
 * @param atLeast the commit that the read must see (G7); {@link CommitToken#NONE} if none
 */
public record ReadScope(NamespaceName namespace, Deadline deadline, CommitToken atLeast) {
    /** Refuses nulls. */
    public ReadScope {
        Check.notNull("namespace", namespace);
        Check.notNull("deadline", deadline);
        Check.notNull("atLeast", atLeast);
    }
}
