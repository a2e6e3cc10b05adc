package io.contextdb.bench.embedded;

import io.contextdb.ContextConnection;
import io.contextdb.ContextDriverManager;
import io.contextdb.Namespace;
import io.contextdb.bench.BenchmarkRun;
import io.contextdb.bench.Clock;
import io.contextdb.bench.Comparison;
import io.contextdb.bench.Side;
import io.contextdb.bench.Suite;
import io.contextdb.bench.TemporaryDirectory;
import io.contextdb.spi.graph.EdgeContent;
import io.contextdb.spi.graph.EdgeDraft;
import io.contextdb.spi.graph.NodeContent;
import io.contextdb.spi.graph.NodeDraft;
import io.contextdb.spi.graph.WalkQuery;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;

/**
 * Walks three hops out, of at most 200 nodes, in the embedded store against SQLite's own recursive query on the same file:
 * warm, where the same seeds are asked again and again, and cold, where each is asked once after the store was opened.
 */
public final class WalkSuite implements Suite {
    private static final int EDGES_PER_NODE = 4;
    private static final int SEEDS = 300;
    private static final int DEPTH = 3;
    private static final int LIMIT = 200;

    /** Each node within reach, with its smallest depth, and the edge that it is reached by; all columns of both. */
    private static final String RECURSIVE = """
            WITH RECURSIVE reach(key, depth, weight, from_node, edge) AS (
              SELECT key, 0, 1.0, NULL, NULL FROM node WHERE ns = ?1 AND id = ?2
              UNION
              SELECT e.to_node, r.depth + 1, r.weight * e.weight, e.from_node, e.id
                FROM reach r JOIN edge e ON e.from_node = r.key
               WHERE r.depth < ?3 AND e.valid_from <= ?4 AND e.valid_to > ?4
            ), best AS (
              SELECT key, min(depth) AS depth, weight, from_node, edge FROM reach GROUP BY key
            )
            SELECT n.id, b.depth, b.weight, n.version, n.valid_from, n.valid_to, n.tx_from, n.confidence, n.labels, n.source,
                   n.fingerprint, n.properties,
                   e.id, e.from_id, e.to_id, e.type, e.weight, e.version, e.valid_from, e.valid_to, e.tx_from, e.retraction,
                   e.properties
              FROM best b JOIN node n ON n.key = b.key LEFT JOIN edge e ON e.from_node = b.from_node AND e.id = b.edge
             WHERE n.valid_from <= ?4 AND n.valid_to > ?4
             ORDER BY b.depth, b.weight DESC, n.id LIMIT ?5
            """;

    @Override
    public void run(BenchmarkRun run) throws Exception {
        try (TemporaryDirectory directory = new TemporaryDirectory();
                Graphs graphs = new Graphs(directory.path().resolve("store"), run.size(10_000, 100_000))) {
            String ours = "contextdb embedded";
            String theirs = "SQLite's recursive query on the same file";
            run.compare(Comparison.of(
                            "walk/warm",
                            "walk of 3 hops, 200 nodes at most, from seeds asked before",
                            Side.of(ours, () -> graphs.walk(graphs.seed())),
                            Side.of(theirs, () -> graphs.recursive(graphs.seed())))
                    .by(Clock.CPU)
                    .inSmoke());
            run.compare(Comparison.of(
                            "walk/cold",
                            "the same, each seed for the first time after opening",
                            Side.prepared(ours, SEEDS, operations -> graphs.open(), () -> graphs.walk(graphs.fresh())),
                            Side.prepared(
                                    theirs, SEEDS, operations -> graphs.open(), () -> graphs.recursive(graphs.fresh())))
                    .by(Clock.CPU));
        }
    }

    /** The store, open both ways, and seeds to walk from. */
    private static final class Graphs implements AutoCloseable {
        private final Random random = new Random(BenchmarkRun.SEED);
        private final List<UUID> nodes = new ArrayList<>();
        private final List<UUID> seeds;
        private final Path store;
        private ContextConnection connection;
        private Connection raw;
        private PreparedStatement recursive;

