package io.contextdb.spi.capability;

/** Something that a backend may offer. What is not declared is answered by an error, never by something weaker. */
public enum Capability {
    /** Nodes, edges, sources, walks (contract N). */
    GRAPH,
    /** Vector spaces with cosine, filtered search (contract V). */
    VECTORS,
    /** Search with {@code exact}: the true nearest (V4). */
    EXACT_SEARCH,
    /** Spaces compared by inner product (V1). */
    DOT_METRIC,
    /** Spaces compared by Euclidean distance (V1). */
    EUCLIDEAN_METRIC,
    /** BM25 search of the points' texts (V7). */
    TEXT_SEARCH,
    /** Text search that finds words which are spelled alike too (V9). */
    FUZZY_TEXT_SEARCH,
    /** Keys with versions, expiry and counters (contract K). */
    KEYS,
    /** Sliding-window limiters (K4). */
    RATE_LIMITS,
    /** The event log (contract E). */
    EVENTS,
    /** Consumer groups with redelivery and dead letters (E3). */
    CONSUMER_GROUPS,
    /** Aggregates over events (E6). */
    AGGREGATES,
    /** Documents in collections (contract D). */
    DOCUMENTS,
    /** Removal of all that belongs to a node (N6). */
    ERASURE,
    /** What was acknowledged survives a crash of the process. */
    CRASH_SAFE
}
