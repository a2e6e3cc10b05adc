package io.contextdb.bench.postgresql;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.contextdb.bench.postgresql.SampleGraph.RawBatch;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;

/**
 * What somebody writes by hand with pgjdbc and a pool, on tables like the store's, in a schema of their own. It checks nothing
 * and keeps no history, but remembers the operation and numbers the commit, or it could neither be repeated nor read in order.
 * Thread-safe.
 */
final class RawStatements implements AutoCloseable {
    private static final List<String> TABLES =
            List.of("namespace", "operation", "node", "edge", "space", "point", "entry", "event");
    static final String OPEN = "9223372036854775807";

    private static final String FIRST = """
            WITH c AS (UPDATE raw.namespace SET last_time = greatest(last_time + 1, contextdb.clock()) WHERE id = 1
                       RETURNING last_time AS now, nextval('contextdb.commit_number') AS no)
            """;
    /** Takes the row of the namespace, so that nobody else writes meanwhile. */
    static final String LOCK =
            "UPDATE raw.namespace SET last_time = greatest(last_time + 1, contextdb.clock()) WHERE id = 1;\n";
    /** Looks in a state that nobody changes any more, so after another statement has taken the row. */
    private static final String CHECKED = """
            WITH c AS MATERIALIZED (
              SELECT last_time AS now, nextval('contextdb.commit_number') AS no FROM raw.namespace
               WHERE id = 1 AND NOT EXISTS (SELECT FROM raw.operation WHERE ns = 1 AND id = ?)
                 AND NOT EXISTS (SELECT FROM raw.node WHERE ns = 1 AND id = ?)
                 AND NOT EXISTS (SELECT FROM contextdb.erased WHERE ns = 1 AND id = ?)
                 AND NOT EXISTS (SELECT FROM raw.edge WHERE ns = 1 AND id = ANY (?))
                 AND (SELECT count(*) FROM contextdb.node WHERE ns = ? AND id = ANY (?) AND tx_to = OPEN) = 2
                 AND NOT EXISTS (SELECT FROM raw.point WHERE space = 0 AND id = ?))
            """.replace("OPEN", OPEN);

    /** A node, two edges, an event, a vector and the operation, in one statement: one round trip, one commit. */
    private static final String BATCH = """
            , n AS (INSERT INTO raw.node SELECT 1, ?, 1, c.now, OPEN, c.now, OPEN, 1, '{bench}', '', '', '', ?::jsonb FROM c),
            e AS (INSERT INTO raw.edge SELECT 1, r.id, 1, r.f, r.t, 'knows', 1, c.now, OPEN, c.now, OPEN, '', '{}'
                    FROM c, unnest(?::uuid[], ?::uuid[], ?::uuid[]) r(id, f, t)),
            v AS (INSERT INTO raw.event SELECT 1, c.no, 0, 'bench.made', '', c.now, c.now, 0, ?::jsonb, NULL FROM c),
            p AS (INSERT INTO raw.point SELECT 0, ?, 0, OPEN, '{}', '', '', '{}', '', ?::vector FROM c)
            INSERT INTO raw.operation SELECT 1, ?, c.no, c.now, ?, '\\x00' FROM c RETURNING commit_no, committed_at
            """.replace("OPEN", OPEN);

    private static final List<String> ONE_BY_ONE = List.of(
            "INSERT INTO raw.node VALUES (1, ?, 1, 0, OPEN, 0, OPEN, 1, '{bench}', '', '', '', ?::jsonb)",
            "INSERT INTO raw.edge VALUES (1, ?, 1, ?, ?, 'knows', 1, 0, OPEN, 0, OPEN, '', '{}')",
            "INSERT INTO raw.edge VALUES (1, ?, 1, ?, ?, 'knows', 1, 0, OPEN, 0, OPEN, '', '{}')",
            "INSERT INTO raw.event VALUES (1, nextval('contextdb.commit_number'), 0, 'bench.made', '', 0, 0, 0, ?::jsonb, NULL)",
            "INSERT INTO raw.point VALUES (0, ?, 0, OPEN, '{}', '', '', '{}', '', ?::vector)");

