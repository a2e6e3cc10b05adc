package io.contextdb.internal.scaled;

import io.contextdb.spi.error.ContextException;
import io.contextdb.spi.journal.JournalPosition;
import io.contextdb.spi.journal.Projection;
import io.contextdb.spi.journal.Watermark;
import io.contextdb.spi.value.Deadline;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * How a copy stands, for searches: its watermark, which is read again every few milliseconds, and whether it answers at all. An older
 * watermark is as right as a newer one, it only makes more to look through; but one that the store has lost since is not, so every failure of the
 * store makes it be asked again. Thread-safe.
 */
final class Standing {
    private static final Duration KEPT = Duration.ofMillis(50);
    private static final Duration ASKED_AGAIN = Duration.ofMillis(500);
    /** One that does not answer costs a search no more than this, however much time it has. */
    static final Duration PATIENCE = Duration.ofSeconds(1);

    private static final Duration DOUBTED = Duration.ofSeconds(30);
    private static final Duration EPOCH_KEPT = Duration.ofSeconds(1);

    private final Projection projection;
    private final Epochs epochs;
    private final DeadLetters dead;
    private final InstantSource clock;

    /**
     * Where a copy stands.
     *
     * @param line the history of the source in which that holds
     * @param incarnation the life of the store in which that holds
     * @param position what it has is at least as new
     * @param dead points that it could not take, by the number of their space
     */
    record Place(String line, String incarnation, JournalPosition position, Map<Long, Set<UUID>> dead) {}

    private record Known(Optional<Place> place, Instant until) {}

    private record KnownEpoch(Epochs.Epoch epoch, Instant until) {}

    private volatile @Nullable Known known;
    private volatile String incarnation = "";
    private volatile Instant doubtedUntil = Instant.MIN;
    private volatile @Nullable KnownEpoch epoch;

    Standing(Projection projection, Epochs epochs, DeadLetters dead, InstantSource clock) {
        this.projection = projection;
        this.epochs = epochs;
        this.dead = dead;
        this.clock = clock;
    }

    /** Returns where it stands; empty if the copy is not to be asked: it does not answer, or has not all that it should have. */
    Optional<Place> place(Deadline deadline) {
        Instant now = clock.instant();
        Known last = known;
        if (last != null && now.isBefore(last.until())) {
            return last.place();
        }
        if (last != null && last.place().isEmpty()) {
            // Whoever asks again asks for all: where it does not answer, the others need not wait for it.
            failed();
        }
        try {
            Epochs.Epoch current = epoch(now, deadline);
            // Only now: what the source takes is not the copy's.
            Deadline share = Share.of(deadline, PATIENCE);
            String life = projection.incarnation(share);
            if (!life.equals(incarnation)) {
                incarnation = life;
                doubtedUntil = now.plus(DOUBTED);
            }
            // The dead letters last: one that was written before the watermark moved is among them.
            Optional<Place> asked = projection
                    .watermark(share)
                    .filter(mark -> current.isOf(mark) && !Following.isTooOld(mark, now))
                    .map(mark -> position(mark, life, now))
                    .map(position -> new Place(current.line(), life, position, dead.list(deadline)));
            known = new Known(asked, now.plus(KEPT));
            return asked;
        } catch (ContextException failed) {
            deadline.check("vectors.search");
            failed();
            return Optional.empty();
        }
    }

    /** After a restart the relay goes back a little; until it has, only what is certain is relied on. */
    private @Nullable JournalPosition position(Watermark mark, String life, Instant now) {
        boolean trusted = mark.incarnation().equals(life) || !now.isBefore(doubtedUntil);
        return trusted ? mark.position() : mark.certain();
    }

    private Epochs.Epoch epoch(Instant now, Deadline deadline) {
        KnownEpoch last = epoch;
        if (last != null && now.isBefore(last.until())) {
            return last.epoch();
        }
        Epochs.Epoch current = epochs.current(deadline);
        epoch = new KnownEpoch(current, now.plus(EPOCH_KEPT));
        return current;
    }

    /** Says that the copy did not answer: it is left alone for a moment. */
    void failed() {
        known = new Known(Optional.empty(), clock.instant().plus(ASKED_AGAIN));
    }
}
