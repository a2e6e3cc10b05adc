package io.contextdb.spi;

/**
 * How much a namespace holds.
 *
 * @param nodes nodes that are not erased, retracted ones included
 * @param nodeVersions versions of those nodes
 * @param edges edges, retracted ones included
 * @param sources sources
 * @param points points of all vector spaces
 * @param keys keys that have not expired
 * @param events events in the log
 * @param documents documents of all collections
 */
public record NamespaceStatistics(
        long nodes, long nodeVersions, long edges, long sources, long points, long keys, long events, long documents) {
    /** Nothing. */
    public static final NamespaceStatistics EMPTY = new NamespaceStatistics(0, 0, 0, 0, 0, 0, 0, 0);
}
