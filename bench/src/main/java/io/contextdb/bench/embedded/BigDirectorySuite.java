package io.contextdb.bench.embedded;

import io.contextdb.ContextConnection;
import io.contextdb.ContextDriverManager;
import io.contextdb.Namespace;
import io.contextdb.bench.BenchmarkRun;
import io.contextdb.bench.ClusteredVectors;
import io.contextdb.bench.Spread;
import io.contextdb.bench.Suite;
import io.contextdb.bench.Table;
import io.contextdb.bench.TemporaryDirectory;
import io.contextdb.bench.VectorData;
import io.contextdb.spi.graph.NodeContent;
import io.contextdb.spi.graph.NodeDraft;
import io.contextdb.spi.value.Bytes;
import io.contextdb.spi.vector.Vector;
import io.contextdb.spi.vector.VectorPoint;
import io.contextdb.spi.vector.VectorQuery;
import io.contextdb.spi.vector.VectorSpace;
import java.util.Random;
import java.util.UUID;

/**
 * Fills a directory with values, nodes and vectors, far more than the heap, opens it again and reads. For the heap that it is run
 * with: {@code BENCH_HEAP=512m bench/run size}. The system property {@code bench.gigabytes} says how many of values (10).
 */
public final class BigDirectorySuite implements Suite {
    private static final int VALUE = 1 << 20;
    private static final int DIMENSIONS = VectorData.DIMENSIONS;
    private static final int THOUSANDS = 100;

    @Override
    public void run(BenchmarkRun run) throws Exception {
        int gigabytes = Integer.getInteger("bench.gigabytes", 10);
        try (TemporaryDirectory directory = new TemporaryDirectory()) {
            String url = "contextdb:embedded:" + directory.path().resolve("store") + "?durability=os";
            try (ContextConnection connection = ContextDriverManager.getConnection(url)) {
                fill(connection.namespace("bench"), gigabytes, THOUSANDS);
            }
            long start = System.nanoTime();
            try (ContextConnection connection = ContextDriverManager.getConnection(url)) {
                read(connection.namespace("bench"), gigabytes, THOUSANDS);
                run.add(Table.of(
                                "size/open",
                                "A directory far larger than the heap",
                                "GB on disk",
                                "heap, MB",
                                "open, get, search, together, ms")
                        .row(
                                Spread.figure(directory.bytes() / 1e9),
                                Long.toString(Runtime.getRuntime().maxMemory() >> 20),
                                Long.toString((System.nanoTime() - start) / 1_000_000)));
            }
        }
    }

    private static void fill(Namespace namespace, int gigabytes, int thousands) {
        namespace.vectors().createSpace(VectorSpace.cosine("default", DIMENSIONS));
        ClusteredVectors vectors = new ClusteredVectors(DIMENSIONS, 42);
        for (int thousand = 0; thousand < thousands; thousand++) {
            var batch = namespace.batch();
            for (int i = 0; i < 1_000; i++) {
                UUID id = new UUID(thousand, i);
                batch.put(NodeDraft.of(id, NodeContent.builder().label("bench").build()));
                batch.put(
                        "default",
                        VectorPoint.builder(id).vector(vectors.next()).build());
            }
            batch.apply();
        }
        Random random = new Random(42);
        byte[] value = new byte[VALUE];
        for (int megabyte = 0; megabyte < gigabytes << 10; megabyte += 8) {
            var batch = namespace.batch();
            for (int i = 0; i < 8; i++) {
                random.nextBytes(value);
                batch.put("value/" + (megabyte + i), Bytes.of(value));
            }
            batch.apply();
        }
    }

    private static void read(Namespace namespace, int gigabytes, int thousands) {
        String last = "value/" + ((gigabytes << 10) - 1);
        UUID node = new UUID(thousands - 1, 999);
        float[] query = new ClusteredVectors(DIMENSIONS, 43).next();
        boolean found = namespace.keys().get(last).isPresent()
                && namespace.graph().get(node).isPresent()
                && namespace
                                .vectors()
                                .search(VectorQuery.nearest("default", Vector.of(query), 10))
                                .size()
                        == 10;
        if (!found) {
            throw new IllegalStateException("what was written is not there");
        }
    }
}
