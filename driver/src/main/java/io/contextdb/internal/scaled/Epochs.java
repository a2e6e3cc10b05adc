package io.contextdb.internal.scaled;

import io.contextdb.spi.journal.History;
import io.contextdb.spi.journal.Journal;
import io.contextdb.spi.journal.Projection;
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

    /**
     * An epoch.
     *
     * @param source identity of the source
     * @param number which of its histories this is, from 0
     */
    record Epoch(String source, long number) {
        /** Returns the version that a copy gives to what a commit of the source made. */
        long stamp(long commit) {
            return number * Projection.EPOCH_VERSIONS + commit;
        }
    }

    private final Journal journal;
    private final SystemKeys keys;

    Epochs(Journal journal, SystemKeys keys) {
        this.journal = journal;
        this.keys = keys;
    }

    /** Asks the source, and begins a new epoch if its history is not the one of the last. */
    Epoch current(Deadline deadline) {
        while (true) {
            History history = journal.history(deadline);
            Optional<KeyEntry> stored = keys.get(KEY, deadline);
            if (stored.isPresent()) {
                String[] parts = stored.get().value().utf8().split(" ", 2);
                if (parts[1].equals(history.line())) {
                    return new Epoch(history.source(), Long.parseLong(parts[0]));
                }
                long next = Long.parseLong(parts[0]) + 1;
                begin(next, history, Condition.version(stored.get().version()), deadline);
            } else {
                begin(0, history, Condition.absent(), deadline);
            }
        }
    }

    /** Somebody else may be faster; then the next look finds what they began. */
    private void begin(long number, History history, Condition condition, Deadline deadline) {
        keys.put(KEY, number + " " + history.line(), condition, deadline);
    }
}
