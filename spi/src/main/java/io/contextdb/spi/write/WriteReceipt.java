package io.contextdb.spi.write;

import io.contextdb.spi.internal.Check;
import io.contextdb.spi.value.CommitToken;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/**
 * Proof that a batch was applied.
 *
 * @param operationId the batch's operation id
 * @param results one result per mutation, in their order
 * @param token position of the commit; a read that presents it sees the batch (contract G7)
 * @param committedAt transaction time of everything in the batch, by the store's clock
 */
public record WriteReceipt(UUID operationId, List<MutationResult> results, CommitToken token, Instant committedAt) {
    /** Copies. */
    public WriteReceipt {
        Check.notNull("receipt.operationId", operationId);
        results = Check.list("receipt.results", results, Integer.MAX_VALUE);
        Check.notNull("receipt.token", token);
        Check.notNull("receipt.committedAt", committedAt);
    }
}
