package io.contextdb.bench.postgresql;

import io.contextdb.ContextConnection;
import io.contextdb.ContextDataSource;
import io.contextdb.Namespace;
import io.contextdb.bench.ClusteredVectors;
import io.contextdb.bench.Rate;
import io.contextdb.spi.event.EventDraft;
import io.contextdb.spi.graph.EdgeContent;
import io.contextdb.spi.graph.EdgeDraft;
import io.contextdb.spi.graph.NodeContent;
import io.contextdb.spi.graph.NodeDraft;
import io.contextdb.spi.graph.WalkQuery;
import io.contextdb.spi.value.Bytes;
import io.contextdb.spi.value.PropertyMap;
import io.contextdb.spi.vector.Vector;
import io.contextdb.spi.vector.VectorPoint;
import io.contextdb.spi.vector.VectorQuery;
import io.contextdb.spi.vector.VectorSpace;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * The PostgreSQL backend against {@link RawStatements}, in turn, through pools of the same size. Arguments: JDBC URL of an
 * empty database, rounds (7), thousands of points (20), and a part of the name of what is to be compared (everything).
 */
public final class PostgresBenchmark implements AutoCloseable {
    private static final int DIMENSIONS = 384;
    private static final int CALLERS = 64;
    private static final int CONNECTIONS = 10;
    private static final int NODES = 20_000;
    private static final String SPACE = "default";

    /** Work that may fail. */
    private interface Work {
        void run() throws Exception;
    }

    private final int rounds;
    private final String only;
    private final RawStatements raw;
    private final ContextDataSource source;
    private final ContextConnection connection;
    private final Namespace namespace;
    private final Random random = new Random(42);
    private final ClusteredVectors vectors = new ClusteredVectors(DIMENSIONS, 42);
    private final List<UUID> nodes = new ArrayList<>();
    private long read;

    private PostgresBenchmark(String jdbcUrl, int rounds, String only) throws Exception {
        this.rounds = rounds;
        this.only = only;
        source = ContextDataSource.builder(jdbcUrl.replaceFirst("^jdbc:", "contextdb:"))
                .option("poolSize", Integer.toString(CONNECTIONS))
                .option("poolIdle", Integer.toString(CONNECTIONS))
                .option("jdbc.prepareThreshold", "1")
                .build();
        connection = source.getConnection();
        namespace = connection.namespace("bench");
        // The server may have served an earlier run.
        namespace.drop();
        namespace.vectors().createSpace(VectorSpace.cosine(SPACE, DIMENSIONS));
        raw = new RawStatements(jdbcUrl, CONNECTIONS);
        raw.create();
    }

    /** Runs and prints a Markdown table. */
    public static void main(String[] arguments) throws Exception {
        int rounds = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 7;
        int thousands = arguments.length > 2 ? Integer.parseInt(arguments[2]) : 20;
        String only = arguments.length > 3 ? arguments[3] : "";
        try (PostgresBenchmark benchmark = new PostgresBenchmark(arguments[0], rounds, only)) {
            benchmark.run(thousands);
        }
    }

    private void run(int thousands) throws Exception {
        int id = (int) raw.number("SELECT id FROM contextdb.namespace WHERE name = 'bench'");
        for (int i = 0; i < 1_000; i++) {
            namespace.keys().put("key" + i, Bytes.utf8("a value of some thirty bytes"));
        }
        graph();
        System.out.println("| per second | contextdb postgresql | by hand | ratio |");
        System.out.println("|---|---|---|---|");
        compare(
                "get of a key",
                2_000,
                () -> read += namespace
                        .keys()
                        .get("key" + random.nextInt(1_000))
                        .orElseThrow()
                        .version(),
                () -> raw.get(id, "key" + random.nextInt(1_000)));
        compare("batch of 5 (by hand: one statement)", 300, this::batch, () -> batch(raw::batch));
        compare("batch of 5 (by hand: 5 statements, commit)", 300, this::batch, () -> batch(raw::oneByOne));
        concurrent();
        compare("batch of 1,000 nodes (by hand: arrays)", 5, () -> nodes(1_000), () -> rawNodes(1_000, false));
        compare("batch of 10,000 nodes (by hand: COPY)", 2, () -> nodes(10_000), () -> rawNodes(10_000, true));
        compare(
                "walk of 3 hops (by hand: recursive query)",
                100,
                () -> namespace
                        .graph()
                        .walk(WalkQuery.from(seed()).maxDepth(3).limit(200).build()),
                () -> raw.walk(id, seed()));
        String nearest = "nearest 10 of " + thousands + ",000 vectors";
        if (nearest.contains(only)) {
            points(thousands);
        }
        int space = (int) raw.number("SELECT id FROM contextdb.space WHERE ns = " + id);
        compare(
                nearest,
                200,
                () -> namespace.vectors().search(VectorQuery.nearest(SPACE, Vector.of(vectors.next()), 10)),
                () -> raw.search(space, Arrays.toString(vectors.next()), DIMENSIONS));
    }

    private void compare(String name, int times, Work ours, Work theirs) {
        if (!name.contains(only)) {
            return;
        }
        Rate oursRate = Rate.perSecond(rounds);
        Rate theirsRate = Rate.perSecond(rounds);
        repeat(times, ours);
        repeat(times, theirs);
        for (int round = 0; round < rounds; round++) {
            oursRate.round(times, () -> repeat(times, ours));
            theirsRate.round(times, () -> repeat(times, theirs));
        }
        print(name, oursRate, theirsRate);
    }

