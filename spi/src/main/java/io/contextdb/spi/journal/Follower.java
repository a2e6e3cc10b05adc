package io.contextdb.spi.journal;

import io.contextdb.spi.value.Deadline;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A store that keeps how far it has followed another's journal, beside what it has of it: a loss of its last writes takes the
 * watermark back with them, so that they are made again (contract S4). Thread-safe.
 */
public interface Follower {
    /** Longest name of an incarnation, in bytes of UTF-8. */
    int MAX_INCARNATION_BYTES = 128;

    /**
     * Returns a name for the store's present life: letters, digits, {@code .}, {@code :}, {@code /} and {@code -}. It is another after
     * each restart of the store and wherever another server takes its place, as what was written last may be lost then; it may
     * change more often, and be another in another process.
     */
    String incarnation(Deadline deadline);

    /** Returns the watermark; empty if there is none, as in an empty or replaced store. */
    Optional<Watermark> watermark(Deadline deadline);

    /**
     * Moves the watermark, if it is where it is thought to be; else what it covered was lost, or somebody else was faster, and
     * nothing is changed. What was written before must not be lost where the new watermark is not: it goes the same way, after it.
     *
     * @param from the watermark as it was read or set last; null for none
     * @param to the new one, whatever it is
     * @return whether it was moved
     * @throws io.contextdb.spi.error.ContextUnavailableException by a {@link Participant}, if the new one names an incarnation that
     *     is not the store's present one: what it covers may be lost
     */
    boolean advance(@Nullable Watermark from, Watermark to, Deadline deadline);
}
