package io.contextdb.internal.scaled;

import io.contextdb.spi.journal.Follower;
import io.contextdb.spi.journal.JournalEntry;
import io.contextdb.spi.journal.JournalPosition;
import io.contextdb.spi.journal.Watermark;
import io.contextdb.spi.value.Deadline;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What a kind of follower does with the journal; the way along it is the {@link Relay}'s. */
interface Following {
    /** How long a journal keeps its entries at least (contract S7). */
    Duration ENTRIES_KEPT = Duration.ofDays(7);

    /** Returns whether entries after a watermark may be forgotten, so that its store cannot go on from there. */
    static boolean isTooOld(Watermark mark, Instant now) {
        return mark.at().isBefore(now.minus(ENTRIES_KEPT));
    }

    /** Returns the follower's name: the option that named its store. */
    String name();

    /** Returns the store, which keeps the watermark. */
    Follower store();

    /**
     * Returns the position after which the store must be given everything, by the watermark of this epoch that it has.
     *
     * @param incarnation the store's present life
     * @return null if it must begin anew
     */
    @Nullable
    JournalPosition from(Watermark mark, String incarnation);

    /**
     * Hears of the store's life before anything is given to it in that.
     *
     * @param served whether its watermark was written in that life
     */
    void meet(String incarnation, boolean served, Supplier<Deadline> calls);

    /** Returns whether the store has all that it may have lost before this life; the watermark is not moved before. */
    boolean isWhole();

    /** Gives the store what entries have for it; entries may come again. */
    void take(List<JournalEntry> entries, Epochs.Epoch epoch, Supplier<Deadline> calls);

    /**
     * Gives a store without a watermark of this epoch what it needs before it can follow.
     *
     * @param calls gives each call to a store its deadline
     * @param end the journal's end before this began
     * @return the position from which it follows
     */
    JournalPosition begin(Epochs.Epoch epoch, JournalPosition end, Supplier<Deadline> calls);
}