    private static void print(String name, Rate ours, Rate theirs) {
        System.out.printf(
                Locale.ROOT, "| %s | %s | %s | %.2f |%n", name, ours, theirs, ours.median() / theirs.median());
    }

    private static void repeat(int times, Work work) {
        try {
            for (int i = 0; i < times; i++) {
                work.run();
            }
        } catch (Exception failed) {
            throw new IllegalStateException(failed);
        }
    }

    private void graph() {
        for (int i = 0; i < NODES; i++) {
            nodes.add(new UUID(random.nextLong(), random.nextLong()));
        }
        for (int from = 0; from < NODES; from += 1_000) {
            var batch = namespace.batch();
            nodes.subList(from, from + 1_000)
                    .forEach(id -> batch.put(NodeDraft.of(
                            id,
                            NodeContent.builder()
                                    .label("bench")
                                    .property("name", "node " + id)
                                    .build())));
            batch.apply();
        }
        for (int from = 0; from < NODES; from += 1_000) {
            var batch = namespace.batch();
            for (UUID id : nodes.subList(from, from + 1_000)) {
                for (int i = 0; i < 4; i++) {
                    batch.put(EdgeDraft.of(EdgeContent.of(id, "knows", seed()).withWeight(random.nextDouble())));
                }
            }
            batch.apply();
        }
    }

    private UUID seed() {
        return nodes.get(random.nextInt(nodes.size()));
    }

    private void points(int thousands) throws Exception {
        for (int thousand = 0; thousand < thousands; thousand++) {
            List<VectorPoint> points = new ArrayList<>();
            for (int i = 0; i < 1_000; i++) {
                points.add(VectorPoint.builder(UUID.randomUUID())
                        .vector(vectors.next())
                        .build());
            }
            namespace.vectors().put(SPACE, points);
        }
        // The index is made once a search has shown that the space is large.
        namespace.vectors().search(VectorQuery.nearest(SPACE, Vector.of(vectors.next()), 10));
        while (raw.number("SELECT count(*) FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid"
                        + " WHERE c.relname LIKE 'point_hnsw_%' AND i.indisvalid")
                == 0) {
            Thread.sleep(500);
        }
        // Each driver process looks for new indexes now and then.
        Thread.sleep(20_000);
    }

    private void batch() {
        UUID id = UUID.randomUUID();
        namespace
                .batch()
                .put(NodeDraft.of(
                        id,
                        NodeContent.builder()
                                .label("bench")
                                .property("name", "node " + id)
                                .build()))
                .put(EdgeDraft.of(EdgeContent.of(id, "knows", nodes.get(0))))
                .put(EdgeDraft.of(EdgeContent.of(id, "knows", nodes.get(1))))
                .append(EventDraft.of("bench.made", PropertyMap.of("name", "node")))
                .put(SPACE, VectorPoint.builder(id).vector(vectors.next()).build())
                .apply();
    }

    /** Takes what a batch by hand is made of. */
    private interface RawBatch {
        void write(UUID node, String properties, UUID[] edges, UUID[] from, UUID[] to, String event, String vector)
                throws Exception;
    }

    private void batch(RawBatch by) throws Exception {
        UUID id = UUID.randomUUID();
        by.write(
                id,
                "{\"name\":\"node " + id + "\"}",
                new UUID[] {UUID.randomUUID(), UUID.randomUUID()},
                new UUID[] {id, id},
                new UUID[] {nodes.get(0), nodes.get(1)},
                "{\"name\":\"node\"}",
                Arrays.toString(vectors.next()));
    }

    private void nodes(int count) {
        var batch = namespace.batch();
        for (int i = 0; i < count; i++) {
            batch.put(NodeDraft.of(NodeContent.builder()
                    .label("bench")
                    .property("name", "node " + i)
                    .build()));
        }
        batch.apply();
    }

    private void rawNodes(int count, boolean copy) throws Exception {
        UUID[] ids = new UUID[count];
        String[] properties = new String[count];
        for (int i = 0; i < count; i++) {
            ids[i] = UUID.randomUUID();
            properties[i] = "{\"name\":\"node " + i + "\"}";
        }
        if (copy) {
            raw.nodesByCopy(ids, properties);
        } else {
            raw.nodesByArrays(ids, properties);
        }
    }

    /** One caller against many, each with durable writes of a key. */
    private void concurrent() throws Exception {
        String name = "writes of " + CALLERS + " callers (by hand: one caller of ours)";
        if (!name.contains(only)) {
            return;
        }
        Rate alone = Rate.perSecond(rounds);
        Rate together = Rate.perSecond(rounds);
        try (ExecutorService pool = Executors.newFixedThreadPool(CALLERS)) {
            for (int round = 0; round < rounds; round++) {
                alone.round(200, () -> callers(pool, 1, 200));
                together.round(CALLERS * 100, () -> callers(pool, CALLERS, 100));
            }
        }
        System.out.printf(
                Locale.ROOT, "| %s | %s | %s | %.1f |%n", name, together, alone, together.median() / alone.median());
    }

    private void callers(ExecutorService pool, int callers, int times) {
        List<Future<?>> running = new ArrayList<>();
        for (int caller = 0; caller < callers; caller++) {
            String key = "caller" + caller;
            running.add(pool.submit(() -> repeat(times, () -> namespace.keys().put(key, Bytes.utf8("value")))));
        }
        repeat(1, () -> {
            for (Future<?> caller : running) {
                caller.get();
            }
        });
    }

    @Override
    public void close() {
        raw.close();
        connection.close();
        source.close();
    }
}
