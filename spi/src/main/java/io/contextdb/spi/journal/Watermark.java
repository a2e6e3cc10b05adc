package io.contextdb.spi.journal;

import io.contextdb.spi.internal.Check;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How far a store has followed a journal.
 *
 * @param source which store it follows, and which of its histories, as the driver names them: 1 to 1,024 bytes
 * @param epoch counts the histories of that store, from 0
 * @param position the last entry of which, and of all before it, the store has what concerns it
 * @param at when that entry was committed, by the clock of the store that is followed
 * @param incarnation the store's {@link Follower#incarnation} in which that was written; "" if unknown
 * @param certain a position that it had reached long before, so that no crash takes it back; null if there is none
 */
public record Watermark(
        String source,
        long epoch,
        JournalPosition position,
        Instant at,
        String incarnation,
        @Nullable JournalPosition certain) {
    /** Checks the parts. */
    public Watermark {
        Check.text("watermark.source", source, 1, 1024);
        Check.range("watermark.epoch", epoch, 0, Projection.MAX_EPOCH);
        Check.notNull("watermark.position", position);
        Check.notNull("watermark.at", at);
        Check.text("watermark.incarnation", incarnation, 0, Follower.MAX_INCARNATION_BYTES);
    }

    /** Creates one of which only the position is known. */
    public Watermark(String source, long epoch, JournalPosition position, Instant at) {
        this(source, epoch, position, at, "", null);
    }
}
