package io.contextdb.backend.embedded;

import io.contextdb.spi.vector.VectorPoint;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What a commit changes besides the records: what caches must forget, what the index must learn, whom to wake. */
final class Touched {
    /**
     * A point that was put or removed.
     *
     * @param space its space
     * @param id the point; null for the whole space
     * @param point what it is now; null if it is gone
     * @param commit number of the commit
     */
    record PointChange(
            IndexedSpace space, @Nullable UUID id, @Nullable VectorPoint point, long commit) {}

    private final Set<RecordCache.Key> nodes = new LinkedHashSet<>();
    private final List<PointChange> points = new ArrayList<>();
    private boolean everything;
    private boolean events;

    /** A node changed, or an edge at it. */
    void node(long namespace, UUID id) {
        nodes.add(RecordCache.Key.of(namespace, id));
    }

    void point(PointChange change) {
        points.add(change);
    }

    void events() {
        events = true;
    }

    /** A namespace was dropped. */
    void everything() {
        everything = true;
    }

    void add(Touched other) {
        nodes.addAll(other.nodes);
        points.addAll(other.points);
        events |= other.events;
        everything |= other.everything;
    }

    Set<RecordCache.Key> nodes() {
        return nodes;
    }

    List<PointChange> points() {
        return points;
    }

    boolean hasEvents() {
        return events;
    }

    boolean hasEverything() {
        return everything;
    }
}
