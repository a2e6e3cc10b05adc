package io.contextdb.bench.postgresql;

import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.UUID;
import javax.sql.DataSource;
import org.postgresql.PGConnection;

/**
 * Many nodes at once by hand, by arrays and by COPY: without any check, and with what the contract asks of a batch: nobody else
 * writes meanwhile, nothing of it is there or was erased, the operation is remembered and the commit has a number. Thread-safe.
 */
final class RawNodes {
    private static final String ARRAYS = "unnest(?::uuid[], ?::jsonb[]) r(id, properties)";
    private static final String COPIED = "incoming r";
    private static final String TABLE = "CREATE TEMPORARY TABLE incoming (id uuid, properties jsonb) ON COMMIT DROP";
    private static final String INSERT = """
            INSERT INTO raw.node SELECT 1, r.id, 1, 0, OPEN, 0, OPEN, 1, '{bench}', '', '', '', r.properties FROM
            """.replace("OPEN", RawStatements.OPEN);
    /** The index looks for all ids itself. */
    private static final String CHECKED = """
            WITH GIVEN c AS MATERIALIZED (
              SELECT last_time AS now, nextval('contextdb.commit_number') AS no FROM raw.namespace
               WHERE id = 1 AND NOT EXISTS (SELECT FROM raw.operation WHERE ns = 1 AND id = ?)
                 AND NOT EXISTS (SELECT FROM raw.node WHERE ns = 1 AND id = ANY ((SELECT array_agg(r.id) FROM SOURCE)::uuid[]))
                 AND NOT EXISTS (SELECT FROM contextdb.erased
                                  WHERE ns = 1 AND id = ANY ((SELECT array_agg(r.id) FROM SOURCE)::uuid[]))),
            n AS (INSERT INTO raw.node SELECT 1, r.id, 1, c.now, OPEN, c.now, OPEN, 1, '{bench}', '', '', '', r.properties
                    FROM c, SOURCE)
            INSERT INTO raw.operation SELECT 1, ?, c.no, c.now, ?, '\\x00' FROM c RETURNING commit_no, committed_at
            """.replace("OPEN", RawStatements.OPEN);

    private static final String CHECKED_ARRAYS = RawStatements.LOCK
            + CHECKED.replace("GIVEN", "given AS MATERIALIZED (SELECT * FROM " + ARRAYS + "),")
                    .replace("SOURCE", "given r");
    private static final String CHECKED_COPY =
            RawStatements.LOCK + CHECKED.replace("GIVEN", "").replace("SOURCE", COPIED);

    private final DataSource pool;

    RawNodes(DataSource pool) {
        this.pool = pool;
    }

    void byArrays(UUID[] ids, String[] properties) throws SQLException {
        try (Connection connection = pool.getConnection();
                PreparedStatement statement = connection.prepareStatement(INSERT + ARRAYS)) {
            statement.setArray(1, connection.createArrayOf("uuid", ids));
            statement.setArray(2, connection.createArrayOf("jsonb", properties));
            statement.executeUpdate();
        }
    }

    void byArraysChecked(UUID[] ids, String[] properties) throws SQLException {
        try (Connection connection = pool.getConnection();
                PreparedStatement statement = connection.prepareStatement(CHECKED_ARRAYS)) {
            UUID operation = UUID.randomUUID();
            statement.setArray(1, connection.createArrayOf("uuid", ids));
            statement.setArray(2, connection.createArrayOf("jsonb", properties));
            statement.setObject(3, operation);
            statement.setObject(4, operation);
            statement.setBytes(5, digest(ids, properties));
            receive(statement);
        }
    }

    /** Copies into a table of the transaction, and merges from there. */
    void byCopy(UUID[] ids, String[] properties) throws Exception {
        try (Connection connection = pool.getConnection()) {
            connection.setAutoCommit(false);
            copy(connection, ids, properties);
            try (var statement = connection.createStatement()) {
                statement.execute(INSERT + COPIED);
            }
            connection.commit();
            connection.setAutoCommit(true);
        }
    }

    void byCopyChecked(UUID[] ids, String[] properties) throws Exception {
        try (Connection connection = pool.getConnection()) {
            connection.setAutoCommit(false);
            copy(connection, ids, properties);
            try (PreparedStatement statement = connection.prepareStatement(CHECKED_COPY)) {
                UUID operation = UUID.randomUUID();
                statement.setObject(1, operation);
                statement.setObject(2, operation);
                statement.setBytes(3, digest(ids, properties));
                receive(statement);
            }
            connection.commit();
            connection.setAutoCommit(true);
        }
    }

    private static void copy(Connection connection, UUID[] ids, String[] properties) throws Exception {
        try (var statement = connection.createStatement()) {
            statement.execute(TABLE);
        }
        StringBuilder rows = new StringBuilder();
        for (int i = 0; i < ids.length; i++) {
            rows.append(ids[i]).append('\t').append(properties[i]).append('\n');
        }
        connection
                .unwrap(PGConnection.class)
                .getCopyAPI()
                .copyIn("COPY incoming FROM STDIN", new StringReader(rows.toString()));
    }

    /** Returns the commit's number and time, as an application needs them; they are not there if a check failed. */
    private static long receive(PreparedStatement statement) throws SQLException {
        statement.execute();
        statement.getMoreResults();
        try (ResultSet row = statement.getResultSet()) {
            if (!row.next()) {
                throw new IllegalStateException("nodes of new ids were not written");
            }
            return row.getLong(1) + row.getLong(2);
        }
    }

    private static byte[] digest(UUID[] ids, String[] properties) {
        try {
            MessageDigest sha = MessageDigest.getInstance("SHA-256");
            for (int i = 0; i < ids.length; i++) {
                sha.update(ids[i].toString().getBytes(StandardCharsets.UTF_8));
                sha.update(properties[i].getBytes(StandardCharsets.UTF_8));
            }
            return sha.digest();
        } catch (NoSuchAlgorithmException absent) {
            throw new IllegalStateException("every Java platform has SHA-256", absent);
        }
    }
}
