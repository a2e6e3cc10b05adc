package io.contextdb.backend.embedded;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.contextdb.spi.graph.Node;
import io.contextdb.spi.vector.Vector;
import io.contextdb.spi.vector.VectorPoint;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * Current nodes, edges at nodes, and points that were read before. Bounded by weight.
 *
 * <p>Invariant: an entry is what every snapshot holds that is not older than the entry's stamp. The writer forgets what a
 * commit touches <em>before</em> it commits, and notes the commit in a stripe; a reader puts what it loaded only if its
 * stripe knows no commit that the reader's snapshot lacks, and takes an entry only if its own snapshot is not older. So a
 * read never mixes states before and after one commit.
 */
final class RecordCache {
    private static final int STRIPES = 4096;
    /** What a record takes besides its text: instants, ids, maps. */
    private static final int OBJECT_BYTES = 700;

    /** A node of a namespace, or a point of a space. */
    record Key(long namespace, long high, long low) {
        static Key of(long namespace, UUID id) {
            return new Key(namespace, id.getMostSignificantBits(), id.getLeastSignificantBits());
        }

        static Key point(IndexedSpace space, UUID id) {
            return new Key(-space.id(), id.getMostSignificantBits(), id.getLeastSignificantBits());
        }

        int stripe() {
            long mixed = (namespace * 31 + high) * 31 + low;
            return (int) ((mixed * 0x9E3779B97F4A7C15L) >>> 52);
        }
    }

    private record Stamped<T>(T value, long commit, int weight) {}

    private final Cache<Key, Stamped<Node>> nodes;
    private final Cache<Key, Stamped<Adjacency>> outgoing;
    private final Cache<Key, Stamped<Adjacency>> incoming;
    private final Cache<Key, Stamped<VectorPoint>> points;
    private final AtomicLongArray touched = new AtomicLongArray(STRIPES);
    private volatile long allTouched;

    RecordCache(long bytes) {
        nodes = cache(bytes * 3 / 8);
        outgoing = cache(bytes * 2 / 8);
        incoming = cache(bytes / 8);
        points = cache(bytes * 2 / 8);
    }

    private static <T> Cache<Key, Stamped<T>> cache(long bytes) {
        return Caffeine.newBuilder()
                .executor(Runnable::run)
                .maximumWeight(bytes)
                .weigher((Key key, Stamped<T> entry) -> entry.weight())
                .build();
    }

    Optional<Node> node(Key key, long snapshot) {
        return get(nodes, key, snapshot);
    }

    Optional<Adjacency> edges(Key key, boolean out, long snapshot) {
        return get(out ? outgoing : incoming, key, snapshot);
    }

    private static <T> Optional<T> get(Cache<Key, Stamped<T>> cache, Key key, long snapshot) {
        Stamped<T> entry = cache.getIfPresent(key);
        return entry == null || entry.commit() > snapshot ? Optional.empty() : Optional.of(entry.value());
    }

    void put(Key key, Node node, long snapshot) {
        long weight = OBJECT_BYTES
                + 2 * node.properties().estimatedBytes()
                + 40L * node.labels().size();
        put(nodes, key, new Stamped<>(node, snapshot, bounded(weight)));
    }

    void put(Key key, boolean out, Adjacency edges, long snapshot) {
        put(out ? outgoing : incoming, key, new Stamped<>(edges, snapshot, bounded(edges.bytes())));
    }

    Optional<VectorPoint> point(Key key, long snapshot) {
        return get(points, key, snapshot);
    }

    void put(Key key, VectorPoint point, long snapshot) {
        long weight = OBJECT_BYTES
                + 2 * point.properties().estimatedBytes()
                + 2L * point.text().length()
                + 4L * point.vector().map(Vector::dimensions).orElse(0);
        put(points, key, new Stamped<>(point, snapshot, bounded(weight)));
    }

    /** Returns how many points are kept, for tests of how many are read. */
    long pointsKept() {
        return points.estimatedSize();
    }

    private static int bounded(long weight) {
        return (int) Math.min(Integer.MAX_VALUE, weight);
    }

    private <T> void put(Cache<Key, Stamped<T>> cache, Key key, Stamped<T> entry) {
        cache.asMap()
                .compute(
                        key,
                        (same, old) -> touched.get(key.stripe()) > entry.commit() || allTouched > entry.commit()
                                ? old
                                : old != null && old.commit() < entry.commit() ? old : entry);
    }

    /** Forgets what a commit will change; called before it is committed. */
    void forget(Touched changes, long commit) {
        if (changes.hasEverything()) {
            allTouched = commit;
            nodes.invalidateAll();
            outgoing.invalidateAll();
            incoming.invalidateAll();
            points.invalidateAll();
            return;
        }
        for (Touched.PointChange change : changes.points()) {
            UUID id = change.id();
            // A space that was dropped is found by no read any more, and its interned id is never given again.
            if (id != null) {
                Key key = Key.point(change.space(), id);
                touched.set(key.stripe(), commit);
                points.invalidate(key);
            }
        }
        for (Key key : changes.nodes()) {
            touched.set(key.stripe(), commit);
            nodes.invalidate(key);
            outgoing.invalidate(key);
            incoming.invalidate(key);
        }
    }
}
