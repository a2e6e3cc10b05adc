package io.contextdb.spi;

import io.contextdb.spi.value.CommitToken;
import io.contextdb.spi.value.Deadline;
import io.contextdb.spi.value.NamespaceName;
import io.contextdb.spi.value.Page;
import io.contextdb.spi.value.PageRequest;
import io.contextdb.spi.value.ReadScope;
import io.contextdb.spi.write.NamespaceDrop;

/** Lists, measures and drops namespaces. A namespace exists from its first write on. Thread-safe. */
public interface NamespaceAdmin {
    /** Returns the namespaces that hold something, ordered by name. */
    Page<NamespaceName> list(PageRequest page, Deadline deadline);

    /** Returns how much a namespace holds; zeros if it was never written. */
    NamespaceStatistics statistics(ReadScope scope);

    /**
     * Removes a namespace with all that it holds, at one moment for readers and writers (contract G1); one that is not there is no
     * error. Operation ids and the ids of erased nodes stay known for 7 days, so that nothing that was on its way brings it back
     * (G6, N6). At the level {@link io.contextdb.spi.capability.Idempotency#OPERATION_ID} the same operation applied again removes
     * nothing.
     *
     * @return position of the removal; a read that presents it sees nothing from before. {@link CommitToken#NONE} where every read
     *     sees it anyway
     * @throws io.contextdb.spi.error.ContextException if it was not done, or if that is unknown:
     *     {@link io.contextdb.spi.error.ContextException#outcome}
     */
    CommitToken drop(NamespaceDrop drop, Deadline deadline);

    /** Does the same under an operation id of its own, that nobody can repeat. */
    default CommitToken drop(NamespaceName namespace, Deadline deadline) {
        return drop(NamespaceDrop.of(namespace), deadline);
    }
}
