package io.contextdb.internal.scaled;

import io.contextdb.CopyReport;
import io.contextdb.spi.Health;
import io.contextdb.spi.error.ContextException;
import io.contextdb.spi.error.ContextThrottledException;
import io.contextdb.spi.error.ContextTimeoutException;
import io.contextdb.spi.error.ContextUnavailableException;
import io.contextdb.spi.error.Outcome;
import io.contextdb.spi.journal.Backlog;
import io.contextdb.spi.journal.Follower;
import io.contextdb.spi.journal.Journal;
import io.contextdb.spi.journal.JournalEntry;
import io.contextdb.spi.journal.JournalPosition;
import io.contextdb.spi.journal.Participant;
import io.contextdb.spi.journal.Projection;
import io.contextdb.spi.journal.Watermark;
import io.contextdb.spi.value.Deadline;
import io.contextdb.spi.value.UuidV7;
import io.contextdb.spi.vector.VectorReader;
import io.contextdb.spi.write.GraphMutation;
import io.contextdb.spi.write.VectorMutation;
import io.contextdb.spi.write.WriteBatch;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The stores that follow the source: their relays, how they stand, and what writes owe them. Thread-safe. */
final class Followers implements AutoCloseable {
    private static final String VECTORS = ScaledSettings.VECTORS.name();
    private static final Duration CALL = Duration.ofSeconds(10);
    private static final Duration ASKS_AGAIN = Duration.ofMillis(5);
    /** How long health waits for a store that does not answer. */
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private static final Duration SLOWED = Duration.ofMillis(100);

    private final Stores stores;
    private final ScaledSettings settings;
    private final Epochs epochs;
    private final @Nullable Standing standing;
    private final @Nullable Comparison comparison;
    private final @Nullable DeadLetters dead;
    private final @Nullable ScrubLog scrubs;
    private final @Nullable ScrubThread scrub;
    private final Upkeep upkeep;
    private final Map<String, RelayThread> relays = new HashMap<>();

    Followers(Stores stores, ScaledSettings settings, Settlement settlement) {
        Journal journal = stores.journal();
        SystemKeys keys = new SystemKeys(stores.source());
        String owner = UuidV7.next().toString();
        InstantSource clock = new SteadyClock();
        this.stores = stores;
        this.settings = settings;
        this.epochs = new Epochs(journal, keys);
        List<Following> all = new ArrayList<>();
        if (stores.projection().isPresent()) {
            Projection projection = stores.projection().get();
            dead = new DeadLetters(VECTORS, keys);
            comparison = new Comparison(journal, projection);
            standing = new Standing(projection, epochs, dead, clock);
            scrubs = new ScrubLog(VECTORS, keys);
            scrub = settings.scrubs()
                    ? new ScrubThread(
                            VECTORS,
                            new Scrub(
                                    journal,
                                    projection,
                                    epochs,
                                    new Lease("scrub-" + VECTORS, owner, keys, clock),
                                    scrubs,
                                    settings.scrub(),
                                    clock,
                                    () -> Deadline.after(CALL)))
                    : null;
            all.add(new Copying(VECTORS, journal, projection, new DeadLetters(VECTORS, keys), comparison));
        } else {
            dead = null;
            comparison = null;
            standing = null;
            scrubs = null;
            scrub = null;
        }
        upkeep = new Upkeep(stores, epochs, new Lives(keys), settings.relays() ? comparison : null, clock);
        stores.homes().forEach(home -> all.add(new Finishing(home, journal, settlement, new Lives(keys))));
        if (settings.relays()) {
            for (Following following : all) {
                Lease lease = new Lease(following.name(), owner, keys, clock);
                Relay relay = new Relay(following, journal, epochs, lease, clock, () -> Deadline.after(CALL));
                relays.put(following.name(), new RelayThread(following.name(), relay));
            }
        }
    }

    void start() {
        upkeep.start();
        relays.values().forEach(RelayThread::start);
        if (scrub != null) {
            scrub.start();
        }
    }

    /** Returns the reader that searches the copy; empty if there is none. */
    Optional<VectorReader> vectors() {
        Standing known = standing;
        return known == null
                ? Optional.empty()
                : Optional.of(new CopiedVectors(
                        stores.source().vectors(),
                        stores.journal(),
                        stores.projection().orElseThrow(),
                        known));
    }

