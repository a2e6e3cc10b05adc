package io.contextdb.internal.scaled;

import io.contextdb.spi.error.PreconditionFailedException;
import io.contextdb.spi.write.Mutation;
import io.contextdb.spi.write.WriteBatch;
import java.util.List;
import java.util.UUID;
import java.util.regex.Pattern;

/**
 * What of a batch is for one store.
 *
 * @param batch the whole batch
 * @param indexes where the part's mutations stand in it, ascending
 */
record Part(WriteBatch batch, List<Integer> indexes) {
    private static final Pattern INDEX = Pattern.compile("^mutation \\d+: ");

    List<Mutation> mutations() {
        return indexes.stream().map(batch.mutations()::get).toList();
    }

    boolean isEmpty() {
        return indexes.isEmpty();
    }

    /** Returns the part as a batch of its own. */
    WriteBatch as(UUID operationId) {
        return new WriteBatch(batch.namespace(), operationId, mutations());
    }

    /** Returns the failure as one of the whole batch. */
    PreconditionFailedException located(PreconditionFailedException failed) {
        String problem = INDEX.matcher(failed.getMessage()).replaceFirst("");
        return new PreconditionFailedException(
                indexes.get(failed.mutationIndex()),
                problem,
                failed.currentVersion(),
                failed.existingId().orElse(null));
    }
}
