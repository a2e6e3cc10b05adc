package io.contextdb.spi.graph;

import io.contextdb.spi.internal.Check;
import io.contextdb.spi.value.CodePointOrder;
import io.contextdb.spi.value.Interval;
import io.contextdb.spi.value.UuidOrder;
import java.util.Comparator;
import java.util.UUID;

/**
 * One stored version of an edge; versioned like nodes (contract N7).
 *
 * @param id the edge
 * @param content what this version states
 * @param revision which version it is, and when it holds
 */
public record Edge(UUID id, EdgeContent content, Revision revision) {
    /** The order of lists of edges: by type, heavier first, by id (N7). */
    public static final Comparator<Edge> ORDER = Comparator.comparing(Edge::type, CodePointOrder.INSTANCE)
            .thenComparing(Comparator.comparingDouble(Edge::weight).reversed())
            .thenComparing(Edge::id, UuidOrder.INSTANCE);

    /** Refuses nulls. */
    public Edge {
        Check.notNull("edge.id", id);
        Check.notNull("edge.content", content);
        Check.notNull("edge.revision", revision);
    }

    /** Returns the node it leaves. */
    public UUID from() {
        return content.from();
    }

    /** Returns the node it enters. */
    public UUID to() {
        return content.to();
    }

    /** Returns the kind of relation. */
    public String type() {
        return content.type();
    }

    /** Returns the weight, in [0, 1]. */
    public double weight() {
        return content.weight();
    }

    /** Returns the version, from 1. */
    public long version() {
        return revision.version();
    }

    /** Returns when the statement is true in the world. */
    public Interval validity() {
        return revision.validity();
    }
}