    /** Returns what proves erasures in the copy; empty if there is none. */
    Optional<CopyErasure> copyErasure() {
        Comparison compared = comparison;
        return compared == null
                ? Optional.empty()
                : Optional.of(new CopyErasure(
                        stores.journal(), stores.projection().orElseThrow(), epochs, compared, this::wakeCopying));
    }

    private void wakeCopying() {
        RelayThread relay = relays.get(VECTORS);
        if (relay != null) {
            relay.wake();
        }
    }

    /** Refuses or slows a batch that changes points while the copy is too far behind. */
    void admit(WriteBatch batch, Deadline deadline) {
        if (standing == null || settings.overload() == Overload.IGNORE || !changesPoints(batch)) {
            return;
        }
        long entries = upkeep.behind();
        if (entries <= settings.mostBacklog()) {
            return;
        }
        if (settings.overload() == Overload.REJECT) {
            throw new ContextThrottledException("the copy of the vectors is " + entries
                    + " batches behind; the limit is " + settings.mostBacklog() + " (option backlog)");
        }
        Pauses.SLEEPING.pause(SLOWED, deadline, "the copy of the vectors was further behind than option backlog says");
    }

    /** Wakes the relays, and waits for the copies where writes are acknowledged only then. */
    void committed(WriteBatch batch, Deadline deadline) {
        if (standing == null || !changesPoints(batch)) {
            return;
        }
        wakeCopying();
        if (settings.acknowledgement() == Acknowledgement.APPLIED) {
            awaitCopy(batch, deadline);
        }
    }

    private void awaitCopy(WriteBatch batch, Deadline deadline) {
        ContextException unreachable = null;
        try {
            if (isCopied(batch, deadline)) {
                return;
            }
        } catch (ContextException failed) {
            // That the source does not answer takes nothing back of what it has committed.
            unreachable = failed;
        }
        throw new ContextUnavailableException(
                "the batch is committed, but the copy of the vectors does not have it yet",
                Outcome.UNKNOWN,
                unreachable);
    }

    private boolean isCopied(WriteBatch batch, Deadline deadline) {
        Optional<JournalEntry> entry = stores.journal().entry(batch.namespace(), batch.operationId(), deadline);
        return entry.isEmpty() || comesTo(epochs.current(deadline), entry.get().position(), deadline);
    }

    private boolean hasReached(Epochs.Epoch epoch, JournalPosition position, Deadline deadline) {
        try {
            return stores.projection()
                    .flatMap(projection -> projection.watermark(deadline))
                    .filter(mark -> epoch.covers(mark, position))
                    .isPresent();
        } catch (ContextException down) {
            return false;
        }
    }

    private static boolean changesPoints(WriteBatch batch) {
        return batch.mutations().stream()
                .anyMatch(mutation -> mutation instanceof VectorMutation || mutation instanceof GraphMutation.Erase);
    }

    /** Compares twice, and counts what did not change in between although the copy had time to. */
    Map<String, CopyReport> verify(Deadline deadline) {
        return compareTwice(deadline, deadline, () -> {
            throw new ContextTimeoutException(
                    "the copy of the vectors did not come by the deadline to where the source was, to be"
                            + " compared again: no relay works, or a transaction of another writer stays open; health tells more");
        });
    }

    /** Mends what differs, and says what was found; what was about to be copied is among it if the copy did not come so far soon. */
    Map<String, CopyReport> repair(Deadline deadline) {
        Map<String, CopyReport> found = compareTwice(deadline, Share.of(deadline, CALL), () -> {});
        if (comparison != null) {
            repair(comparison, deadline);
        }
        if (scrubs != null) {
            scrubs.mended(Instant.now(), deadline);
        }
        return found;
    }

    private Map<String, CopyReport> compareTwice(Deadline deadline, Deadline patience, Runnable ifLate) {
        Comparison compared = comparison;
        if (compared == null) {
            return Map.of();
        }
        Epochs.Epoch epoch = epochs.current(deadline);
        stores.projection()
                .flatMap(projection -> projection.watermark(deadline))
                .ifPresent(mark -> epoch.checkSource(VECTORS, mark));
        Set<Difference> first = new HashSet<>();
        compared.compare(epoch, () -> deadline, first::add);
        Set<Difference> lasting = new HashSet<>();
        if (!first.isEmpty()) {
            JournalPosition end = JournalMark.now(stores.journal(), deadline);
            if (!comesTo(epoch, end, patience)) {
                ifLate.run();
            }
            compared.compare(epoch, () -> deadline, difference -> {
                if (first.contains(difference)) {
                    lasting.add(difference);
                }
            });
        }
        return Map.of(VECTORS, report(lasting));
    }

