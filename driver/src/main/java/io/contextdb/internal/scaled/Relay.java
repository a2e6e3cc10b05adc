package io.contextdb.internal.scaled;

import io.contextdb.spi.journal.Journal;
import io.contextdb.spi.journal.JournalEntry;
import io.contextdb.spi.journal.JournalPosition;
import io.contextdb.spi.journal.Watermark;
import io.contextdb.spi.value.Deadline;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Takes one follower along the journal, a pass at a time: read entries after its watermark, give it what they ask for, then move the
 * watermark, in the follower itself and never past entries that were seen. A pass may die anywhere and be done again by anyone.
 * Used by one thread.
 */
final class Relay {
    private static final int ENTRIES = 1_000;
    private static final Duration LOOKS_AT_HISTORY = Duration.ofSeconds(1);
    /** How old a watermark becomes where nothing changes; {@link Following#ENTRIES_KEPT} must be far longer. */
    private static final Duration CONFIRMED = Duration.ofHours(1);

    /** What a pass did. */
    enum Pass {
        /** Others work for the follower. */
        NOT_OURS,
        /** There was nothing to do. */
        IDLE,
        /** There may be more to do. */
        WORKED
    }

    private final Following following;
    private final Journal journal;
    private final Epochs epochs;
    private final Lease lease;
    private final InstantSource clock;
    private final Supplier<Deadline> calls;
    private Epochs.@Nullable Epoch epoch;
    private Instant historyLookedAt = Instant.MIN;
    /** Whether the follower was asked where it is; not after a failure. */
    private boolean asked;
    /** The watermark as it was read or moved last; null if there is none. */
    private @Nullable Watermark mark;
    /** Where to read on: at the watermark, or before it where the store may have lost what came after. */
    private JournalPosition position = JournalPosition.START;
    /** The store's life in which the watermark was asked for. */
    private String incarnation = "";

    private final Certainty certainty = new Certainty();

    Relay(
            Following following,
            Journal journal,
            Epochs epochs,
            Lease lease,
            InstantSource clock,
            Supplier<Deadline> calls) {
        this.following = following;
        this.journal = journal;
        this.epochs = epochs;
        this.lease = lease;
        this.clock = clock;
        this.calls = calls;
    }

    /** Does one pass; after a failure the next begins with what the stores say. */
    Pass pass() {
        try {
            return tryPass();
        } catch (LaterEpochException later) {
            asked = false;
            epoch = null;
            epochs.after(later, calls.get());
            return Pass.WORKED;
        } catch (RuntimeException failed) {
            asked = false;
            epoch = null;
            throw failed;
        }
    }

    private Pass tryPass() {
        if (!lease.isHeld(calls.get())) {
            asked = false;
            return Pass.NOT_OURS;
        }
        Epochs.Epoch now = epoch();
        String life = following.store().incarnation(calls.get());
        if (!life.equals(incarnation)) {
            // What was written last may be lost, and nothing shows it but this.
            asked = false;
            certainty.begin();
            incarnation = life;
        }
        if (!asked) {
            Optional<Watermark> stored = following.store().watermark(calls.get());
            stored.ifPresent(found -> now.checkSource(following.name(), found));
            if (stored.filter(found -> isAhead(found, now)).isPresent()) {
                // The copy has heard of an epoch that the source has lost.
                epochs.current(stored.get().epoch() + 1, calls.get());
                epoch = null;
                return Pass.WORKED;
            }
            begin(now, stored.orElse(null), life);
            return Pass.WORKED;
        }
        List<JournalEntry> entries = journal.read(position, ENTRIES, calls.get());
        if (entries.isEmpty()) {
            confirm(now, life);
            return Pass.IDLE;
        }
        following.take(entries, now, calls);
        JournalEntry last = entries.get(entries.size() - 1);
        position = last.position();
        if (following.isWhole()) {
            advance(position, last.committedAt(), now, life);
        }
        return Pass.WORKED;
    }

    private static boolean isAhead(Watermark found, Epochs.Epoch now) {
        return found.epoch() >= now.number() && !now.isOf(found) && !now.isBegunBy(found);
    }

    private Epochs.Epoch epoch() {
        Epochs.Epoch known = epoch;
        Instant now = clock.instant();
        if (known != null && now.isBefore(historyLookedAt.plus(LOOKS_AT_HISTORY))) {
            return known;
        }
        Epochs.Epoch current = epochs.current(calls.get());
        if (!current.equals(known)) {
            asked = false;
        }
        epoch = current;
        historyLookedAt = now;
        return current;
    }

    /** Where nothing changes, the watermark says from time to time that this is so. */
    private void confirm(Epochs.Epoch now, String life) {
        Watermark known = mark;
        if (known != null
                && following.isWhole()
                && now.isOf(known)
                && known.at().isBefore(clock.instant().minus(CONFIRMED))) {
            advance(position, now(), now, life);
        }
    }

    /** Begins where the follower's watermark says, or with what it needs first if that says nothing of this epoch. */
    private void begin(Epochs.Epoch now, @Nullable Watermark stored, String life) {
        Watermark ofNow =
                stored != null && now.isOf(stored) && !Following.isTooOld(stored, clock.instant()) ? stored : null;
        mark = stored;
        following.meet(life, ofNow != null && ofNow.incarnation().equals(life), calls);
        JournalPosition from = ofNow == null ? null : following.from(ofNow, life);
        if (from != null) {
            certainty.inherit(Objects.requireNonNull(ofNow, "watermark").certain());
            position = from;
            asked = true;
            return;
        }
        if (following.isWhole() && !announce(now, life)) {
            return;
        }
        JournalPosition end = journal.end(calls.get());
        Instant at = now();
        position = following.begin(now, end, calls);
        asked = true;
        if (following.isWhole()) {
            advance(position, at, now, life);
        }
    }

    /**
     * Says in the store that an epoch was begun, before it is given anything of that: a source that loses the beginning would give its number
     * to another otherwise.
     */
    private boolean announce(Epochs.Epoch now, String life) {
        if (mark != null && now.isBegunBy(mark)) {
            return true;
        }
        Watermark begun = new Watermark(now.begun(), now.number(), JournalPosition.START, now(), life, null);
        boolean first = following.store().advance(mark, begun, calls.get());
        mark = begun;
        return first;
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MICROS);
    }

    /** A store whose watermark is not where it was left has lost something: the next pass begins where it is. */
    private void advance(JournalPosition to, Instant at, Epochs.Epoch now, String life) {
        certainty.reached(to, clock.instant());
        Watermark next = new Watermark(now.followed(), now.number(), to, at, life, certainty.certain(clock.instant()));
        asked = following.store().advance(mark, next, calls.get());
        mark = next;
    }

    /** Lets another driver go on at once. */
    void stop() {
        lease.release(calls.get());
    }
}
