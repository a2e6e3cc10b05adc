package io.contextdb.internal.scaled;

import io.contextdb.spi.error.ContextConflictException;
import io.contextdb.spi.error.ContextException;
import io.contextdb.spi.error.ContextNonTransientException;
import io.contextdb.spi.error.ContextTransientException;
import io.contextdb.spi.error.ContextUnavailableException;
import io.contextdb.spi.error.ErrorCode;
import io.contextdb.spi.error.InvalidRequestException;
import io.contextdb.spi.error.Outcome;
import io.contextdb.spi.error.PreconditionFailedException;
import io.contextdb.spi.journal.Journal;
import io.contextdb.spi.journal.Participant.Hold;
import io.contextdb.spi.journal.Veto;
import io.contextdb.spi.value.Bytes;
import io.contextdb.spi.value.Deadline;
import io.contextdb.spi.write.Mutation;
import io.contextdb.spi.write.MutationResult;
import io.contextdb.spi.write.WriteBatch;
import io.contextdb.spi.write.WriteReceipt;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * Writes batches that concern several stores. Each home judges its part and holds the namespace; the source applies its own part
 * with a note of the others', and with that the batch is decided; the homes finish. Whoever dies on the way leaves a hold, and
 * the source knows what became of the batch ({@link Settlement}). Thread-safe.
 */
final class CrossWrites {
    private static final int MOST_ATTEMPTS = 16;
    private static final Set<Hold.State> TAKEN_ONLY = EnumSet.of(Hold.State.TAKEN);
    private static final Duration PAUSE = Duration.ofMillis(20);

    private final Journal journal;
    private final Settlement settlement;
    private final FirstRefusal firstRefusal;
    private final Pauses pauses;

    CrossWrites(Stores stores, Settlement settlement, Pauses pauses) {
        this.journal = stores.journal();
        this.firstRefusal = new FirstRefusal(stores, settlement);
        this.settlement = settlement;
        this.pauses = pauses;
    }

    WriteReceipt apply(WriteBatch batch, Split split, Deadline deadline) {
        for (int attempt = 0; attempt < MOST_ATTEMPTS; attempt++) {
            UUID id = Attempt.id(batch.operationId(), attempt);
            Optional<WriteReceipt> decided = decide(split, id, deadline);
            if (decided.isPresent()) {
                return merged(batch, split, decided.get(), finish(split, id, deadline));
            }
        }
        throw new ContextConflictException(
                "others gave the batch up " + MOST_ATTEMPTS + " times, each time after it had not been decided for "
                        + Settlement.GIVEN_UP.toSeconds() + " s; repeat it with a new operation id");
    }

    /** Returns the source's receipt; empty if the attempt was spoilt. */
    private Optional<WriteReceipt> decide(Split split, UUID attempt, Deadline deadline) {
        List<Home> held = new ArrayList<>();
        Set<Hold.State> holds = EnumSet.noneOf(Hold.State.class);
        List<Veto> vetoes = new ArrayList<>();
        try {
            for (Map.Entry<Home, Part> home : split.homes().entrySet()) {
                Hold hold = hold(home.getKey(), home.getValue(), attempt, deadline);
                holds.add(hold.state());
                vetoes.add(Lives.over(home.getKey().name(), hold.incarnation()));
                held.add(home.getKey());
            }
            if (holds.contains(Hold.State.FOUND)
                    && !holds.contains(Hold.State.APPLIED)
                    && isSpoilt(split, attempt, deadline)) {
                release(split, held, attempt, deadline);
                return Optional.empty();
            }
            return Optional.of(journal.apply(Attempt.deciding(split.source(), attempt), note(split), vetoes, deadline));
        } catch (ContextException failed) {
            boolean spoilt = failed.code() == ErrorCode.OPERATION_ID_REUSED
                    && settlement.spoil(split.source().batch().namespace(), attempt, deadline);
            if (failed.outcome() == Outcome.NOT_APPLIED && TAKEN_ONLY.containsAll(holds)) {
                release(split, held, attempt, deadline);
            }
            if (spoilt || refusedByLaterAttempt(split, held, attempt, failed, deadline)) {
                return Optional.empty();
            }
            throw first(split, held, failed, deadline);
        }
    }

