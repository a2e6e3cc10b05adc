package io.contextdb.bench.postgresql;

import io.contextdb.Batch;
import io.contextdb.ContextConnection;
import io.contextdb.ContextDataSource;
import io.contextdb.Graph;
import io.contextdb.Namespace;
import io.contextdb.spi.filter.Field;
import io.contextdb.spi.filter.Filter;
import io.contextdb.spi.graph.Direction;
import io.contextdb.spi.graph.EdgeContent;
import io.contextdb.spi.graph.EdgeDraft;
import io.contextdb.spi.graph.EdgeQuery;
import io.contextdb.spi.graph.NodeContent;
import io.contextdb.spi.graph.NodeDraft;
import io.contextdb.spi.graph.NodeQuery;
import io.contextdb.spi.graph.WalkQuery;
import io.contextdb.spi.value.AsOf;
import io.contextdb.spi.value.PageRequest;
import io.contextdb.spi.write.WriteReceipt;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.function.LongSupplier;
import java.util.stream.Stream;

/**
 * How long each read of a graph takes as the graph grows tenfold and tenfold again, two edges for each node, filled and read in
 * a bounded heap: {@code BENCH_HEAP=512m bench/run postgresql.GrowthBenchmark}. Arguments: JDBC URL of an empty database, nodes
 * at the last stage (1,000,000).
 */
public final class GrowthBenchmark {
    private static final int FIRST = 10_000;
    private static final int BATCH = 1_000;
    private static final int EDGES = 2;
    private static final int TIMES = 300;
    /** Nodes of one group share a property, whatever the size of the graph. */
    private static final int GROUP = 20;

    private final Namespace namespace;
    private final Graph graph;
    private final Random random = new Random(42);
    private final Map<String, List<Double>> millis = new LinkedHashMap<>();
    private int nodes;
    private Instant lastCommit = Instant.EPOCH;
    private Instant beforeLast = Instant.EPOCH;

    private GrowthBenchmark(ContextConnection connection) {
        namespace = connection.namespace("growth");
        // The server may have served an earlier run.
        namespace.drop();
        graph = namespace.graph();
    }

    /** Runs and prints a Markdown table. */
    public static void main(String[] arguments) throws SQLException {
        int most = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 1_000_000;
        try (ContextDataSource source =
                        ContextDataSource.open(arguments[0].replaceFirst("^jdbc:", "contextdb:") + "&timeout=5m");
                ContextConnection connection = source.getConnection()) {
            GrowthBenchmark benchmark = new GrowthBenchmark(connection);
            StringBuilder head = new StringBuilder("| milliseconds, median of " + TIMES + " |");
            for (int size = FIRST; size <= most; size *= 10) {
                benchmark.fill(size);
                vacuum(arguments[0]);
                benchmark.measure();
                head.append(String.format(Locale.ROOT, " %,d nodes |", size));
            }
            System.out.println(head + " last / first |");
            benchmark.print();
        }
    }

    /** What autovacuum does within a minute or so; until then the server plans by the statistics of a smaller store. */
    private static void vacuum(String jdbcUrl) throws SQLException {
        try (Connection server = DriverManager.getConnection(jdbcUrl);
                Statement statement = server.createStatement()) {
            statement.execute(
                    "VACUUM (ANALYZE) contextdb.node, contextdb.edge, contextdb.namespace, contextdb.operation");
        }
    }

    private static UUID id(int node) {
        return new UUID(node / BATCH, node % BATCH);
    }

    private UUID any() {
        return id(random.nextInt(nodes));
    }

    private void fill(int size) {
        int before = nodes;
        long start = System.nanoTime();
        while (nodes < size) {
            beforeLast = lastCommit;
            lastCommit = batch().committedAt();
            nodes += BATCH;
        }
        double seconds = (System.nanoTime() - start) / 1e9;
        System.out.printf(
                Locale.ROOT,
                "%,d nodes and %,d edges added in %.1f s, %,.0f of both a second; heap of at most %d MB%n",
                size - before,
                (size - before) * EDGES,
                seconds,
                (size - before) * (1 + EDGES) / seconds,
                Runtime.getRuntime().maxMemory() >> 20);
    }

    /** Adds nodes, each with edges to nodes that are there or come with it. */
    private WriteReceipt batch() {
        Batch batch = namespace.batch();
        for (int i = nodes; i < nodes + BATCH; i++) {
            batch.put(NodeDraft.of(
                    id(i),
                    NodeContent.builder()
                            .label("bench")
                            .fingerprint("f" + i)
                            .property("text", "some words about node " + i)
                            .property("group", i / GROUP)
                            .build()));
        }
        for (int i = nodes; i < nodes + BATCH; i++) {
            for (int edge = 0; edge < EDGES; edge++) {
                batch.put(EdgeDraft.of(EdgeContent.of(id(i), "next", id(random.nextInt(nodes + BATCH)))));
            }
        }
        return batch.apply();
    }

    private void measure() {
        Instant now = lastCommit;
        read("get a node", () -> graph.get(any()).stream().count());
        read(
                "get 100 nodes",
                () -> graph.get(Stream.generate(this::any).limit(100).distinct().toList())
                        .size());
        read(
                "get a node as of an instant",
                () -> graph.get(List.of(any()), AsOf.at(now)).size());
        read("history of a node", () -> graph.history(any()).toList().size());
        read(
                "a node by fingerprint",
                () -> graph.findByFingerprint(List.of("f" + random.nextInt(nodes)))
                        .size());
        read(
                "edges of a node",
                () -> graph.edges(EdgeQuery.of(Direction.BOTH, any())).items().size());
        read(
                "walk of 3 hops, 200 nodes at most",
                () -> graph.walk(WalkQuery.from(any()).maxDepth(3).limit(200).build())
                        .size());
        read(
                "20 nodes by a property",
                () -> graph.scan(NodeQuery.of(Filter.eq(Field.property("group"), random.nextInt(nodes / GROUP))))
                        .items()
                        .size());
        read(
                "first 100 nodes of a label",
                () -> graph.scan(NodeQuery.of(Filter.label("bench")).page(PageRequest.first(100)))
                        .items()
                        .size());
        read(
                "diff over the last commit, 1,000 nodes",
                () -> graph.diff(beforeLast, lastCommit).toList().size());
    }

    private void read(String name, LongSupplier found) {
        double[] taken = new double[TIMES];
        // Some come before those that count.
        for (int i = -TIMES / 10; i < TIMES; i++) {
            long start = System.nanoTime();
            if (found.getAsLong() == 0) {
                throw new IllegalStateException(name + " found nothing");
            }
            taken[Math.max(i, 0)] = (System.nanoTime() - start) / 1e6;
        }
        Arrays.sort(taken);
        millis.computeIfAbsent(name, absent -> new ArrayList<>()).add(taken[TIMES / 2]);
    }

    private void print() {
        System.out.println("|---".repeat(millis.values().iterator().next().size() + 2) + "|");
        millis.forEach((name, stages) -> {
            StringBuilder row = new StringBuilder("| " + name + " |");
            stages.forEach(stage -> row.append(String.format(Locale.ROOT, " %.2f |", stage)));
            System.out.println(
                    row + String.format(Locale.ROOT, " %.1f |", stages.get(stages.size() - 1) / stages.get(0)));
        });
    }
}
