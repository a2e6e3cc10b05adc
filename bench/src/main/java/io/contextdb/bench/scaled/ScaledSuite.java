package io.contextdb.bench.scaled;

import io.contextdb.ContextConnection;
import io.contextdb.ContextDriverManager;
import io.contextdb.Namespace;
import io.contextdb.bench.BenchmarkRun;
import io.contextdb.bench.Comparison;
import io.contextdb.bench.Servers;
import io.contextdb.bench.Side;
import io.contextdb.bench.Spread;
import io.contextdb.bench.Suite;
import io.contextdb.bench.Table;
import io.contextdb.bench.VectorData;
import io.contextdb.spi.vector.VectorSpace;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Arrays;
import java.util.function.Consumer;
import java.util.function.ToDoubleFunction;

/** What it costs that three stores are one: writes against the same writes on PostgreSQL alone, their log, their round trips, and how far a copy is behind. */
public final class ScaledSuite implements Suite {
    private static final int WRITES = 500;
    private static final int ROUNDS = 4;

    @Override
    public void run(BenchmarkRun run) throws Exception {
        Servers.Server postgresql = Servers.postgresql();
        Servers.Server redis = Servers.redis();
        Servers.Server qdrant = Servers.qdrant();
        run.server(postgresql);
        run.server(redis);
        run.server(qdrant);
        if (run.wants("scaled/staleness")) {
            staleness(run, postgresql, qdrant);
        }
        restore(ScaledUrl.of("bench_scaled", postgresql.url(), redis.url(), qdrant.url()));
        try (RoundTrips toPostgresql = new RoundTrips(postgresql.address());
                RoundTrips toRedis = new RoundTrips(redis.address());
                ContextConnection alone = ContextDriverManager.getConnection(
                        "contextdb:" + postgresql.urlBy(toPostgresql.address()) + "&schema=bench_alone");
                // Without a relay: another process carries the copies along, as in any deployment of more than one.
                ContextConnection together = ContextDriverManager.getConnection(ScaledUrl.of(
                                "bench_scaled",
                                postgresql.urlBy(toPostgresql.address()),
                                redis.urlBy(toRedis.address()),
                                qdrant.url())
                        + "&relay=false&backlog=1000000000");
                Connection log = DriverManager.getConnection("jdbc:" + postgresql.url())) {
            Namespace one = fresh(alone);
            Namespace three = fresh(together);
            SampleWrites writes = new SampleWrites();
            throughput(run, one, three, writes);
            if (run.wants("scaled/costs")) {
                Costs costs = new Costs(log, toPostgresql, toRedis);
                Table table = Table.of(
                        "scaled/costs",
                        "What a write costs over three stores, and on PostgreSQL alone",
                        "write",
                        "WAL bytes, alone",
                        "over three",
                        "ratio",
                        "round trips to PostgreSQL, alone",
                        "over three",
                        "to Redis, over three");
                table = costs.row(table, "node and point", one, three, writes::nodeAndPoint);
                table = costs.row(table, "node", one, three, writes::node);
                table = costs.row(table, "key", one, three, writes::key);
                table = costs.row(table, "node, point, key and event", one, three, writes::everything);
                run.add(table);
            }
        }
    }

    /** The memory of this process shows what is the relay's own part of the lag. */
    private static void staleness(BenchmarkRun run, Servers.Server postgresql, Servers.Server qdrant) throws Exception {
        Duration time = Duration.ofSeconds(run.size(5, 20));
        Staleness inQdrant =
                new Staleness("qdrant: " + qdrant.kind(), source(postgresql, "qdrant"), qdrant.url() + "?prefix=lag_");
        Staleness inMemory =
                new Staleness("memory of the process", source(postgresql, "memory"), "memory:bench_staleness");
        Table table = Staleness.table();
        for (int rate : new int[] {500, 100}) {
            table = inMemory.row(table, rate, time);
            table = inQdrant.row(table, rate, time);
        }
        run.add(table);
    }

    private static String source(Servers.Server postgresql, String copy) {
        return postgresql.url() + (postgresql.url().contains("?") ? "&" : "?") + "schema=bench_lag_" + copy;
    }

    /** A home serves once a relay has said that it has all that was decided; it stays so when the relay is gone. */
    private static void restore(String url) {
        try (ContextConnection connection = ContextDriverManager.getConnection(url)) {
            connection.namespace("bench").keys().get("nothing");
        }
    }

    private static Namespace fresh(ContextConnection connection) {
        Namespace namespace = connection.namespace("bench" + System.nanoTime());
        namespace.vectors().createSpace(VectorSpace.cosine(SampleWrites.SPACE, VectorData.DIMENSIONS));
        return namespace;
    }

    private static void throughput(BenchmarkRun run, Namespace one, Namespace three, SampleWrites writes)
            throws Exception {
        compare(run, "scaled/node-and-point", "batch of a node and its point", one, three, writes::nodeAndPoint);
        compare(run, "scaled/key", "put of a key", one, three, writes::key);
        compare(
                run,
                "scaled/everything",
                "batch of node, point, key and event, all or nothing over three stores",
                one,
                three,
                writes::everything);
    }

    private static void compare(
            BenchmarkRun run, String name, String what, Namespace one, Namespace three, Consumer<Namespace> write)
            throws Exception {
        run.compare(Comparison.of(
                        name,
                        what,
                        Side.of("contextdb scaled", () -> {
                            write.accept(three);
                            return 1;
                        }),
                        Side.of("contextdb postgresql alone", () -> {
                            write.accept(one);
                            return 1;
                        }))
                .remark("no relay in this process"));
    }

    /** What some writes add to PostgreSQL's log, and how often they ask. */
    private record Costs(Connection log, RoundTrips postgresql, RoundTrips redis) {
        private record Cost(double bytes, double trips, double redisTrips) {}

        Table row(Table table, String name, Namespace one, Namespace three, Consumer<Namespace> write)
                throws SQLException {
            of(one, write);
            of(three, write);
            Cost[] alone = new Cost[ROUNDS];
            Cost[] together = new Cost[ROUNDS];
            for (int round = 0; round < ROUNDS; round++) {
                alone[round] = of(one, write);
                together[round] = of(three, write);
            }
            Spread bytesAlone = spread(alone, Cost::bytes);
            Spread bytesTogether = spread(together, Cost::bytes);
            return table.row(
                    name,
                    bytesAlone.toString(),
                    bytesTogether.toString(),
                    bytesAlone.median() < 1 ? "" : Spread.figure(bytesTogether.median() / bytesAlone.median()),
                    Spread.figure(spread(alone, Cost::trips).median()),
                    Spread.figure(spread(together, Cost::trips).median()),
                    Spread.figure(spread(together, Cost::redisTrips).median()));
        }

        private static Spread spread(Cost[] costs, ToDoubleFunction<Cost> part) {
            return Spread.of(Arrays.stream(costs).mapToDouble(part).toArray());
        }

        private Cost of(Namespace namespace, Consumer<Namespace> write) throws SQLException {
            long at = position();
            long trips = postgresql.made();
            long redisTrips = redis.made();
            for (int i = 0; i < WRITES; i++) {
                write.accept(namespace);
            }
            return new Cost(
                    (double) (position() - at) / WRITES,
                    (double) (postgresql.made() - trips) / WRITES,
                    (double) (redis.made() - redisTrips) / WRITES);
        }

        private long position() throws SQLException {
            try (Statement statement = log.createStatement();
                    ResultSet row = statement.executeQuery("SELECT pg_current_wal_insert_lsn() - '0/0'::pg_lsn")) {
                row.next();
                return row.getLong(1);
            }
        }
    }
}
