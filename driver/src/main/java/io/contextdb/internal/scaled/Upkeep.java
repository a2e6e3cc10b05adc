package io.contextdb.internal.scaled;

import io.contextdb.spi.error.ContextException;
import io.contextdb.spi.journal.Journal;
import io.contextdb.spi.journal.JournalPosition;
import io.contextdb.spi.journal.Watermark;
import io.contextdb.spi.value.Deadline;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is done now and then: counts how far the copy is behind, removes spaces from it that were dropped, and empties notes that every
 * home has had for a while, so that the journal does not keep what was erased since. Thread-safe.
 */
final class Upkeep implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Upkeep.class);
    private static final Duration COUNTS = Duration.ofSeconds(1);
    private static final Duration FORGETS = Duration.ofMinutes(1);
    private static final Duration CALL = Duration.ofSeconds(10);
    /** How long it waits for a copy that does not answer, before it counts without. */
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    /** Longer than a home may lose of its last writes. */
    static final Duration NOTES_KEPT = Duration.ofMinutes(10);

    /** After this, notes are empty, unless a home has not had what they say. */
    static final Duration NOTES_GONE = NOTES_KEPT.plus(FORGETS);

    private final Stores stores;
    private final Epochs epochs;
    private final Lives lives;
    private final @Nullable Comparison relayed;
    private final InstantSource clock;
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("contextdb-upkeep").daemon().factory());
    /** Where the copy was when it last answered. */
    private volatile @Nullable JournalPosition reached;

    private volatile long behind;

    /** Creates it; {@code relayed} is the comparison of the copy if it is this process that takes the copy along. */
    Upkeep(Stores stores, Epochs epochs, Lives lives, @Nullable Comparison relayed, InstantSource clock) {
        this.stores = stores;
        this.epochs = epochs;
        this.lives = lives;
        this.relayed = relayed;
        this.clock = clock;
    }

    void start() {
        if (stores.projection().isPresent()) {
            every(COUNTS, this::count);
        }
        Comparison ours = relayed;
        if (ours != null) {
            every(FORGETS, () -> forgetDropped(ours));
        }
        if (!stores.homes().isEmpty()) {
            every(FORGETS, this::forgetNotes);
        } else if (stores.projection().isPresent()) {
            every(FORGETS, this::forgetMarks);
        }
    }

    private void every(Duration time, Runnable task) {
        ScheduledFuture<?> untilClosed =
                thread.scheduleWithFixedDelay(() -> tried(task), 0, time.toMillis(), TimeUnit.MILLISECONDS);
        LOG.trace("scheduled {}", untilClosed);
    }

    private static void tried(Runnable task) {
        try {
            task.run();
        } catch (ContextException failed) {
            LOG.debug("a store does not answer; asked again later", failed);
        } catch (RuntimeException | Error failed) {
            // Thrown on, it would end what is to be done again and again, and nobody would be told.
            LOG.error("upkeep failed; tried again later", failed);
        }
    }

    /** Returns how many entries the copy was behind a moment ago, by where it was when it last answered. */
    long behind() {
        return behind;
    }

    /** Hears where the copy is. */
    void saw(JournalPosition position) {
        reached = position;
    }

    private void count() {
        Deadline deadline = Deadline.after(CALL);
        try {
            reached = stores.projection()
                    .orElseThrow()
                    .watermark(Share.of(deadline, PATIENCE))
                    .filter(mark -> !Epochs.isBegun(mark))
                    .map(Watermark::position)
                    .orElse(null);
        } catch (ContextException down) {
            LOG.debug("the copy does not answer; it is where it was", down);
        }
        JournalPosition from = reached;
        behind = from == null ? 0 : stores.journal().backlog(from, deadline).entries();
    }

    private void forgetDropped(Comparison comparison) {
        Deadline deadline = Deadline.after(CALL);
        comparison.forgetDropped(epochs.current(deadline), deadline);
    }

    private void forgetNotes() {
        Deadline deadline = Deadline.after(CALL);
        JournalPosition upTo = null;
        Instant before = clock.instant().minus(NOTES_KEPT);
        for (Home home : stores.homes()) {
            Optional<Watermark> mark = home.participant().watermark(deadline);
            if (mark.isEmpty()) {
                return;
            }
            JournalPosition position = mark.get().position();
            upTo = upTo == null || position.compareTo(upTo) < 0 ? position : upTo;
        }
        if (upTo != null) {
            stores.journal().forgetNotes(upTo, before, deadline);
        }
    }

    /**
     * Without homes, notes are those of {@link JournalMark} alone, which tell nobody anything. Where there were homes, other processes may
     * still have them, and notes that these wait for.
     */
    private void forgetMarks() {
        Deadline deadline = Deadline.after(CALL);
        if (!lives.areKnown(deadline)) {
            Journal journal = stores.journal();
            journal.forgetNotes(journal.end(deadline), clock.instant().minus(NOTES_KEPT), deadline);
        }
    }

    @Override
    public void close() {
        thread.shutdownNow();
        try {
            if (!thread.awaitTermination(CALL.toSeconds(), TimeUnit.SECONDS)) {
                LOG.warn("a store has not answered for {} s", CALL.toSeconds());
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
