package io.contextdb.bench.postgresql;

import io.contextdb.ContextConnection;
import io.contextdb.ContextDataSource;
import io.contextdb.Namespace;
import io.contextdb.bench.BenchmarkRun;
import io.contextdb.bench.Comparison;
import io.contextdb.bench.Servers;
import io.contextdb.bench.Side;
import io.contextdb.bench.Suite;
import io.contextdb.spi.graph.WalkQuery;
import io.contextdb.spi.value.Bytes;
import io.contextdb.spi.vector.Vector;
import io.contextdb.spi.vector.VectorQuery;
import io.contextdb.spi.vector.VectorSpace;
import io.contextdb.tck.fault.Fault;
import io.contextdb.tck.fault.FaultProxy;
import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The PostgreSQL backend against {@link RawStatements}, through pools of the same size, on loopback and with a millisecond between
 * them and the server.
 */
public final class PostgresqlSuite implements Suite {
    private static final int CALLERS = 64;
    private static final int CONNECTIONS = 10;
    private static final int KEYS = 1_000;
    private static final Bytes VALUE = Bytes.utf8("a value of some thirty bytes ....");
    private static final String OURS = "contextdb postgresql";

    @Override
    public void run(BenchmarkRun run) throws Exception {
        Servers.Server server = Servers.postgresql();
        run.server(server);
        try (Stores stores = Stores.open(server.url(), true)) {
            records(run, stores);
            if (run.wantsLarge("postgresql/latency")) {
                latency(run, server);
            }
            // Last, as it gives the space an index, which each point that is written from then on goes into.
            if (run.wantsLarge("postgresql/search")) {
                search(run, stores);
            }
        }
    }

    /** The same server by way of the driver and by hand. */
    private record Stores(
            ContextDataSource source,
            ContextConnection connection,
            Namespace namespace,
            RawStatements raw,
            SampleGraph graph,
            int id)
            implements AutoCloseable {
        static Stores open(String url, boolean fresh) throws Exception {
            ContextDataSource source = ContextDataSource.builder("contextdb:" + url)
                    .option("poolSize", Integer.toString(CONNECTIONS))
                    .option("poolIdle", Integer.toString(CONNECTIONS))
                    .option("jdbc.prepareThreshold", "1")
                    .build();
            ContextConnection connection = source.getConnection();
            Namespace namespace = connection.namespace("bench");
            SampleGraph graph = new SampleGraph(namespace);
            RawStatements raw = new RawStatements("jdbc:" + url, CONNECTIONS);
            if (fresh) {
                // The server may have served an earlier run.
                namespace.drop();
                namespace.vectors().createSpace(VectorSpace.cosine(SampleGraph.SPACE, SampleGraph.DIMENSIONS));
                raw.create();
                for (int i = 0; i < KEYS; i++) {
                    namespace.keys().put("key" + i, VALUE);
                }
                graph.fill();
            }
            int id = (int) raw.number("SELECT id FROM contextdb.namespace WHERE name = 'bench'");
            return new Stores(source, connection, namespace, raw, graph, id);
        }

        @Override
        public void close() {
            raw.close();
            connection.close();
            source.close();
        }
    }

    private static void records(BenchmarkRun run, Stores stores) throws Exception {
        Namespace namespace = stores.namespace();
        RawStatements raw = stores.raw();
        SampleGraph graph = stores.graph();
        Random random = new Random(BenchmarkRun.SEED);
        run.compare(get("postgresql/get-key", stores).goal(0.95).inSmoke());
        run.compare(Comparison.of(
                        "postgresql/batch",
                        "batch of 5: node, 2 edges, event, vector",
                        Side.of(OURS, graph::batch),
                        Side.of("by hand, one statement", () -> graph.byHand(raw::batch)))
                .goal(0.9)
                .inSmoke());
        run.compare(Comparison.of(
                        "postgresql/batch-checked",
                        "the same",
                        Side.of(OURS, graph::batch),
                        Side.of(
                                "by hand, with the checks of the contract",
                                () -> graph.byHand(raw.checked(stores.id()))))
                .goal(0.9));
        run.compare(Comparison.of(
                "postgresql/batch-by-statements",
                "the same",
                Side.of(OURS, graph::batch),
                Side.of("by hand, 5 statements and a commit", () -> graph.byHand(raw::oneByOne))));
        concurrent(run, stores);
        many(run, graph, raw.nodes());
        run.compare(Comparison.of(
                        "postgresql/walk",
                        "walk of 3 hops, 200 nodes with their edges",
                        Side.of(
                                OURS,
                                () -> namespace
                                        .graph()
                                        .walk(WalkQuery.from(graph.any(random))
                                                .maxDepth(3)
                                                .limit(200)
                                                .build())
                                        .size()),
                        Side.of("by hand, a recursive query", () -> raw.walk(stores.id(), graph.any(random))))
                .goal(1.2));
    }

    private static void many(BenchmarkRun run, SampleGraph graph, RawNodes raw) throws Exception {
        run.compare(many("postgresql/batch-1000", 1_000, graph, "by hand, arrays", raw::byArrays));
        run.compare(many(
                "postgresql/batch-1000-checked",
                1_000,
                graph,
                "by hand, arrays, with the checks of the contract",
                raw::byArraysChecked));
        run.compare(many("postgresql/batch-10000", 10_000, graph, "by hand, COPY and merge", raw::byCopy));
        run.compare(many(
                "postgresql/batch-10000-checked",
                10_000,
                graph,
                "by hand, COPY and merge, with the checks of the contract",
                raw::byCopyChecked));
    }

