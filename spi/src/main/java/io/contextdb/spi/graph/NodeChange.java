package io.contextdb.spi.graph;

import io.contextdb.spi.internal.Check;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A difference of one node between two instants of transaction time (contract N11). Immutable. */
public final class NodeChange {
    /** What happened to the node, all commits in between taken together. */
    public enum Kind {
        /** Absent at the first instant, there at the second. */
        ADDED,
        /** There at both, with different versions. */
        CHANGED,
        /** There at both, retracted at the second but not at the first; or added and retracted in between. */
        RETRACTED,
        /** Erased in between; only the id is left. */
        ERASED
    }

    private final UUID id;
    private final Kind kind;
    private final @Nullable Node node;

    private NodeChange(UUID id, Kind kind, @Nullable Node node) {
        this.id = Check.notNull("change.id", id);
        this.kind = Check.notNull("change.kind", kind);
        this.node = node;
    }

    /** Returns the change to a version that is still there. */
    public static NodeChange of(Kind kind, Node node) {
        return new NodeChange(node.id(), kind, node);
    }

    /** Returns the change of an erased node. */
    public static NodeChange erased(UUID id) {
        return new NodeChange(id, Kind.ERASED, null);
    }

    /** Returns the node's id. */
    public UUID id() {
        return id;
    }

    /** Returns what happened. */
    public Kind kind() {
        return kind;
    }

    /** Returns the version held at the second instant; empty if the node was erased. */
    public Optional<Node> node() {
        return Optional.ofNullable(node);
    }

    @Override
    public String toString() {
        return "NodeChange[" + id + " " + kind + "]";
    }
}
