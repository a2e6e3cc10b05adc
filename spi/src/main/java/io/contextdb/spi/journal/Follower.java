package io.contextdb.spi.journal;

import io.contextdb.spi.value.Deadline;
import java.util.Optional;

/**
 * A store that keeps how far it has followed another's journal, beside what it has of it: a loss of its last writes takes the
 * watermark back with them, so that they are made again (contract S4). Thread-safe.
 */
public interface Follower {
    /** Returns the watermark; empty if there is none, as in an empty or replaced store. */
    Optional<Watermark> watermark(Deadline deadline);

    /**
     * Sets the watermark, whatever it was. What was written before must not be lost where the new watermark is not: it goes the
     * same way, after it.
     */
    void advance(Watermark watermark, Deadline deadline);
}
