package io.contextdb.spi.journal;

import io.contextdb.spi.value.Deadline;
import io.contextdb.spi.value.NamespaceName;
import io.contextdb.spi.write.NamespaceDrop;
import io.contextdb.spi.write.WriteBatch;
import io.contextdb.spi.write.WriteReceipt;
import java.util.UUID;

/**
 * A store that is home to models of its own, and can take part in a batch that another store decides (contract S6). While a
 * namespace is held, every read and write of it ends with
 * {@link io.contextdb.spi.error.ContextHeldException}: whether the batch counts is not known here. Thread-safe.
 *
 * <p>A store that may lose its last writes in a restart is opened as a home by the option {@code home=true}, which its provider
 * takes. It serves then only while its watermark was written in the present life of the store (contract S8): calls of the
 * store, {@link #hold} and {@link #finish} wait for that until their deadline, and end with a
 * {@link io.contextdb.spi.error.ContextTransientException}, nothing applied. The other methods here do not wait.
 */
public interface Participant extends Follower {
    /**
     * What became of a wish to hold a namespace.
     *
     * @param state whether it is held, and since when
     * @param incarnation the life of the store in which that is so
     */
    record Hold(State state, String incarnation) {
        /** Whether a namespace is held. */
        public enum State {
            /** It is held since this call. */
            TAKEN,
            /** It was held for the operation before: another call asked, or the answer to an earlier one was lost. */
            FOUND,
            /** The operation was applied before; nothing is held for it. */
            APPLIED
        }
    }

    /**
     * Judges a batch as {@link io.contextdb.spi.Backend#apply} would, and if it may be applied holds its namespace; changes
     * nothing else.
     *
     * @throws io.contextdb.spi.error.ContextHeldException if it is held for another operation
     * @throws io.contextdb.spi.error.ContextException if the batch may not be applied; nothing is held then
     */
    Hold hold(WriteBatch batch, Deadline deadline);

    /**
     * Applies a batch that was decided and ends the hold. Conditions that would fail the batch are not judged again: they held
     * when it was decided, and nothing but the passing of time has changed since. Does nothing but return the receipt if the
     * operation was applied before (G6), if before the namespace was dropped, too. The namespace need not be held any more.
     */
    WriteReceipt finish(WriteBatch batch, Deadline deadline);

    /**
     * Finishes a batch in one life of the store only, whether it serves in that already or not: what it lost is given to it again in
     * the order of the journal, and must not come after what was written since.
     *
     * @param incarnation the life
     * @throws io.contextdb.spi.error.ContextUnavailableException if the store lives another life; nothing is applied
     */
    WriteReceipt restore(WriteBatch batch, String incarnation, Deadline deadline);

    /**
     * Holds a namespace for its removal, which another store decides; everything else of {@link #hold(WriteBatch, Deadline)} holds
     * for it too.
     */
    Hold hold(NamespaceDrop drop, Deadline deadline);

    /**
     * Removes a namespace whose removal was decided, and ends the hold; as {@link io.contextdb.spi.NamespaceAdmin#drop}, but that the
     * operation is remembered where nothing was there, too.
     *
     * @throws io.contextdb.spi.error.ContextHeldException if it is held for another operation
     */
    void finish(NamespaceDrop drop, Deadline deadline);

    /**
     * Does the same in one life of the store only, as {@link #restore(WriteBatch, String, Deadline)}.
     *
     * @param incarnation the life
     * @throws io.contextdb.spi.error.ContextUnavailableException if the store lives another life; nothing is removed
     */
    void restore(NamespaceDrop drop, String incarnation, Deadline deadline);

    /** Ends the hold of an operation that is not to be applied; does nothing if it is not held for that operation. */
    void release(NamespaceName namespace, UUID operationId, Deadline deadline);
}
