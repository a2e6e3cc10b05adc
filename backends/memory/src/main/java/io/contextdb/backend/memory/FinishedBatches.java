package io.contextdb.backend.memory;

import io.contextdb.spi.value.NamespaceName;
import io.contextdb.spi.write.WriteReceipt;
import java.time.Duration;
import java.time.Instant;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Receipts of the last 7 days of batches that another store decided. Thread-safe. */
final class FinishedBatches {
    private static final Duration KEPT = Duration.ofDays(7);

    private record Key(NamespaceName namespace, UUID operationId) {}

    /** In the order of their commits, so that the oldest come first. */
    private final Map<Key, WriteReceipt> receipts = new LinkedHashMap<>();

    synchronized @Nullable WriteReceipt find(NamespaceName namespace, UUID operationId) {
        return receipts.get(new Key(namespace, operationId));
    }

    synchronized void remember(NamespaceName namespace, WriteReceipt receipt) {
        receipts.put(new Key(namespace, receipt.operationId()), receipt);
        Instant oldest = receipt.committedAt().minus(KEPT);
        Iterator<WriteReceipt> eldest = receipts.values().iterator();
        while (eldest.hasNext() && eldest.next().committedAt().isBefore(oldest)) {
            eldest.remove();
        }
    }
}
