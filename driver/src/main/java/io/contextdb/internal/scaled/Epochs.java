package io.contextdb.internal.scaled;

import io.contextdb.spi.error.InvalidRequestException;
import io.contextdb.spi.journal.History;
import io.contextdb.spi.journal.Journal;
import io.contextdb.spi.journal.JournalPosition;
import io.contextdb.spi.journal.Projection;
import io.contextdb.spi.journal.Watermark;
import io.contextdb.spi.key.KeyEntry;
import io.contextdb.spi.value.Deadline;
import io.contextdb.spi.write.Condition;
import java.util.Optional;

/**
 * Counts the histories of the source. Where it may have lost commits, numbers of commits may be given again, to other batches; a
 * new epoch makes all that is written from then on newer than whatever was copied before. Thread-safe.
 */
final class Epochs {
    private static final String KEY = "epoch";
    private static final String BETWEEN = " / ";
    private static final String BEGUN = " (begun)";

    /**
     * An epoch.
     *
     * @param source identity of the source
     * @param line its history
     * @param number which of its histories this is, from 0
     */
    record Epoch(String source, String line, long number) {
        /** Returns the version that a copy gives to what a commit of the source made. */
        long stamp(long commit) {
            return number * Projection.EPOCH_VERSIONS + commit;
        }

        /** Refuses to go on by this epoch where a version that a copy has is of a later one. */
        void checkNotLater(long version) {
            long other = version / Projection.EPOCH_VERSIONS;
            if (other > number) {
                throw new LaterEpochException(other);
            }
        }

        /** Returns what watermarks of this epoch say that they follow. */
        String followed() {
            return source + BETWEEN + line;
        }

        /** Returns what a watermark says of a store that does not follow this epoch yet, but may be given states of it. */
        String begun() {
            return followed() + BEGUN;
        }

        /** Returns whether a watermark says that this very epoch was begun. */
        boolean isBegunBy(Watermark mark) {
            return mark.epoch() == number && mark.source().equals(begun());
        }

        /** Returns whether a watermark is of this very history. */
        boolean isOf(Watermark mark) {
            return mark.epoch() == number && mark.source().equals(followed());
        }

        /** Returns whether a store with a watermark has what was committed at a position of this history, and before. */
        boolean covers(Watermark mark, JournalPosition position) {
            return isOf(mark) && mark.position().compareTo(position) >= 0;
        }

        /** Refuses a watermark of another store: what its store has belongs to that. */
        void checkSource(String follower, Watermark mark) {
            if (!mark.source().startsWith(source + BETWEEN)) {
                throw new InvalidRequestException(
                        follower,
                        "follows another store (" + mark.source() + ", not " + followed()
                                + "); give it another prefix, or an empty store");
            }
        }
    }

    /** Returns whether a watermark says no more than that an epoch was begun: its store is being filled. */
    static boolean isBegun(Watermark mark) {
        return mark.source().endsWith(BEGUN);
    }

    private final Journal journal;
    private final SystemKeys keys;

    Epochs(Journal journal, SystemKeys keys) {
        this.journal = journal;
        this.keys = keys;
    }

    /** Asks the source, and begins a new epoch if its history is not the one of the last. */
    Epoch current(Deadline deadline) {
        return current(0, deadline);
    }

    /**
     * The same, with a number that is not less than another: a source that lost commits may have lost the beginning of an epoch too,
     * of which a copy has heard.
     */
    Epoch current(long atLeast, Deadline deadline) {
        while (true) {
            History history = journal.history(deadline);
            Optional<KeyEntry> stored = keys.get(KEY, deadline);
            if (stored.isPresent()) {
                String[] parts = stored.get().value().utf8().split(" ", 2);
                boolean same = parts[1].equals(history.line());
                if (same && Long.parseLong(parts[0]) >= atLeast) {
                    return new Epoch(history.source(), history.line(), Long.parseLong(parts[0]));
                }
                long next = Math.max(atLeast, Long.parseLong(parts[0]) + (same ? 0 : 1));
                begin(next, history, Condition.version(stored.get().version()), deadline);
            } else {
                begin(atLeast, history, Condition.absent(), deadline);
            }
        }
    }

    /** Returns the epoch by which to go on after a later one was found; where the source has lost that, one after it begins. */
    Epoch after(LaterEpochException later, Deadline deadline) {
        Epoch fresh = current(deadline);
        return fresh.number() < later.number() ? current(later.number() + 1, deadline) : fresh;
    }

    /** Somebody else may be faster; then the next look finds what they began. */
    private void begin(long number, History history, Condition condition, Deadline deadline) {
        keys.put(KEY, number + " " + history.line(), condition, deadline);
    }
}