    private static Comparison many(
            String name, int nodes, SampleGraph graph, String byHand, SampleGraph.NodesByHand raw) {
        return Comparison.of(
                        name,
                        String.format("batch of %,d nodes", nodes),
                        Side.of(OURS, () -> graph.nodes(nodes)),
                        Side.of(byHand, () -> SampleGraph.nodesByHand(nodes, raw)))
                .goal(0.9);
    }

    private static Comparison get(String name, Stores stores) {
        Random random = new Random(BenchmarkRun.SEED);
        return Comparison.of(
                name,
                "get of a key",
                Side.of(
                        OURS,
                        () -> stores.namespace()
                                .keys()
                                .get("key" + random.nextInt(KEYS))
                                .orElseThrow()
                                .version()),
                Side.of(
                        "by hand, a prepared statement",
                        () -> stores.raw().get(stores.id(), "key" + random.nextInt(KEYS))));
    }

    /** What it gains that callers share commits. */
    private static void concurrent(BenchmarkRun run, Stores stores) throws Exception {
        run.compare(Comparison.of(
                        "postgresql/put-64",
                        "put of a key",
                        Side.of(OURS, () -> stores.namespace().keys().put(key(), VALUE)),
                        Side.of(
                                "by hand, an upsert and its commit each",
                                () -> stores.raw().put(stores.id(), key(), VALUE.toArray())))
                .callers(CALLERS));
        run.compare(byOne("postgresql/put-64-by-one", stores));
    }

    private static Comparison byOne(String name, Stores stores) {
        ReentrantLock one = new ReentrantLock();
        return Comparison.of(
                        name,
                        "put of a key",
                        Side.of(OURS, () -> stores.namespace().keys().put(key(), VALUE)),
                        Side.of("the same, one caller at a time", () -> {
                            one.lock();
                            try {
                                return stores.namespace().keys().put(key(), VALUE);
                            } finally {
                                one.unlock();
                            }
                        }))
                .callers(CALLERS)
                .goal(15);
    }

    private static String key() {
        return "caller" + Thread.currentThread().threadId();
    }

    private static void search(BenchmarkRun run, Stores stores) throws Exception {
        int points = 20_000;
        SampleGraph graph = stores.graph();
        graph.points(points);
        Namespace namespace = stores.namespace();
        int space = (int) stores.raw().number("SELECT id FROM contextdb.space WHERE ns = " + stores.id());
        awaitIndex(stores.raw(), space);
        run.compare(Comparison.of(
                        "postgresql/search",
                        String.format("nearest 10 of %,d × %d", points, SampleGraph.DIMENSIONS),
                        Side.of(
                                OURS,
                                () -> namespace
                                        .vectors()
                                        .search(VectorQuery.nearest(
                                                SampleGraph.SPACE,
                                                Vector.of(graph.vectors().next()),
                                                10))
                                        .size()),
                        Side.of(
                                "by hand, pgvector's index, as broad",
                                () -> stores.raw()
                                        .search(
                                                space,
                                                Arrays.toString(graph.vectors().next()),
                                                SampleGraph.DIMENSIONS)))
                .goal(0.95));
    }

    /** The index is made once a search has shown that the space is large, and each driver looks for new ones now and then. */
    private static void awaitIndex(RawStatements raw, int space) throws Exception {
        long end = System.nanoTime() + Duration.ofMinutes(2).toNanos();
        while (raw.number("SELECT count(*) FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid"
                        + " WHERE i.indrelid = 'contextdb.point'::regclass AND c.relname LIKE 'point_hnsw_" + space
                        + "%' AND i.indisvalid")
                == 0) {
            if (System.nanoTime() - end > 0) {
                throw new IllegalStateException("no index was made of the points within two minutes");
            }
            Thread.sleep(500);
        }
        Thread.sleep(20_000);
    }

    private static void latency(BenchmarkRun run, Servers.Server server) throws Exception {
        try (FaultProxy proxy = FaultProxy.before(server.address(), BenchmarkRun.SEED);
                Stores stores = Stores.open(server.urlBy(proxy.address()), false)) {
            SampleGraph graph = stores.graph();
            // Half a millisecond each way.
            proxy.make(new Fault.Latency(Duration.ofNanos(500_000), Duration.ZERO));
            run.compare(get("postgresql/latency/get-key", stores).goal(0.95).remark("1 ms between client and server"));
            run.compare(Comparison.of(
                            "postgresql/latency/batch",
                            "batch of 5",
                            Side.of(OURS, graph::batch),
                            Side.of("by hand, one statement", () -> graph.byHand(stores.raw()::batch)))
                    .goal(0.9)
                    .remark("1 ms between client and server"));
            run.compare(Comparison.of(
                            "postgresql/latency/batch-by-statements",
                            "batch of 5",
                            Side.of(OURS, graph::batch),
                            Side.of("by hand, 5 statements and a commit", () -> graph.byHand(stores.raw()::oneByOne)))
                    .goal(3)
                    .remark("1 ms between client and server"));
            run.compare(byOne("postgresql/latency/put-64-by-one", stores).remark("1 ms between client and server"));
        }
    }
}
