package io.contextdb.bench.growth;

import io.contextdb.Namespace;
import io.contextdb.bench.BenchmarkRun;
import io.contextdb.bench.ClusteredVectors;
import io.contextdb.bench.Words;
import io.contextdb.spi.event.EventDraft;
import io.contextdb.spi.event.EventPosition;
import io.contextdb.spi.graph.EdgeContent;
import io.contextdb.spi.graph.EdgeDraft;
import io.contextdb.spi.graph.NodeContent;
import io.contextdb.spi.graph.NodeDraft;
import io.contextdb.spi.value.Bytes;
import io.contextdb.spi.value.PropertyMap;
import io.contextdb.spi.vector.VectorPoint;
import io.contextdb.spi.vector.VectorSpace;
import java.time.Instant;
import java.util.Random;
import java.util.UUID;

/**
 * A namespace that is filled in stages: for each node two edges, a key, an event and a document, and for every tenth a point with a
 * text. For one caller.
 */
final class GrowingStore {
    static final String SPACE = "default";
    static final int DIMENSIONS = 64;
    static final int POINTS_EVERY = 10;

    /** Nodes, documents, keys and points of one group share a property or a prefix, however many there are. */
    static final int GROUP = 20;

    private static final int BATCH = 1_000;
    private static final int EDGES = 2;

    final Namespace namespace;
    final Random random = new Random(BenchmarkRun.SEED);
    final ClusteredVectors vectors = new ClusteredVectors(DIMENSIONS, BenchmarkRun.SEED);
    final Words words = new Words(BenchmarkRun.SEED);
    private int nodes;
    private Instant beforeLast = Instant.EPOCH;
    private Instant lastCommit = Instant.EPOCH;
    private EventPosition middle = EventPosition.START;

    GrowingStore(Namespace namespace) {
        this.namespace = namespace;
        namespace.vectors().createSpace(VectorSpace.cosine(SPACE, DIMENSIONS));
    }

    int nodes() {
        return nodes;
    }

    Instant lastCommit() {
        return lastCommit;
    }

    Instant beforeLast() {
        return beforeLast;
    }

    /** Returns a position with a hundred events after it, at least. */
    EventPosition middle() {
        return middle;
    }

    static UUID id(int node) {
        return new UUID(4, node);
    }

    UUID anyNode() {
        return id(random.nextInt(nodes));
    }

    UUID anyPoint() {
        return id(random.nextInt(nodes / POINTS_EVERY) * POINTS_EVERY);
    }

    int anyGroup() {
        return random.nextInt(nodes / GROUP);
    }

    String anyKey() {
        return key(random.nextInt(nodes));
    }

    private static String key(int number) {
        return "group" + number / GROUP + "/key" + number;
    }

    String anyDocument() {
        return "document" + random.nextInt(nodes);
    }

    /** Adds until there are so many nodes. */
    void grow(int size) {
        while (nodes < size) {
            records(Math.min(BATCH, size - nodes));
        }
    }

    private void records(int count) {
        middle = namespace.events().last();
        var others = namespace.batch();
        for (int i = nodes; i < nodes + count; i++) {
            others.put(key(i), Bytes.utf8("a value of some thirty bytes .."));
            others.append(EventDraft.of("grown", PropertyMap.of("number", i)).about("group" + i / GROUP));
            others.put("documents", "document" + i, PropertyMap.of("group", i / GROUP, "number", i, "text", "words"));
            if (i % POINTS_EVERY == 0) {
                others.put(SPACE, point(id(i), i / POINTS_EVERY / GROUP));
            }
        }
        others.apply();
        var graph = namespace.batch();
        for (int i = nodes; i < nodes + count; i++) {
            graph.put(node(id(i), "f" + i, i / GROUP));
        }
        for (int i = nodes; i < nodes + count; i++) {
            for (int edge = 0; edge < EDGES; edge++) {
                graph.put(EdgeDraft.of(EdgeContent.of(id(i), "next", id(random.nextInt(nodes + count)))));
            }
        }
        beforeLast = lastCommit;
        lastCommit = graph.apply().committedAt();
        nodes += count;
    }

    VectorPoint point(UUID id, int group) {
        return VectorPoint.builder(id)
                .vector(vectors.next())
                .text(words.sentence(12))
                .property("group", group)
                .build();
    }

    static NodeDraft node(UUID id, String fingerprint, int group) {
        return NodeDraft.of(
                id,
                NodeContent.builder()
                        .label("grown")
                        .fingerprint(fingerprint)
                        .property("text", "some words about node " + id)
                        .property("group", group)
                        .build());
    }
}
