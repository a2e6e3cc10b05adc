package io.contextdb.backend.embedded;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.contextdb.spi.graph.Edge;
import io.contextdb.spi.graph.Node;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * Current nodes, and current edges at nodes, that were read before. Bounded by weight.
 *
 * <p>Invariant: an entry is what every snapshot holds that is not older than the entry's stamp. The writer forgets what a
 * commit touches <em>before</em> it commits, and notes the commit in a stripe; a reader puts what it loaded only if its
 * stripe knows no commit that the reader's snapshot lacks, and takes an entry only if its own snapshot is not older. So a
 * read never mixes states before and after one commit.
 */
final class GraphCache {
    private static final int STRIPES = 4096;
    private static final int OBJECT_BYTES = 400;

    /** A node of a namespace. */
    record Key(long namespace, long high, long low) {
        static Key of(long namespace, UUID id) {
            return new Key(namespace, id.getMostSignificantBits(), id.getLeastSignificantBits());
        }

        int stripe() {
            long mixed = (namespace * 31 + high) * 31 + low;
            return (int) ((mixed * 0x9E3779B97F4A7C15L) >>> 52);
        }
    }

    private record Stamped<T>(T value, long commit, int weight) {}

    private final Cache<Key, Stamped<Node>> nodes;
    private final Cache<Key, Stamped<List<Edge>>> outgoing;
    private final Cache<Key, Stamped<List<Edge>>> incoming;
    private final AtomicLongArray touched = new AtomicLongArray(STRIPES);
    private volatile long allTouched;

    GraphCache(long bytes) {
        nodes = cache(bytes / 2);
        outgoing = cache(bytes / 3);
        incoming = cache(bytes / 6);
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

    Optional<List<Edge>> edges(Key key, boolean out, long snapshot) {
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

    void put(Key key, boolean out, List<Edge> edges, long snapshot) {
        long weight = OBJECT_BYTES;
        for (Edge edge : edges) {
            weight += OBJECT_BYTES + 2 * edge.content().properties().estimatedBytes();
        }
        put(out ? outgoing : incoming, key, new Stamped<>(edges, snapshot, bounded(weight)));
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
            return;
        }
        for (Key key : changes.nodes()) {
            touched.set(key.stripe(), commit);
            nodes.invalidate(key);
            outgoing.invalidate(key);
            incoming.invalidate(key);
        }
    }
}