    private static final String WALK = """
            WITH RECURSIVE reach AS (
              SELECT id AS node, 0 AS depth, 1.0::float8 AS weight, NULL::uuid AS edge
                FROM contextdb.node WHERE ns = ? AND id = ? AND tx_to = OPEN
              UNION
              SELECT e.to_id, r.depth + 1, r.weight * e.weight, e.id
                FROM reach r JOIN contextdb.edge e ON e.ns = ? AND e.from_id = r.node AND e.tx_to = OPEN
               WHERE r.depth < 3 AND e.valid_from <= contextdb.clock() AND e.valid_to > contextdb.clock()
            ), best AS (
              SELECT DISTINCT ON (node) node, depth, weight, edge FROM reach ORDER BY node, depth, weight DESC, edge
            )
            SELECT b.depth, b.weight, n.*, e.* FROM best b
              JOIN contextdb.node n ON n.ns = ? AND n.id = b.node AND n.tx_to = OPEN
              LEFT JOIN contextdb.edge e ON e.ns = ? AND e.id = b.edge AND e.tx_to = OPEN
             ORDER BY b.depth, b.weight DESC, b.node LIMIT 200
            """.replace("OPEN", OPEN);

    private static final String PUT = """
            INSERT INTO raw.entry VALUES (?, ?, nextval('contextdb.commit_number'), OPEN, '', ?)
            ON CONFLICT (ns, key) DO UPDATE SET version = excluded.version, value = excluded.value
            """.replace("OPEN", OPEN);

    private final HikariDataSource pool;

    RawStatements(String jdbcUrl, int connections) throws SQLException {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(jdbcUrl);
        config.setMaximumPoolSize(connections);
        config.setMinimumIdle(connections);
        config.addDataSourceProperty("prepareThreshold", "1");
        // As broad as the store searches, for the same recall; and planned once, where the server would sometimes plan
        // each time.
        config.setConnectionInitSql("SET hnsw.ef_search = 100; SET plan_cache_mode = force_generic_plan");
        pool = new HikariDataSource(config);
    }

    /** Makes tables like the store's, which is there already. */
    void create() throws SQLException {
        try (Connection connection = pool.getConnection();
                var statement = connection.createStatement()) {
            statement.execute("DROP SCHEMA IF EXISTS raw CASCADE");
            statement.execute("CREATE SCHEMA raw");
            for (String table : TABLES) {
                statement.execute("CREATE TABLE raw." + table + " (LIKE contextdb." + table + " INCLUDING ALL)");
            }
            statement.execute("INSERT INTO raw.namespace (name) VALUES ('bench')");
        }
    }

    long number(String sql) throws SQLException {
        try (Connection connection = pool.getConnection();
                var statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getLong(1);
        }
    }

