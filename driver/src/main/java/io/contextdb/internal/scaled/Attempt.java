package io.contextdb.internal.scaled;

import io.contextdb.spi.value.NamespaceName;
import io.contextdb.spi.write.Condition;
import io.contextdb.spi.write.KeyMutation;
import io.contextdb.spi.write.Mutation;
import io.contextdb.spi.write.WriteBatch;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;

/**
 * The operation ids under which a batch of several stores is tried. The first is the batch's own; each is good for one decision:
 * the source applies the batch under it, or somebody who waited too long spoils it there, and it never will. Then the next is
 * tried, which everyone computes alike.
 */
final class Attempt {
    /** Keys of this prefix are never there; deleting them changes nothing. */
    private static final String NOTHING = "contextdb:";

    private Attempt() {}

    /** Returns the operation id of an attempt, counted from 0. */
    static UUID id(UUID operationId, int attempt) {
        if (attempt == 0) {
            return operationId;
        }
        ByteBuffer seed = ByteBuffer.allocate(20)
                .putLong(operationId.getMostSignificantBits())
                .putLong(operationId.getLeastSignificantBits())
                .putInt(attempt);
        long low = ByteBuffer.wrap(sha256(seed.array())).getLong();
        // The time of the first stays, so that it is remembered as long.
        return new UUID(operationId.getMostSignificantBits(), (low & 0x3FFF_FFFF_FFFF_FFFFL) | 0x8000_0000_0000_0000L);
    }

    /** Returns the source's part of a batch: its mutations, and one that tells this whole batch from every other. */
    static WriteBatch deciding(Part source, UUID attempt) {
        List<Mutation> mutations = new ArrayList<>(source.mutations());
        mutations.add(nothing(HexFormat.of().formatHex(source.batch().digest().toArray())));
        return new WriteBatch(source.batch().namespace(), attempt, mutations);
    }

    /** Returns the batch that spoils an attempt. */
    static WriteBatch spoiling(NamespaceName namespace, UUID attempt) {
        return new WriteBatch(namespace, attempt, List.of(nothing("given up")));
    }

    /** Returns a batch that fails: by its condition if nobody has used the attempt, else as its operation id was used for another. */
    static WriteBatch asking(NamespaceName namespace, UUID attempt) {
        return new WriteBatch(namespace, attempt, List.of(failing()));
    }

    /** Returns a mutation that fails every batch. */
    static Mutation failing() {
        return new KeyMutation.DeleteKey(NOTHING + "never", Condition.version(Long.MAX_VALUE));
    }

    private static Mutation nothing(String name) {
        return new KeyMutation.DeleteKey(NOTHING + name, Condition.none());
    }

    private static byte[] sha256(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes);
        } catch (NoSuchAlgorithmException absent) {
            throw new IllegalStateException("every Java platform has SHA-256", absent);
        }
    }
}