        Graphs(Path store, int size) throws SQLException {
            this.store = store;
            connection = ContextDriverManager.getConnection("contextdb:embedded:" + store);
            load(connection.namespace("bench"), size);
            seeds = random.ints(SEEDS, 0, size).mapToObj(nodes::get).toList();
            raw = DriverManager.getConnection("jdbc:sqlite:" + store.resolve("records.db"));
            recursive = raw.prepareStatement(RECURSIVE);
        }

        /** Opens both anew, with nothing in their caches. */
        void open() throws SQLException {
            close();
            connection = ContextDriverManager.getConnection("contextdb:embedded:" + store);
            raw = DriverManager.getConnection("jdbc:sqlite:" + store.resolve("records.db"));
            recursive = raw.prepareStatement(RECURSIVE);
        }

        UUID seed() {
            return seeds.get(random.nextInt(SEEDS));
        }

        UUID fresh() {
            return nodes.get(random.nextInt(nodes.size()));
        }

        long walk(UUID seed) {
            return connection
                    .namespace("bench")
                    .graph()
                    .walk(WalkQuery.from(seed).maxDepth(DEPTH).limit(LIMIT).build())
                    .size();
        }

        long recursive(UUID seed) throws SQLException {
            recursive.setLong(1, 1);
            recursive.setBytes(
                    2,
                    ByteBuffer.allocate(16)
                            .putLong(seed.getMostSignificantBits())
                            .putLong(seed.getLeastSignificantBits())
                            .array());
            recursive.setInt(3, DEPTH);
            recursive.setLong(4, System.currentTimeMillis() * 1_000);
            recursive.setInt(5, LIMIT);
            long found = 0;
            try (ResultSet rows = recursive.executeQuery()) {
                while (rows.next()) {
                    found += read(rows);
                }
            }
            return found;
        }

        @Override
        public void close() throws SQLException {
            connection.close();
            raw.close();
        }

        private void load(Namespace namespace, int size) {
            for (int i = 0; i < size; i++) {
                nodes.add(new UUID(random.nextLong(), random.nextLong()));
            }
            for (int from = 0; from < size; from += 1_000) {
                var batch = namespace.batch();
                for (UUID id : nodes.subList(from, Math.min(size, from + 1_000))) {
                    batch.put(NodeDraft.of(
                            id,
                            NodeContent.builder()
                                    .label("person")
                                    .property("name", "node " + id)
                                    .build()));
                }
                batch.apply();
            }
            for (int from = 0; from < size; from += 500) {
                var batch = namespace.batch();
                for (UUID id : nodes.subList(from, Math.min(size, from + 500))) {
                    for (int edge = 0; edge < EDGES_PER_NODE; edge++) {
                        UUID other = nodes.get(random.nextInt(size));
                        batch.put(
                                EdgeDraft.of(EdgeContent.of(id, "knows", other).withWeight(random.nextDouble())));
                    }
                }
                batch.apply();
            }
        }
    }

    /** Takes every column out of the row, as any caller would; properties and labels are left as text. */
    private static int read(ResultSet row) throws SQLException {
        boolean complete = row.getBytes(1).length == 16
                && row.getInt(2) >= 0
                && row.getDouble(3) >= 0
                && row.getLong(4) > 0
                && row.getLong(5) <= row.getLong(6)
                && row.getLong(7) > 0
                && row.getDouble(8) >= 0
                && row.getString(9) != null
                && row.getString(10) != null
                && row.getString(11) != null
                && row.getString(12) != null;
        boolean reached = row.getBytes(13) == null
                || (row.getBytes(14).length == row.getBytes(15).length
                        && row.getString(16) != null
                        && row.getDouble(17) >= 0
                        && row.getLong(18) > 0
                        && row.getLong(19) <= row.getLong(20)
                        && row.getLong(21) > 0
                        && row.getString(22) != null
                        && row.getString(23) != null);
        return complete && reached ? 1 : 0;
    }
}
