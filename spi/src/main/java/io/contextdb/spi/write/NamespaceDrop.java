package io.contextdb.spi.write;

import io.contextdb.spi.internal.Check;
import io.contextdb.spi.value.Bytes;
import io.contextdb.spi.value.NamespaceName;
import io.contextdb.spi.value.UuidV7;
import java.util.UUID;

/**
 * The removal of a namespace with all that it holds. Like a batch it has an operation id, so that one whose answer was lost can be
 * repeated: it removes nothing then that was written since (contract G6).
 *
 * @param namespace which
 * @param operationId identifies the removal; a UUID of version 7 made before the first attempt (G4), and never that of a batch
 */
public record NamespaceDrop(NamespaceName namespace, UUID operationId) {
    /** Checks. */
    public NamespaceDrop {
        Check.notNull("drop.namespace", namespace);
        Check.notNull("drop.operationId", operationId);
    }

    /** Returns the removal of a namespace with a new operation id. */
    public static NamespaceDrop of(NamespaceName namespace) {
        return new NamespaceDrop(namespace, UuidV7.next());
    }

    /**
     * Returns the SHA-256 digest, 32 bytes, of the namespace: the same in every process, and that of no batch. Stores keep it beside
     * the operation id, as {@link WriteBatch#digest}.
     */
    public Bytes digest() {
        return new CanonicalForm()
                .text("contextdb drop 1")
                .text(namespace.value())
                .digest();
    }
}
