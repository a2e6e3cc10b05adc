package io.contextdb.spi;

import io.contextdb.spi.internal.Check;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;

/**
 * What a store still has of nodes that were erased, and of what belonged to them (contract N6a). Immutable.
 *
 * @param counts how much of each kind is left; kinds that the store did not look for are not in it
 */
public record Remains(Map<Kind, Long> counts) {
    /** What may be left. */
    public enum Kind {
        /** Nodes, in any version. */
        NODES,
        /** Edges at them, in any version that the store can look for. */
        EDGES,
        /** Points with their id, or about them. */
        POINTS,
        /** Words of an index of texts whose point is gone. */
        WORDS,
        /** Keys about them. */
        KEYS,
        /** Events about them whose payload is still there. */
        EVENTS,
        /** Events about them that a consumer group gave up, and whose payload is still there. */
        DEAD_LETTERS,
        /** Documents about them. */
        DOCUMENTS
    }

    /** Checks and copies. */
    public Remains {
        Check.notNull("remains.counts", counts);
        Map<Kind, Long> copy = new EnumMap<>(Kind.class);
        counts.forEach((kind, count) -> copy.put(kind, Check.range("remains." + kind, count, 0, Long.MAX_VALUE)));
        counts = Collections.unmodifiableMap(copy);
    }
}
