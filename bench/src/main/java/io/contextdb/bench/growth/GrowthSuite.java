package io.contextdb.bench.growth;

import io.contextdb.ContextConnection;
import io.contextdb.ContextDataSource;
import io.contextdb.bench.BenchmarkRun;
import io.contextdb.bench.Operation;
import io.contextdb.bench.Servers;
import io.contextdb.bench.Spread;
import io.contextdb.bench.Suite;
import io.contextdb.bench.Table;
import io.contextdb.bench.TemporaryDirectory;
import io.contextdb.bench.scaled.ScaledUrl;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Every read and write of the contract as a store grows tenfold and tenfold again, and the exponent that it grows with: 0 is
 * constant, 1 as the store does; a logarithm shows as about 0.1. The system property {@code bench.nodes} says how many nodes at
 * the last stage (100,000).
 */
public final class GrowthSuite implements Suite {
    private static final int FIRST = 1_000;
    private static final int TIMES = 200;
    private static final long LONGEST_NANOS = 1_500_000_000L;

    /** Above this a call is said to grow. */
    private static final double STEEP = 0.25;

    @Override
    public void run(BenchmarkRun run) throws Exception {
        if (run.wants("growth/memory")) {
            grow(run, "memory", "contextdb:memory:", () -> {});
        }
        if (run.wants("growth/embedded")) {
            try (TemporaryDirectory directory = new TemporaryDirectory()) {
                grow(run, "embedded", "contextdb:embedded:" + directory.path() + "?durability=os", () -> {});
            }
        }
        if (run.wants("growth/postgresql")) {
            Servers.Server server = Servers.postgresql();
            run.server(server);
            String schema = "growth_" + System.nanoTime();
            grow(
                    run,
                    "postgresql",
                    "contextdb:" + server.url() + "&timeout=5m&schema=" + schema,
                    () -> vacuum(server, schema));
        }
        if (run.wants("growth/scaled")) {
            Servers.Server postgresql = Servers.postgresql();
            Servers.Server redis = Servers.redis();
            Servers.Server qdrant = Servers.qdrant();
            List.of(postgresql, redis, qdrant).forEach(run::server);
            String schema = "growth_" + System.nanoTime();
            grow(
                    run,
                    "scaled",
                    ScaledUrl.of(schema, postgresql.url(), redis.url(), qdrant.url()) + "&timeout=5m",
                    () -> vacuum(postgresql, schema));
        }
    }

    /** What the server would do of itself, later. */
    private interface Upkeep {
        void run() throws Exception;
    }

    /** What autovacuum does within a minute or so; until then the server plans by the statistics of a smaller store. */
    private static void vacuum(Servers.Server server, String schema) throws SQLException {
        try (Connection connection = DriverManager.getConnection("jdbc:" + server.url());
                Statement statement = connection.createStatement()) {
            for (String table : SchemaTables.of(connection, schema)) {
                statement.execute("VACUUM (ANALYZE) " + schema + "." + table);
            }
        }
    }

    private static void grow(BenchmarkRun run, String store, String url, Upkeep upkeep) throws Exception {
        int most = Integer.getInteger("bench.nodes", run.size(10_000, 100_000));
        Map<String, List<Double>> micros = new LinkedHashMap<>();
        List<String> head = new ArrayList<>(List.of("µs, median"));
        List<Double> sizes = new ArrayList<>();
        long filling = 0;
        try (ContextDataSource source = ContextDataSource.open(url);
                ContextConnection connection = source.getConnection()) {
            GrowingStore growing = new GrowingStore(connection.namespace("growth"));
            for (int size = FIRST; size <= most; size *= 10) {
                long start = System.nanoTime();
                growing.grow(size);
                filling += System.nanoTime() - start;
                upkeep.run();
                head.add(String.format(Locale.ROOT, "%,d nodes", size));
                sizes.add((double) size);
                if (size == FIRST) {
                    // Not counted: until the compilers of the Java machine have seen every call.
                    for (Operation call : Calls.all(growing).values()) {
                        median(call);
                    }
                }
                for (Map.Entry<String, Operation> call : Calls.all(growing).entrySet()) {
                    micros.computeIfAbsent(call.getKey(), absent -> new ArrayList<>())
                            .add(median(call.getValue()));
                }
            }
            connection.namespace("growth").drop();
        }
        head.add("exponent");
        Table table = new Table(
                "growth/" + store,
                String.format(
                        Locale.ROOT,
                        "Growth: %s (filled in %.0f s; beside each node two edges, a key, an event, a document; a tenth as many points)",
                        store,
                        filling / 1e9),
                head,
                List.of());
        for (Map.Entry<String, List<Double>> call : micros.entrySet()) {
            List<String> row = new ArrayList<>(List.of(call.getKey()));
            call.getValue().forEach(value -> row.add(Spread.figure(value)));
            double exponent = exponent(sizes, call.getValue());
            row.add(String.format(Locale.ROOT, exponent > STEEP ? "**%.2f**" : "%.2f", exponent));
            table = table.row(row.toArray(String[]::new));
        }
        run.add(table);
    }

    private static double median(Operation call) throws Exception {
        double[] taken = new double[TIMES];
        int times = 0;
        long begin = System.nanoTime();
        // Some come before those that count.
        for (int i = -TIMES / 4; i < TIMES; i++) {
            long start = System.nanoTime();
            call.run();
            long end = System.nanoTime();
            if (i >= 0 || end - begin > LONGEST_NANOS) {
                taken[times++] = (end - start) / 1e3;
            }
            if (times == TIMES || (times >= 5 && end - begin > LONGEST_NANOS)) {
                break;
            }
        }
        return Spread.of(Arrays.copyOf(taken, times)).median();
    }

    /** Returns the slope of the line through the logarithms (least squares). */
    private static double exponent(List<Double> sizes, List<Double> values) {
        double meanX = sizes.stream().mapToDouble(Math::log).average().orElseThrow();
        double meanY = values.stream().mapToDouble(Math::log).average().orElseThrow();
        double xy = 0;
        double xx = 0;
        for (int i = 0; i < sizes.size(); i++) {
            double x = Math.log(sizes.get(i)) - meanX;
            xy += x * (Math.log(values.get(i)) - meanY);
            xx += x * x;
        }
        return xx == 0 ? 0 : xy / xx;
    }
}
