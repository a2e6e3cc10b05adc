package io.contextdb.spi.journal;

import io.contextdb.spi.value.Deadline;
import io.contextdb.spi.value.NamespaceName;
import io.contextdb.spi.write.WriteBatch;
import io.contextdb.spi.write.WriteReceipt;
import java.util.UUID;

/**
 * A store that is home to models of its own, and can take part in a batch that another store decides (contract S6). While a
 * namespace is held, every read and write of it ends with
 * {@link io.contextdb.spi.error.ContextHeldException}: whether the batch counts is not known here. Thread-safe.
 */
public interface Participant extends Follower {
    /**
     * Judges a batch as {@link io.contextdb.spi.Backend#apply} would, and if it may be applied holds its namespace; changes
     * nothing else. Holding again for the same operation does nothing; for an operation that was applied it does nothing either.
     *
     * @throws io.contextdb.spi.error.ContextHeldException if it is held for another operation
     * @throws io.contextdb.spi.error.ContextException if the batch may not be applied; nothing is held then
     */
    void hold(WriteBatch batch, Deadline deadline);

    /**
     * Applies a batch that was decided and ends the hold. Conditions that would fail the batch are not judged again: they held
     * when it was decided, and nothing but the passing of time has changed since. Does nothing but return the receipt if the
     * operation was applied before (G6). The namespace need not be held any more; where it is not held for the operation, one
     * that was finished before the namespace was dropped is not applied again either.
     */
    WriteReceipt finish(WriteBatch batch, Deadline deadline);

    /** Ends the hold of an operation that is not to be applied; does nothing if it is not held for that operation. */
    void release(NamespaceName namespace, UUID operationId, Deadline deadline);
}
