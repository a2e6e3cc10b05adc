package io.contextdb.bench;

import io.contextdb.ContextConnection;
import io.contextdb.ContextDriverManager;
import io.contextdb.Namespace;
import io.contextdb.spi.graph.EdgeContent;
import io.contextdb.spi.graph.EdgeDraft;
import io.contextdb.spi.graph.NodeContent;
import io.contextdb.spi.graph.NodeDraft;
import io.contextdb.spi.graph.WalkQuery;
import io.contextdb.spi.graph.WalkStep;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.UUID;

/**
 * Walks three hops out, of at most 200 nodes, in the embedded store against SQLite's own recursive query on the same file, in
 * turn: warm, where the same seeds are asked again and again, and cold, where each is asked once after the store was opened.
 * Arguments: number of nodes (100,000), rounds (5).
 */
public final class WalkBenchmark {
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

    private final List<UUID> nodes = new ArrayList<>();
    private final Random random = new Random(42);
    private long checksum;

    private WalkBenchmark() {}

    /** Runs and prints a Markdown table. */
    public static void main(String[] arguments) throws Exception {
        int size = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 100_000;
        int rounds = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 5;
        try (TemporaryDirectory directory = new TemporaryDirectory()) {
            new WalkBenchmark().run(directory.path().resolve("store"), size, rounds);
        }
    }

    private void run(Path store, int size, int rounds) throws SQLException {
        String url = "contextdb:embedded:" + store;
        try (ContextConnection connection = ContextDriverManager.getConnection(url)) {
            load(connection.namespace("bench"), size);
        }
        Rate coldOurs = Rate.perCpuSecond(rounds);
        Rate coldTheirs = Rate.perCpuSecond(rounds);
        Rate warmOurs = Rate.perCpuSecond(rounds);
        Rate warmTheirs = Rate.perCpuSecond(rounds);
        for (int round = -1; round < rounds; round++) {
            List<UUID> fresh = seeds();
            try (ContextConnection connection = ContextDriverManager.getConnection(url);
                    Connection raw = DriverManager.getConnection("jdbc:sqlite:" + store.resolve("records.db"));
                    PreparedStatement recursive = raw.prepareStatement(RECURSIVE)) {
                Namespace namespace = connection.namespace("bench");
                if (round < 0) { // warms up the Java machine
                    walk(namespace, fresh);
                    walk(recursive, fresh);
                    walk(namespace, fresh);
                    walk(recursive, fresh);
                    continue;
                }
                coldOurs.round(SEEDS, () -> walk(namespace, fresh));
                coldTheirs.round(SEEDS, () -> walk(recursive, fresh));
                warmOurs.round(3 * SEEDS, () -> {
                    for (int i = 0; i < 3; i++) {
                        walk(namespace, fresh);
                    }
                });
                warmTheirs.round(3 * SEEDS, () -> {
                    for (int i = 0; i < 3; i++) {
                        walk(recursive, fresh);
                    }
                });
            }
        }
        System.out.printf(
                Locale.ROOT,
                "%,d nodes, %d edges a node, %d hops, at most %d nodes (checksum %d)%n%n",
                size,
                EDGES_PER_NODE,
                DEPTH,
                LIMIT,
                checksum);
        System.out.println("| walks per CPU-second | contextdb embedded | SQLite's recursive query | ratio |");
        System.out.println("|---|---|---|---|");
        print("each seed for the first time", coldOurs, coldTheirs);
        print("seeds asked before", warmOurs, warmTheirs);
    }

    private static void print(String name, Rate ours, Rate theirs) {
        System.out.printf(
                Locale.ROOT, "| %s | %s | %s | %.1f |%n", name, ours, theirs, ours.median() / theirs.median());
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
                    batch.put(EdgeDraft.of(EdgeContent.of(id, "knows", other).withWeight(random.nextDouble())));
                }
            }
            batch.apply();
        }
    }

    private List<UUID> seeds() {
        return random.ints(SEEDS, 0, nodes.size()).mapToObj(nodes::get).toList();
    }

    private void walk(Namespace namespace, List<UUID> seeds) {
        for (UUID seed : seeds) {
            List<WalkStep> steps = namespace
                    .graph()
                    .walk(WalkQuery.from(seed).maxDepth(DEPTH).limit(LIMIT).build());
            checksum += steps.size();
        }
    }

    private void walk(PreparedStatement recursive, List<UUID> seeds) {
        try {
            for (UUID seed : seeds) {
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
                try (ResultSet rows = recursive.executeQuery()) {
                    while (rows.next()) {
                        checksum -= read(rows);
                    }
                }
            }
        } catch (SQLException failed) {
            throw new IllegalStateException(failed);
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
                || row.getBytes(14).length == row.getBytes(15).length
                        && row.getString(16) != null
                        && row.getDouble(17) >= 0
                        && row.getLong(18) > 0
                        && row.getLong(19) <= row.getLong(20)
                        && row.getLong(21) > 0
                        && row.getString(22) != null
                        && row.getString(23) != null;
        return complete && reached ? 1 : 0;
    }
}
