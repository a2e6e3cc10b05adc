package io.contextdb.internal.scaled;

import io.contextdb.spi.error.ContextException;
import io.contextdb.spi.error.ContextNonTransientException;
import io.contextdb.spi.error.PreconditionFailedException;
import io.contextdb.spi.journal.Journal;
import io.contextdb.spi.journal.Participant.Hold;
import io.contextdb.spi.value.Bytes;
import io.contextdb.spi.value.Deadline;
import io.contextdb.spi.value.UuidV7;
import io.contextdb.spi.write.Mutation;
import io.contextdb.spi.write.WriteBatch;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * Finds the first mutation that fails in a batch that one of several stores refuses (contract G5): each store judges its own only, so
 * beginnings of the batch are judged by all, shorter and shorter ones by halves. Nothing is applied. Thread-safe.
 */
final class FirstRefusal {
    private final Stores stores;
    private final Journal journal;
    private final Settlement settlement;

    FirstRefusal(Stores stores, Settlement settlement) {
        this.stores = stores;
        this.journal = stores.journal();
        this.settlement = settlement;
    }

    /** Returns the failure of the first mutation that fails, given that of some. */
    ContextException find(WriteBatch batch, ContextNonTransientException some, Deadline deadline) {
        ContextException first = some;
        int accepted = 0;
        int refused = batch.mutations().size();
        while (refused - accepted > 1) {
            int half = (accepted + refused) >>> 1;
            Optional<ContextException> failure = judge(batch, half, deadline);
            if (failure.isPresent()) {
                refused = half;
                first = failure.get();
            } else {
                accepted = half;
            }
        }
        return first;
    }

    private Optional<ContextException> judge(WriteBatch batch, int length, Deadline deadline) {
        WriteBatch beginning = new WriteBatch(
                batch.namespace(), UuidV7.next(), batch.mutations().subList(0, length));
        Split split = Split.of(beginning, stores);
        for (Map.Entry<Home, Part> home : split.homes().entrySet()) {
            Optional<ContextException> failure = judge(home.getKey(), home.getValue(), deadline);
            if (failure.isPresent()) {
                return failure;
            }
        }
        return judge(split.source(), deadline);
    }

    private Optional<ContextException> judge(Home home, Part part, Deadline deadline) {
        UUID id = part.batch().operationId();
        try {
            Hold hold = settlement.call(
                    home,
                    part.batch().namespace(),
                    deadline,
                    () -> home.participant().hold(part.as(id), deadline));
            if (hold.state() != Hold.State.APPLIED) {
                home.participant().release(part.batch().namespace(), id, deadline);
            }
            return Optional.empty();
        } catch (PreconditionFailedException failed) {
            return Optional.of(part.located(failed));
        } catch (ContextNonTransientException failed) {
            return Optional.of(failed);
        }
    }

    private Optional<ContextException> judge(Part part, Deadline deadline) {
        List<Mutation> mutations = new ArrayList<>(part.mutations());
        mutations.add(Attempt.failing());
        try {
            journal.apply(
                    new WriteBatch(part.batch().namespace(), part.batch().operationId(), mutations),
                    Bytes.EMPTY,
                    deadline);
            throw new IllegalStateException("a batch was applied that cannot be");
        } catch (PreconditionFailedException failed) {
            boolean last = failed.mutationIndex() == part.indexes().size();
            return last ? Optional.empty() : Optional.of(part.located(failed));
        } catch (ContextNonTransientException failed) {
            return Optional.of(failed);
        }
    }
}
