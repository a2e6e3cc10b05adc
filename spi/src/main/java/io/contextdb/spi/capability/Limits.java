package io.contextdb.spi.capability;

import io.contextdb.spi.internal.Check;

/**
 * How much a backend takes at once (contract G9). What does not fit is refused before anything is sent.
 *
 * @param batchMutations most mutations of a batch
 * @param batchBytes most bytes of a batch, as {@link io.contextdb.spi.write.WriteBatch#estimatedBytes} counts
 * @param valueBytes most bytes of a key's value; at least 1 MiB (K1)
 * @param payloadBytes most bytes of one node's, edge's, point's, document's or event's content
 * @param dimensions most dimensions of a vector space
 * @param k most hits of a search; at least 1,000 (V3)
 */
public record Limits(int batchMutations, long batchBytes, int valueBytes, int payloadBytes, int dimensions, int k) {
    /** Checks that every limit is positive. */
    public Limits {
        Check.range("limits.batchMutations", batchMutations, 1, Integer.MAX_VALUE);
        Check.range("limits.batchBytes", batchBytes, 1, Long.MAX_VALUE);
        Check.range("limits.valueBytes", valueBytes, 1, Integer.MAX_VALUE);
        Check.range("limits.payloadBytes", payloadBytes, 1, Integer.MAX_VALUE);
        Check.range("limits.dimensions", dimensions, 0, Integer.MAX_VALUE);
        Check.range("limits.k", k, 1, Integer.MAX_VALUE);
    }

    /** What a store takes that has no tighter limits of its own: 10,000 mutations, 64 MiB, 16 MiB a value. */
    public static final Limits DEFAULT = new Limits(10_000, 64L << 20, 16 << 20, 16 << 20, 4096, 10_000);
}
