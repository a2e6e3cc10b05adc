package io.contextdb.backend.memory;

import io.contextdb.spi.value.Bytes;
import io.contextdb.spi.value.Deadline;
import io.contextdb.spi.value.NamespaceName;
import io.contextdb.spi.write.WriteBatch;
import io.contextdb.spi.write.WriteReceipt;
import java.time.InstantSource;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** The namespaces of one store, its clock and its count of commits. Thread-safe. */
final class MemoryStore {
    private final TransactionClock clock;
    private final AtomicLong commits = new AtomicLong();
    private final ConcurrentSkipListMap<NamespaceName, Namespace> namespaces = new ConcurrentSkipListMap<>();

    MemoryStore(InstantSource wall) {
        clock = new TransactionClock(wall);
    }

    TransactionClock clock() {
        return clock;
    }

    long nextCommit() {
        return commits.incrementAndGet();
    }

    long lastCommit() {
        return commits.get();
    }

    ConcurrentSkipListMap<NamespaceName, Namespace> namespaces() {
        return namespaces;
    }

    WriteReceipt apply(WriteBatch batch, Deadline deadline) {
        Bytes digest = batch.digest();
        while (true) {
            Namespace namespace = namespaces.computeIfAbsent(batch.namespace(), name -> new Namespace(this));
            @Nullable WriteReceipt receipt = namespace.apply(batch, digest, deadline);
            if (receipt != null) {
                return receipt;
            }
            namespaces.remove(batch.namespace(), namespace);
        }
    }

    void drop(NamespaceName name, Deadline deadline) {
        Namespace namespace = namespaces.get(name);
        if (namespace != null) {
            namespace.drop(deadline);
            namespaces.remove(name, namespace);
        }
    }
}
