package io.contextdb.spi.journal;

import io.contextdb.spi.internal.Check;
import java.time.Instant;

/**
 * How far a store has followed a journal.
 *
 * @param source identity of the store that it follows, 1 to 256 bytes
 * @param epoch counts the histories of that store, from 0
 * @param position the last entry of which, and of all before it, the store has what concerns it
 * @param at when that was so, by the clock of the store that is followed
 */
public record Watermark(String source, long epoch, JournalPosition position, Instant at) {
    /** Checks the parts. */
    public Watermark {
        Check.text("watermark.source", source, 1, 256);
        Check.range("watermark.epoch", epoch, 0, Projection.MAX_EPOCH);
        Check.notNull("watermark.position", position);
        Check.notNull("watermark.at", at);
    }
}
