package io.contextdb.bench.postgresql;

import io.contextdb.Namespace;
import io.contextdb.bench.BenchmarkRun;
import io.contextdb.bench.ClusteredVectors;
import io.contextdb.bench.VectorData;
import io.contextdb.spi.event.EventDraft;
import io.contextdb.spi.graph.EdgeContent;
import io.contextdb.spi.graph.EdgeDraft;
import io.contextdb.spi.graph.NodeContent;
import io.contextdb.spi.graph.NodeDraft;
import io.contextdb.spi.value.PropertyMap;
import io.contextdb.spi.vector.Vector;
import io.contextdb.spi.vector.VectorPoint;
import io.contextdb.spi.vector.VectorQuery;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.UUID;

/** Nodes of eight edges each, whose ids follow from the seed, and writes beside them: by the driver and by hand. For one caller. */
final class SampleGraph {
    static final int DIMENSIONS = VectorData.DIMENSIONS;
    static final String SPACE = "default";
    private static final int NODES = 20_000;
    /** So many that three steps reach more than a walk returns. */
    private static final int EDGES = 8;

    /** A batch by hand. */
    @FunctionalInterface
    interface RawBatch {
        long write(UUID node, String properties, UUID[] edges, UUID[] from, UUID[] to, String event, String vector)
                throws Exception;
    }

    /** Many nodes by hand. */
    @FunctionalInterface
    interface NodesByHand {
        void write(UUID[] ids, String[] properties) throws Exception;
    }

    private final Namespace namespace;
    private final Random random = new Random(BenchmarkRun.SEED);
    private final ClusteredVectors vectors = new ClusteredVectors(DIMENSIONS, BenchmarkRun.SEED);
    private final List<UUID> nodes = new ArrayList<>();

    SampleGraph(Namespace namespace) {
        this.namespace = namespace;
        for (int i = 0; i < NODES; i++) {
            nodes.add(new UUID(random.nextLong(), random.nextLong()));
        }
    }

    ClusteredVectors vectors() {
        return vectors;
    }

    UUID any(Random by) {
        return nodes.get(by.nextInt(NODES));
    }

    /** Writes nodes and edges. */
    void fill() {
        for (int from = 0; from < NODES; from += 1_000) {
            var batch = namespace.batch();
            nodes.subList(from, from + 1_000).forEach(id -> batch.put(node(id)));
            batch.apply();
        }
        for (int from = 0; from < NODES; from += 1_000) {
            var batch = namespace.batch();
            for (UUID id : nodes.subList(from, from + 1_000)) {
                for (int i = 0; i < EDGES; i++) {
                    batch.put(EdgeDraft.of(
                            EdgeContent.of(id, "knows", any(random)).withWeight(random.nextDouble())));
                }
            }
            batch.apply();
        }
    }

    /** Writes points, and searches once, since an index is made for a space that is large and searched. */
    void points(int count) {
        for (int from = 0; from < count; from += 1_000) {
            List<VectorPoint> points = new ArrayList<>();
            for (int i = 0; i < 1_000; i++) {
                points.add(VectorPoint.builder(UUID.randomUUID())
                        .vector(vectors.next())
                        .build());
            }
            namespace.vectors().put(SPACE, points);
        }
        namespace.vectors().search(VectorQuery.nearest(SPACE, Vector.of(vectors.next()), 10));
    }

    long batch() {
        UUID id = UUID.randomUUID();
        return namespace
                .batch()
                .put(node(id))
                .put(EdgeDraft.of(EdgeContent.of(id, "knows", nodes.get(0))))
                .put(EdgeDraft.of(EdgeContent.of(id, "knows", nodes.get(1))))
                .append(EventDraft.of("bench.made", PropertyMap.of("name", "node")))
                .put(SPACE, VectorPoint.builder(id).vector(vectors.next()).build())
                .apply()
                .results()
                .size();
    }

    long byHand(RawBatch by) throws Exception {
        UUID id = UUID.randomUUID();
        return by.write(
                id,
                properties(id),
                new UUID[] {UUID.randomUUID(), UUID.randomUUID()},
                new UUID[] {id, id},
                new UUID[] {nodes.get(0), nodes.get(1)},
                "{\"name\":\"node\"}",
                Arrays.toString(vectors.next()));
    }

    long nodes(int count) {
        var batch = namespace.batch();
        for (int i = 0; i < count; i++) {
            batch.put(node(UUID.randomUUID()));
        }
        return batch.apply().results().size();
    }

    static long nodesByHand(int count, NodesByHand by) throws Exception {
        UUID[] ids = new UUID[count];
        String[] properties = new String[count];
        for (int i = 0; i < count; i++) {
            ids[i] = UUID.randomUUID();
            properties[i] = properties(ids[i]);
        }
        by.write(ids, properties);
        return count;
    }

    private static NodeDraft node(UUID id) {
        return NodeDraft.of(
                id,
                NodeContent.builder()
                        .label("bench")
                        .property("name", "node " + id)
                        .build());
    }

    private static String properties(UUID id) {
        return "{\"name\":\"node " + id + "\"}";
    }
}
