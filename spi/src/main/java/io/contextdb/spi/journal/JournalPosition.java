package io.contextdb.spi.journal;

import io.contextdb.spi.internal.Check;

/**
 * A place in the journal of a store. The order of positions is the order in which a reader goes on, not that of time.
 *
 * @param transaction the store's transaction; 0 or more
 * @param commit number of the commit within the store; 0 or more
 */
public record JournalPosition(long transaction, long commit) implements Comparable<JournalPosition> {
    /** Before every entry. */
    public static final JournalPosition START = new JournalPosition(0, 0);

    /** Checks the parts. */
    public JournalPosition {
        Check.range("position.transaction", transaction, 0, Long.MAX_VALUE);
        Check.range("position.commit", commit, 0, Long.MAX_VALUE);
    }

    @Override
    public int compareTo(JournalPosition other) {
        int byTransaction = Long.compare(transaction, other.transaction);
        return byTransaction != 0 ? byTransaction : Long.compare(commit, other.commit);
    }

    @Override
    public String toString() {
        return transaction + "-" + commit;
    }
}