    /**
     * An attempt that was held before is another call's, or an earlier one's whose answer was lost, and may be decided any time: only
     * who took the holds may release them. So it is seen to that it is decided now, or never.
     */
    private boolean isSpoilt(Split split, UUID attempt, Deadline deadline) {
        pauses.pause(PAUSE, deadline, "another attempt at the batch was undecided");
        return settlement.spoil(split.source().batch().namespace(), attempt, deadline);
    }

    /**
     * A home does not know an attempt that was released, and judges it anew: by what a later attempt of the same batch may have done. So
     * its refusal counts only if the attempt was not spoilt.
     */
    private boolean refusedByLaterAttempt(
            Split split, List<Home> held, UUID attempt, ContextException failed, Deadline deadline) {
        boolean byHome = held.size() < split.homes().size();
        return byHome
                && failed instanceof ContextNonTransientException
                && settlement.isSpoilt(split.source().batch().namespace(), attempt, deadline);
    }

    /** Where a home refused its part, something before it may be what fails the batch first. */
    private ContextException first(Split split, List<Home> held, ContextException failed, Deadline deadline) {
        boolean bySource = held.size() == split.homes().size();
        if (bySource) {
            return failed instanceof PreconditionFailedException condition
                    ? split.source().located(condition)
                    : failed;
        }
        return failed instanceof ContextNonTransientException refused && failed.code() != ErrorCode.OPERATION_ID_REUSED
                ? firstRefusal.find(split.source().batch(), refused, deadline)
                : failed;
    }

    private Hold hold(Home home, Part part, UUID attempt, Deadline deadline) {
        try {
            return settlement.call(
                    home,
                    part.batch().namespace(),
                    deadline,
                    () -> home.participant().hold(part.as(attempt), deadline));
        } catch (PreconditionFailedException failed) {
            throw part.located(failed);
        }
    }

    /** What cannot be released now is found out about by whoever comes upon it. */
    private static void release(Split split, List<Home> held, UUID attempt, Deadline deadline) {
        for (Home home : held) {
            try {
                home.participant().release(split.source().batch().namespace(), attempt, deadline);
            } catch (ContextTransientException later) {
                // Given up after a while.
            }
        }
    }

    private static Bytes note(Split split) {
        Map<String, List<Mutation>> parts = new LinkedHashMap<>();
        split.homes().forEach((home, part) -> parts.put(home.name(), part.mutations()));
        return NoteForm.write(parts);
    }

    /** The batch is decided: from here on it can only be late. */
    private Map<Home, WriteReceipt> finish(Split split, UUID attempt, Deadline deadline) {
        Map<Home, WriteReceipt> receipts = new LinkedHashMap<>();
        split.homes().forEach((home, part) -> receipts.put(home, finish(home, part.as(attempt), deadline)));
        return receipts;
    }

    private WriteReceipt finish(Home home, WriteBatch part, Deadline deadline) {
        while (true) {
            try {
                return settlement.call(
                        home,
                        part.namespace(),
                        deadline,
                        () -> home.participant().finish(part, deadline));
            } catch (ContextTransientException failed) {
                try {
                    pauses.pause(PAUSE, deadline, home.name() + " did not take its part of the batch");
                } catch (ContextTransientException noTime) {
                    throw late(home, failed);
                }
            } catch (InvalidRequestException refused) {
                throw late(home, refused);
            }
        }
    }

    private static ContextUnavailableException late(Home home, ContextException cause) {
        return new ContextUnavailableException(
                "the batch is committed, but " + home.name()
                        + " did not take its part in time; it will, repeat the batch to learn its results",
                Outcome.UNKNOWN,
                cause);
    }

    private static WriteReceipt merged(
            WriteBatch batch, Split split, WriteReceipt source, Map<Home, WriteReceipt> homes) {
        MutationResult[] results = new MutationResult[batch.mutations().size()];
        // The source last: where it and a home did the same, the source tells what it did.
        split.homes().forEach((home, part) -> place(part, Objects.requireNonNull(homes.get(home)), results));
        place(split.source(), source, results);
        return new WriteReceipt(batch.operationId(), List.of(results), source.token(), source.committedAt());
    }

    private static void place(Part part, WriteReceipt receipt, MutationResult[] results) {
        for (int i = 0; i < part.indexes().size(); i++) {
            results[part.indexes().get(i)] = receipt.results().get(i);
        }
    }
}
