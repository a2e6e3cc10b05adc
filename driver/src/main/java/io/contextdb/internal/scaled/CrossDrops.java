package io.contextdb.internal.scaled;

import io.contextdb.spi.error.ContextConflictException;
import io.contextdb.spi.error.ContextException;
import io.contextdb.spi.error.ContextTransientException;
import io.contextdb.spi.error.ContextUnavailableException;
import io.contextdb.spi.error.ErrorCode;
import io.contextdb.spi.error.Outcome;
import io.contextdb.spi.journal.Participant.Hold;
import io.contextdb.spi.journal.Veto;
import io.contextdb.spi.value.CommitToken;
import io.contextdb.spi.value.Deadline;
import io.contextdb.spi.write.NamespaceDrop;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Drops namespaces of several stores, as {@link CrossWrites} writes batches: every home holds the namespace, so that no batch is in
 * the middle in it; the source drops it, and with that it is decided; the homes follow. A batch is before that in all stores, or after
 * it in all. Whoever comes upon what somebody left on the way finishes it ({@link Settlement}). Thread-safe.
 */
final class CrossDrops {
    private static final int MOST_ATTEMPTS = 16;
    private static final Set<Hold.State> TAKEN_ONLY = EnumSet.of(Hold.State.TAKEN);
    private static final Duration PAUSE = Duration.ofMillis(20);

    private final Stores stores;
    private final Settlement settlement;
    private final Pauses pauses;

    CrossDrops(Stores stores, Settlement settlement, Pauses pauses) {
        this.stores = stores;
        this.settlement = settlement;
        this.pauses = pauses;
    }

    CommitToken drop(NamespaceDrop drop, Deadline deadline) {
        for (int attempt = 0; attempt < MOST_ATTEMPTS; attempt++) {
            NamespaceDrop tried = new NamespaceDrop(drop.namespace(), Attempt.id(drop.operationId(), attempt));
            Optional<CommitToken> decided = decide(tried, deadline);
            if (decided.isPresent()) {
                for (Home home : stores.homes()) {
                    finish(home, tried, deadline);
                }
                return decided.get();
            }
        }
        throw new ContextConflictException("others gave the drop up " + MOST_ATTEMPTS
                + " times, each time after it had not been decided for " + Settlement.GIVEN_UP.toSeconds()
                + " s; drop the namespace again");
    }

    /** It is decided: from here on it can only be late, and whoever comes upon the hold, or a relay, does the rest. */
    private void finish(Home home, NamespaceDrop drop, Deadline deadline) {
        while (true) {
            try {
                settlement.call(home, drop.namespace(), deadline, () -> {
                    home.participant().finish(drop, deadline);
                    return true;
                });
                return;
            } catch (ContextTransientException failed) {
                try {
                    pauses.pause(PAUSE, deadline, home.name() + " did not drop its part of the namespace");
                } catch (ContextTransientException noTime) {
                    throw new ContextUnavailableException(
                            "the namespace is dropped, but " + home.name()
                                    + " did not take part in time; it will before it shows anything of the namespace",
                            Outcome.UNKNOWN,
                            failed);
                }
            }
        }
    }

    /** Returns the source's token; empty if the attempt was spoilt. */
    private Optional<CommitToken> decide(NamespaceDrop drop, Deadline deadline) {
        List<Home> held = new ArrayList<>();
        Set<Hold.State> holds = EnumSet.noneOf(Hold.State.class);
        List<Veto> vetoes = new ArrayList<>();
        try {
            for (Home home : stores.homes()) {
                Hold hold = settlement.call(
                        home,
                        drop.namespace(),
                        deadline,
                        () -> home.participant().hold(drop, deadline));
                holds.add(hold.state());
                vetoes.add(Lives.over(home.name(), hold.incarnation()));
                held.add(home);
            }
            if (holds.contains(Hold.State.FOUND) && !holds.contains(Hold.State.APPLIED) && isSpoilt(drop, deadline)) {
                release(drop, held, deadline);
                return Optional.empty();
            }
            return Optional.of(stores.journal().drop(drop, NoteForm.DROPPED, vetoes, deadline));
        } catch (ContextException failed) {
            // A home that knows the id for something else knows it from a batch of its own.
            boolean bySource = held.size() == stores.homes().size();
            boolean spoilt = bySource
                    && failed.code() == ErrorCode.OPERATION_ID_REUSED
                    && settlement.spoil(drop.namespace(), drop.operationId(), deadline);
            if (failed.outcome() == Outcome.NOT_APPLIED && TAKEN_ONLY.containsAll(holds)) {
                release(drop, held, deadline);
            }
            if (spoilt) {
                return Optional.empty();
            }
            throw failed;
        }
    }

    /** What was held before is an earlier call's whose answer was lost: it is seen to that it is decided now, or never. */
    private boolean isSpoilt(NamespaceDrop drop, Deadline deadline) {
        pauses.pause(PAUSE, deadline, "another attempt at the drop was undecided");
        return settlement.spoil(drop.namespace(), drop.operationId(), deadline);
    }

    /** What cannot be released now is found out about by whoever comes upon it. */
    private static void release(NamespaceDrop drop, List<Home> held, Deadline deadline) {
        for (Home home : held) {
            try {
                home.participant().release(drop.namespace(), drop.operationId(), deadline);
            } catch (ContextTransientException later) {
                // Given up after a while.
            }
        }
    }
}
