package io.contextdb.spi.write;

import io.contextdb.spi.internal.Check;
import io.contextdb.spi.value.Bytes;
import io.contextdb.spi.value.NamespaceName;
import io.contextdb.spi.value.UuidV7;
import java.util.List;
import java.util.UUID;

/**
 * An ordered list of mutations of one namespace, applied all or nothing (contract G5). Later mutations see what earlier
 * ones did. Applying a batch with the same operation id again within 7 days returns the first receipt and changes nothing
 * (G6).
 *
 * @param namespace where
 * @param operationId identifies the batch; a UUID of version 7 made before the first attempt (G4)
 * @param mutations 1 to 100,000; backends declare how many they take
 */
public record WriteBatch(NamespaceName namespace, UUID operationId, List<Mutation> mutations) {
    /** Copies and checks. */
    public WriteBatch {
        Check.notNull("batch.namespace", namespace);
        Check.notNull("batch.operationId", operationId);
        mutations = Check.list("batch.mutations", mutations, 100_000);
        Check.range("batch.mutations", mutations.size(), 1, 100_000);
    }

    /** Returns a batch with a new operation id. */
    public static WriteBatch of(NamespaceName namespace, List<? extends Mutation> mutations) {
        return new WriteBatch(namespace, UuidV7.next(), Check.list("batch.mutations", mutations, 100_000));
    }

    /** Returns roughly how many bytes the batch takes when written. */
    public long estimatedBytes() {
        return mutations.stream().mapToLong(Mutation::estimatedBytes).sum();
    }

    /**
     * Returns the SHA-256 digest, 32 bytes, of the namespace and the mutations: equal for equal batches in every process
     * and on every JVM, whatever their operation ids. Stores keep it beside an operation id to refuse the same id with
     * another batch (G6). Computed at each call, in time linear in the batch's size.
     */
    public Bytes digest() {
        return BatchDigest.of(this);
    }
}
