package io.contextdb.internal.scaled;

import io.contextdb.spi.error.ContextNonTransientException;
import io.contextdb.spi.journal.Follower;
import io.contextdb.spi.journal.Journal;
import io.contextdb.spi.journal.JournalEntry;
import io.contextdb.spi.journal.JournalPosition;
import io.contextdb.spi.journal.Watermark;
import io.contextdb.spi.value.Deadline;
import java.util.List;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives a home what committed batches have for it, where the writer did not live to do it, or the home lost it again. What it has
 * already it does not take twice. A home that was restarted serves nobody until it has all that was committed before (contract S8):
 * that is known by an entry that is written to the journal then, as all that was committed before comes before it, and what was held
 * before is not committed any more. Used by one thread.
 */
final class Finishing implements Following {
    private static final Logger LOG = LoggerFactory.getLogger(Finishing.class);

    private final Home home;
    private final Journal journal;
    private final Settlement settlement;
    private final Lives lives;
    private String life = "";
    /** The entry up to which the home must be given all again before it serves; null if it has that. */
    private @Nullable UUID until;

    Finishing(Home home, Journal journal, Settlement settlement, Lives lives) {
        this.home = home;
        this.journal = journal;
        this.settlement = settlement;
        this.lives = lives;
    }

    @Override
    public String name() {
        return home.name();
    }

    @Override
    public Follower store() {
        return home.participant();
    }

    /** The home lost the last of what it wrote, the watermark with it, so what is before the watermark is there. */
    @Override
    public @Nullable JournalPosition from(Watermark mark, String incarnation) {
        return mark.position();
    }

    @Override
    public void meet(String incarnation, boolean served, Supplier<Deadline> calls) {
        if (served) {
            until = null;
        } else if (!incarnation.equals(life)) {
            // In the same life an earlier mark is as good.
            lives.begin(home, incarnation, calls.get());
            until = JournalMark.write(journal, calls.get());
        }
        life = incarnation;
    }

    @Override
    public boolean isWhole() {
        return until == null;
    }

    @Override
    public void take(List<JournalEntry> entries, Epochs.Epoch epoch, Supplier<Deadline> calls) {
        for (JournalEntry entry : entries) {
            if (entry.note().size() > 0) {
                take(entry, calls.get());
            }
        }
        if (entries.stream().anyMatch(entry -> entry.operationId().equals(until))) {
            until = null;
        }
    }

    private void take(JournalEntry entry, Deadline deadline) {
        try {
            settlement.restore(home, entry, life, deadline);
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
