package io.contextdb.backend.embedded;

import io.contextdb.spi.vector.Vector;
import io.contextdb.spi.vector.VectorPoint;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * The points written since the index was last refreshed: searched exactly, in front of the index, so that a write is
 * visible at once without a refresh per write. An entry wins over what the index holds of its point.
 */
final class Overlay {
    /** A point as its last commit left it. */
    static final class Entry {
        private final @Nullable VectorPoint point;
        private final float @Nullable [] vector;
        private final long commit;

        Entry(@Nullable VectorPoint point, float @Nullable [] vector, long commit) {
            this.point = point;
            this.vector = vector;
            this.commit = commit;
        }

        /** Returns the point without its vector; null if it is gone. */
        @Nullable
        VectorPoint point() {
            return point;
        }

        /** Returns the vector as the index compares it; null if there is none. */
        float @Nullable [] vector() {
            return vector;
        }

        long commit() {
            return commit;
        }

        long bytes() {
            return 256L
                    + (vector == null ? 0 : 4L * vector.length)
                    + (point == null
                            ? 0
                            : 2L * point.text().length()
                                    + 2 * point.properties().estimatedBytes());
        }
    }

    private final Map<Long, Map<UUID, Entry>> spaces = new ConcurrentHashMap<>();
    /** By space, the last commit that changed it; searches compare it with their snapshot. */
    private final Map<Long, Long> lastChange = new ConcurrentHashMap<>();

    private final AtomicInteger size = new AtomicInteger();
    private final AtomicLong bytes = new AtomicLong();

    /** Called by the writer's thread alone, commit by commit. */
    void add(Touched.PointChange change) {
        UUID id = change.id();
        lastChange.put(change.space().id(), change.commit());
        if (id == null) {
            Map<UUID, Entry> dropped = spaces.remove(change.space().id());
            if (dropped != null) {
                dropped.values().forEach(this::forget);
            }
            return;
        }
        VectorPoint point = change.point();
        Vector vector = point == null ? null : point.vector().orElse(null);
        Entry entry = new Entry(
                point == null ? null : point.withoutVector(),
                vector == null
                        ? null
                        : PointDocument.comparable(change.space().space().metric(), vector.toArray()),
                change.commit());
        size.incrementAndGet();
        bytes.addAndGet(entry.bytes());
        Entry old = spaces.computeIfAbsent(change.space().id(), space -> new ConcurrentHashMap<>())
                .put(id, entry);
        if (old != null) {
            forget(old);
        }
    }

    private void forget(Entry entry) {
        size.decrementAndGet();
        bytes.addAndGet(-entry.bytes());
    }

    /** Forgets what the index shows since a refresh that covers a commit. */
    void remove(long commit) {
        spaces.forEach((space, entries) -> entries.forEach((id, entry) -> {
            if (entry.commit() <= commit && entries.remove(id, entry)) {
                forget(entry);
            }
        }));
    }

    Map<UUID, Entry> of(IndexedSpace space) {
        return spaces.getOrDefault(space.id(), Map.of());
    }

    long lastChange(IndexedSpace space) {
        return lastChange.getOrDefault(space.id(), 0L);
    }

    int size() {
        return size.get();
    }

    long bytes() {
        return bytes.get();
    }
}
