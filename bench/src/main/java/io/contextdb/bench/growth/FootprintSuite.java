package io.contextdb.bench.growth;

import io.contextdb.ContextConnection;
import io.contextdb.ContextDriverManager;
import io.contextdb.Namespace;
import io.contextdb.bench.BenchmarkRun;
import io.contextdb.bench.Servers;
import io.contextdb.bench.Spread;
import io.contextdb.bench.Suite;
import io.contextdb.bench.Table;
import io.contextdb.bench.TemporaryDirectory;
import io.contextdb.spi.vector.VectorSpace;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Locale;

/**
 * What a node, an edge, a vector, a key and an event weigh, on the heap and on disk, beside the bytes that the application gave; and
 * whether a store in which everything is deleted and written again, ten times over, grows.
 */
public final class FootprintSuite implements Suite {
    private static final int TURNS = 10;

    /** Says how large a store is by now, with nothing in it that is only waiting to be removed. */
    private interface Scale {
        long bytes() throws Exception;
    }

    /** Weighs one store. */
    private interface Weighing {
        void of(Namespace namespace, Scale scale) throws Exception;
    }

    @Override
    public void run(BenchmarkRun run) throws Exception {
        int count = run.size(2_000, 5_000);
        Table sizes = Table.of(
                "footprint/sizes",
                String.format(Locale.ROOT, "Bytes of each of %,d, and how many times what the application gave", count),
                "store",
                "node",
                "edge",
                "vector of 384",
                "key",
                "event");
        Table churn = Table.of(
                "footprint/churn",
                "MB after everything (points, keys, events) was deleted and written again",
                "store",
                "once",
                "twice",
                "5 times",
                "10 times",
                "last / second");
        String[] stores = {"memory", "embedded", "postgresql"};
        for (String store : stores) {
            String[] row = new String[Kind.values().length + 1];
            row[0] = store;
            int column = 1;
            for (Kind kind : Kind.values()) {
                int cell = column++;
                weigh(run, store, (namespace, scale) -> {
                    long before = scale.bytes();
                    kind.write(namespace, count);
                    double each = (double) (scale.bytes() - before) / count;
                    row[cell] = Spread.figure(each) + " (" + Spread.figure(each / kind.rawBytes()) + ")";
                });
            }
            sizes = sizes.row(row);
            String[] turns = new String[6];
            turns[0] = store;
            weigh(run, store, (namespace, scale) -> churn(namespace, scale, count, turns));
            churn = churn.row(turns);
        }
        run.add(sizes);
        run.add(churn);
    }

    private static void churn(Namespace namespace, Scale scale, int count, String[] row) throws Exception {
        double second = 0;
        int column = 1;
        for (int turn = 1; turn <= TURNS; turn++) {
            for (Kind kind : new Kind[] {Kind.VECTOR, Kind.KEY, Kind.EVENT}) {
                kind.clear(namespace, count);
                kind.write(namespace, count);
            }
            // Also where it is not told: the upkeep that comes with it would come of itself in as long a time.
            double megabytes = scale.bytes() / 1e6;
            if (turn == 1 || turn == 2 || turn == 5 || turn == TURNS) {
                second = turn == 2 ? megabytes : second;
                row[column++] = Spread.figure(megabytes);
                row[column] = Spread.figure(megabytes / Math.max(second, 1e-9));
            }
        }
    }

    private static void weigh(BenchmarkRun run, String store, Weighing weighing) throws Exception {
        switch (store) {
            case "memory" -> open("contextdb:memory:", FootprintSuite::heap, weighing);
            case "embedded" -> {
                try (TemporaryDirectory directory = new TemporaryDirectory()) {
                    open(
                            "contextdb:embedded:" + directory.path() + "?durability=os",
                            () -> settled(directory),
                            weighing);
                }
            }
            default -> {
                Servers.Server server = Servers.postgresql();
                run.server(server);
                String schema = "footprint_" + System.nanoTime();
                try (Connection connection = DriverManager.getConnection("jdbc:" + server.url())) {
                    open(
                            "contextdb:" + server.url() + "&timeout=5m&schema=" + schema,
                            () -> onServer(connection, schema),
                            weighing);
                    execute(connection, "DROP SCHEMA " + schema + " CASCADE");
                }
            }
        }
    }

    private static void open(String url, Scale scale, Weighing weighing) throws Exception {
        try (ContextConnection connection = ContextDriverManager.getConnection(url)) {
            Namespace namespace = connection.namespace("weighed");
            namespace.vectors().createSpace(VectorSpace.cosine(Kind.SPACE, Kind.DIMENSIONS));
            // The first of each makes room for many.
            for (Kind kind : Kind.values()) {
                kind.prepare(namespace);
            }
            weighing.of(namespace, scale);
        }
    }

    /** With everything in the file that is in its log. */
    private static long settled(TemporaryDirectory directory) throws IOException, SQLException {
        try (Connection file =
                DriverManager.getConnection("jdbc:sqlite:" + directory.path().resolve("records.db"))) {
            execute(file, "PRAGMA wal_checkpoint(TRUNCATE)");
        }
        return directory.bytes();
    }

    private static long heap() {
        MemoryMXBean memory = ManagementFactory.getMemoryMXBean();
        long used = Long.MAX_VALUE;
        for (long now = used - 1; now < used; ) {
            used = now;
            System.gc();
            now = memory.getHeapMemoryUsage().getUsed();
        }
        return memory.getHeapMemoryUsage().getUsed();
    }

    /** Vacuumed, as autovacuum does. */
    private static long onServer(Connection connection, String schema) throws SQLException {
        for (String table : SchemaTables.of(connection, schema)) {
            execute(connection, "VACUUM " + schema + "." + table);
        }
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT sum(pg_total_relation_size(c.oid)) FROM pg_class c"
                        + " JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.relkind = 'r' AND n.nspname = '"
                        + schema
                        + "'")) {
            row.next();
            return row.getLong(1);
        }
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
