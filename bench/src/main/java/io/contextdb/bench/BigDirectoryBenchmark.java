package io.contextdb.bench;

import io.contextdb.ContextConnection;
import io.contextdb.ContextDriverManager;
import io.contextdb.Namespace;
import io.contextdb.spi.graph.NodeContent;
import io.contextdb.spi.graph.NodeDraft;
import io.contextdb.spi.value.Bytes;
import io.contextdb.spi.vector.Vector;
import io.contextdb.spi.vector.VectorPoint;
import io.contextdb.spi.vector.VectorQuery;
import io.contextdb.spi.vector.VectorSpace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Random;
import java.util.UUID;

/**
 * Fills a directory with values, nodes and vectors, opens it again and reads. For the heap that it is run with:
 * {@code BENCH_HEAP=512m bench/run BigDirectoryBenchmark}. Arguments: gigabytes of values (10), thousands of nodes with
 * vectors (100).
 */
public final class BigDirectoryBenchmark {
    private static final int VALUE = 1 << 20;
    private static final int DIMENSIONS = 384;

    private BigDirectoryBenchmark() {}

    /** Runs and prints what was found. */
    public static void main(String[] arguments) throws Exception {
        int gigabytes = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 10;
        int thousands = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 100;
        try (TemporaryDirectory directory = new TemporaryDirectory()) {
            String url = "contextdb:embedded:" + directory.path().resolve("store") + "?durability=os";
            try (ContextConnection connection = ContextDriverManager.getConnection(url)) {
                fill(connection.namespace("bench"), gigabytes, thousands);
            }
            long start = System.nanoTime();
            try (ContextConnection connection = ContextDriverManager.getConnection(url)) {
                Namespace namespace = connection.namespace("bench");
                read(namespace, gigabytes, thousands);
                System.out.printf(
                        Locale.ROOT,
                        "%.1f GB on disk, heap of at most %d MB: open, read and search in %d ms%n",
                        size(directory.path()) / 1e9,
                        Runtime.getRuntime().maxMemory() >> 20,
                        (System.nanoTime() - start) / 1_000_000);
                System.out.println(namespace.statistics());
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

    private static long size(Path directory) throws IOException {
        try (var files = Files.walk(directory)) {
            return files.mapToLong(file -> file.toFile().length()).sum();
        }
    }
}