    /** Waits for the copy; false if it has not come so far by the deadline. */
    private boolean comesTo(Epochs.Epoch epoch, JournalPosition position, Deadline deadline) {
        while (!hasReached(epoch, position, deadline)) {
            if (deadline.remaining().compareTo(ASKS_AGAIN) <= 0) {
                return false;
            }
            Pauses.SLEEPING.pause(ASKS_AGAIN, deadline, "the copy of the vectors did not have what was committed");
        }
        return true;
    }

    private void repair(Comparison compared, Deadline deadline) {
        Epochs.Epoch epoch = epochs.current(deadline);
        while (true) {
            try {
                compared.repair(epoch, () -> deadline);
                return;
            } catch (LaterEpochException later) {
                deadline.check("repair");
                epoch = epochs.after(later, deadline);
            }
        }
    }

    private static CopyReport report(Set<Difference> differences) {
        long missing = differences.stream()
                .filter(difference -> difference.copied() == Difference.ABSENT)
                .count();
        long extra = differences.stream()
                .filter(difference -> difference.right() == Difference.ABSENT)
                .count();
        return new CopyReport(missing, differences.size() - missing - extra, extra);
    }

    /** Tells how each follower stands; returns whether any of them needs looking after. */
    boolean describe(Map<String, String> details, Deadline deadline) {
        boolean trouble = false;
        for (Map.Entry<String, Follower> follower : followers().entrySet()) {
            trouble |= describe(follower.getKey(), follower.getValue(), details, deadline);
        }
        if (dead != null) {
            int letters =
                    dead.list(deadline).values().stream().mapToInt(Set::size).sum();
            details.put(VECTORS + ".deadLetters", Integer.toString(letters));
            trouble |= letters > 0;
        }
        if (scrubs != null) {
            ScrubLog.Known known = scrubs.read(deadline);
            known.result().ifPresent(result -> {
                details.put(VECTORS + ".verified", result.ended().toString());
                details.put(VECTORS + ".different", Long.toString(known.different()));
            });
            trouble |= known.different() > 0;
        }
        return trouble;
    }

    private boolean describe(String name, Follower follower, Map<String, String> details, Deadline deadline) {
        RelayThread relay = relays.get(name);
        String problem = relay == null ? null : relay.trouble();
        if (problem != null) {
            details.put(name + ".trouble", problem);
        }
        if (Health.Status.DOWN.name().equals(details.get(name))) {
            details.put(name + ".behind", unknown(name, String.valueOf(details.get(name + ".error"))));
            return true;
        }
        try {
            Optional<Watermark> mark =
                    follower.watermark(Share.of(deadline, PATIENCE)).filter(found -> !Epochs.isBegun(found));
            if (mark.isPresent()) {
                if (name.equals(VECTORS)) {
                    upkeep.saw(mark.get().position());
                }
                Backlog behind = stores.journal().backlog(mark.get().position(), deadline);
                details.put(name + ".behind", behind.entries() + " batches");
                details.put(name + ".behindSince", behind.age().toMillis() + " ms");
                boolean waits = follower instanceof Participant
                        && !mark.get().incarnation().equals(follower.incarnation(deadline));
                if (waits) {
                    details.put(name + ".serves", "not yet: a relay must give it what its restart may have lost");
                }
                return waits || problem != null || behind.entries() > settings.mostBacklog();
            }
            details.put(name + ".behind", "everything; it is being filled");
        } catch (ContextException down) {
            details.put(name + ".behind", unknown(name, String.valueOf(down.getMessage())));
        }
        return true;
    }

    private String unknown(String name, String reason) {
        return (name.equals(VECTORS) ? upkeep.behind() + " batches or more; " : "unknown; ") + reason;
    }

    private Map<String, Follower> followers() {
        Map<String, Follower> all = new HashMap<>();
        stores.projection().ifPresent(projection -> all.put(VECTORS, projection));
        stores.homes().forEach(home -> all.put(home.name(), home.participant()));
        return all;
    }

    @Override
    public void close() {
        if (scrub != null) {
            scrub.close();
        }
        upkeep.close();
        relays.values().forEach(RelayThread::close);
    }
}
