package io.contextdb.internal.scaled;

import io.contextdb.spi.error.ContextNonTransientException;
import io.contextdb.spi.journal.Follower;
import io.contextdb.spi.journal.JournalEntry;
import io.contextdb.spi.journal.JournalPosition;
import io.contextdb.spi.value.Deadline;
import java.util.List;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives a home what committed batches have for it, where the writer did not live to do it, or the home lost it again. What it has
 * already it does not take twice.
 */
record Finishing(Home home, Settlement settlement) implements Following {
    private static final Logger LOG = LoggerFactory.getLogger(Finishing.class);

    @Override
    public String name() {
        return home.name();
    }

    @Override
    public Follower store() {
        return home.participant();
    }

    @Override
    public void take(List<JournalEntry> entries, Epochs.Epoch epoch, Supplier<Deadline> calls) {
        for (JournalEntry entry : entries) {
            if (entry.note().size() > 0) {
                take(entry, calls);
            }
        }
    }

    private void take(JournalEntry entry, Supplier<Deadline> calls) {
        Deadline deadline = calls.get();
        try {
            settlement.call(home, entry.namespace(), deadline, () -> {
                settlement.finish(home, entry, deadline);
                return true;
            });
        } catch (ContextNonTransientException never) {
            // Possible only where the home lost more than this batch: what it was judged by is gone.
            LOG.error("{} cannot take its part of batch {}: {}", name(), entry.operationId(), never.getMessage());
        }
    }

    /** A home that lost its watermark may have lost anything: all that is still noted is given to it again. */
    @Override
    public JournalPosition begin(Epochs.Epoch epoch, JournalPosition end, Supplier<Deadline> calls) {
        return JournalPosition.START;
    }
}