    /** One key by a statement that the pooled connection keeps prepared on the server. */
    int get(int namespace, String key) throws SQLException {
        try (Connection connection = pool.getConnection();
                PreparedStatement statement = connection.prepareStatement(
                        "SELECT key, value, version, expires_at FROM contextdb.entry WHERE ns = ? AND key = ?"
                                + " AND expires_at > contextdb.clock()")) {
            statement.setInt(1, namespace);
            statement.setString(2, key);
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                return row.getBytes(2).length + (int) (row.getLong(3) + row.getLong(4));
            }
        }
    }

    /** One key by an upsert, which remembers no operation. */
    int put(int namespace, String key, byte[] value) throws SQLException {
        try (Connection connection = pool.getConnection();
                PreparedStatement statement = connection.prepareStatement(PUT)) {
            statement.setInt(1, namespace);
            statement.setString(2, key);
            statement.setBytes(3, value);
            return statement.executeUpdate();
        }
    }

    /** A batch whose repeat is known by its id and its digest; returns its number and time, as an application needs them. */
    long batch(UUID node, String properties, UUID[] edges, UUID[] from, UUID[] to, String event, String vector)
            throws SQLException {
        try (Connection connection = pool.getConnection();
                PreparedStatement statement = connection.prepareStatement(FIRST + BATCH)) {
            bind(connection, statement, 0, node, properties, edges, from, to, event, vector, UUID.randomUUID());
            statement.execute();
            return receipt(statement);
        }
    }

    /**
     * Returns the same after the checks that the contract asks for: all is new and nothing of it was erased, and the edges' ends,
     * which the store's namespace has, are there.
     */
    RawBatch checked(int namespace) {
        return (node, properties, edges, from, to, event, vector) -> {
            try (Connection connection = pool.getConnection();
                    PreparedStatement statement = connection.prepareStatement(LOCK + CHECKED + BATCH)) {
                UUID operation = UUID.randomUUID();
                statement.setObject(1, operation);
                statement.setObject(2, node);
                statement.setObject(3, node);
                statement.setArray(4, connection.createArrayOf("uuid", edges));
                statement.setInt(5, namespace);
                statement.setArray(6, connection.createArrayOf("uuid", to));
                statement.setObject(7, node);
                bind(connection, statement, 7, node, properties, edges, from, to, event, vector, operation);
                statement.execute();
                statement.getMoreResults();
                return receipt(statement);
            }
        };
    }

    private static void bind(
            Connection connection,
            PreparedStatement statement,
            int after,
            UUID node,
            String properties,
            UUID[] edges,
            UUID[] from,
            UUID[] to,
            String event,
            String vector,
            UUID operation)
            throws SQLException {
        statement.setObject(after + 1, node);
        statement.setString(after + 2, properties);
        statement.setArray(after + 3, connection.createArrayOf("uuid", edges));
        statement.setArray(after + 4, connection.createArrayOf("uuid", from));
        statement.setArray(after + 5, connection.createArrayOf("uuid", to));
        statement.setString(after + 6, event);
        statement.setObject(after + 7, node);
        statement.setString(after + 8, vector);
        statement.setObject(after + 9, operation);
        statement.setBytes(
                after + 10,
                digest(
                        node.toString(),
                        properties,
                        Arrays.toString(edges),
                        Arrays.toString(from),
                        Arrays.toString(to),
                        event,
                        vector));
    }

    private static long receipt(PreparedStatement statement) throws SQLException {
        try (ResultSet row = statement.getResultSet()) {
            row.next();
            return row.getLong(1) + row.getLong(2);
        }
    }

    private static byte[] digest(String... parts) {
        try {
            MessageDigest sha = MessageDigest.getInstance("SHA-256");
            for (String part : parts) {
                sha.update(part.getBytes(StandardCharsets.UTF_8));
            }
            return sha.digest();
        } catch (NoSuchAlgorithmException absent) {
            throw new IllegalStateException("every Java platform has SHA-256", absent);
        }
    }

    long oneByOne(UUID node, String properties, UUID[] edges, UUID[] from, UUID[] to, String event, String vector)
            throws SQLException {
        Object[][] values = {
            {node, properties}, {edges[0], from[0], to[0]}, {edges[1], from[1], to[1]}, {event}, {node, vector}
        };
        try (Connection connection = pool.getConnection()) {
            connection.setAutoCommit(false);
            for (int i = 0; i < values.length; i++) {
                try (PreparedStatement statement =
                        connection.prepareStatement(ONE_BY_ONE.get(i).replace("OPEN", OPEN))) {
                    for (int j = 0; j < values[i].length; j++) {
                        statement.setObject(j + 1, values[i][j]);
                    }
                    statement.executeUpdate();
                }
            }
            connection.commit();
            connection.setAutoCommit(true);
            return values.length;
        }
    }

    /** Returns how many nodes are written at once. */
    RawNodes nodes() {
        return new RawNodes(pool);
    }

    int walk(int namespace, UUID seed) throws SQLException {
        try (Connection connection = pool.getConnection();
                PreparedStatement statement = connection.prepareStatement(WALK)) {
            statement.setInt(1, namespace);
            statement.setObject(2, seed);
            statement.setInt(3, namespace);
            statement.setInt(4, namespace);
            statement.setInt(5, namespace);
            return rows(statement);
        }
    }

    int search(int space, String vector, int dimensions) throws SQLException {
        try (Connection connection = pool.getConnection();
                PreparedStatement statement = connection.prepareStatement(
                        "SELECT p.id, p.valid_from, p.valid_to, p.labels, p.source, p.subject,"
                                + " p.properties, p.text, p.embedding <=> ?::vector FROM contextdb.point p WHERE p.space = "
                                + space + " AND p.embedding IS NOT NULL ORDER BY (p.embedding::vector(" + dimensions
                                + ")) <=> (?::vector(" + dimensions + ")) LIMIT 10")) {
            statement.setString(1, vector);
            statement.setString(2, vector);
            return rows(statement);
        }
    }

    /** Takes every column of every row. */
    private static int rows(PreparedStatement statement) throws SQLException {
        int rows = 0;
        try (ResultSet row = statement.executeQuery()) {
            int columns = row.getMetaData().getColumnCount();
            while (row.next()) {
                for (int column = 1; column <= columns; column++) {
                    row.getObject(column);
                }
                rows++;
            }
        }
        return rows;
    }

    @Override
    public void close() {
        pool.close();
    }
}
