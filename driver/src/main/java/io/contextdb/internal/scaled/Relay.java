package io.contextdb.internal.scaled;

import io.contextdb.spi.error.InvalidRequestException;
import io.contextdb.spi.journal.Journal;
import io.contextdb.spi.journal.JournalEntry;
import io.contextdb.spi.journal.JournalPosition;
import io.contextdb.spi.journal.Watermark;
import io.contextdb.spi.value.Deadline;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
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
    /** Where the follower is; null until it was asked, and again after every failure. */
    private @Nullable Watermark mark;

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
        } catch (RuntimeException failed) {
            mark = null;
            epoch = null;
            throw failed;
        }
    }

    private Pass tryPass() {
        if (!lease.isHeld(calls.get())) {
            mark = null;
            return Pass.NOT_OURS;
        }
        Epochs.Epoch now = epoch();
        Watermark at = mark;
        if (at == null) {
            Optional<Watermark> stored = following.store().watermark(calls.get());
            stored.ifPresent(found -> checkSource(found, now));
            if (stored.isEmpty() || stored.get().epoch() != now.number()) {
                begin(now);
                return Pass.WORKED;
            }
            at = stored.get();
            mark = at;
        }
        List<JournalEntry> entries = journal.read(at.position(), ENTRIES, calls.get());
        if (entries.isEmpty()) {
            return Pass.IDLE;
        }
        following.take(entries, now, calls);
        JournalEntry last = entries.get(entries.size() - 1);
        advance(new Watermark(now.source(), now.number(), last.position(), last.committedAt()));
        return Pass.WORKED;
    }

    private Epochs.Epoch epoch() {
        Epochs.Epoch known = epoch;
        Instant now = clock.instant();
        if (known != null && now.isBefore(historyLookedAt.plus(LOOKS_AT_HISTORY))) {
            return known;
        }
        Epochs.Epoch current = epochs.current(calls.get());
        if (!current.equals(known)) {
            mark = null;
        }
        epoch = current;
        historyLookedAt = now;
        return current;
    }

    private void checkSource(Watermark found, Epochs.Epoch now) {
        if (!found.source().equals(now.source())) {
            throw new InvalidRequestException(
                    following.name(),
                    "follows another store (" + found.source() + ", not " + now.source()
                            + "); give it another prefix, or an empty store");
        }
    }

    private void begin(Epochs.Epoch now) {
        JournalPosition end = journal.end(calls.get());
        Instant at = clock.instant();
        JournalPosition from = following.begin(now, end, calls);
        advance(new Watermark(now.source(), now.number(), from, at));
    }

    private void advance(Watermark to) {
        following.store().advance(to, calls.get());
        mark = to;
    }

    /** Lets another driver go on at once. */
    void stop() {
        lease.release(calls.get());
    }
}
