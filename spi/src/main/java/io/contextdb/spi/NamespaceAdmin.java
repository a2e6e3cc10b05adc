package io.contextdb.spi;

import io.contextdb.spi.value.Deadline;
import io.contextdb.spi.value.NamespaceName;
import io.contextdb.spi.value.Page;
import io.contextdb.spi.value.PageRequest;
import io.contextdb.spi.value.ReadScope;

/** Lists, measures and drops namespaces. A namespace exists from its first write on. Thread-safe. */
public interface NamespaceAdmin {
    /** Returns the namespaces that hold something, ordered by name. */
    Page<NamespaceName> list(PageRequest page, Deadline deadline);

    /** Returns how much a namespace holds; zeros if it was never written. */
    NamespaceStatistics statistics(ReadScope scope);

    /** Removes a namespace with all that it holds, operation ids included; one that was never written is no error. */
    void drop(NamespaceName namespace, Deadline deadline);
}
