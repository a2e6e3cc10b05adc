package io.contextdb.backend.postgresql;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import org.postgresql.PGConnection;

/**
 * Whether a connection leads through a pooler, as PgBouncer is one. In transaction mode each transaction may go by another
 * connection to the server, so nothing may be set that outlives a transaction: it would hit whoever comes next.
 */
final class Pooler {
    private Pooler() {}

    /** Returns whether who answered the connection is not the process that serves it. */
    static boolean isBetween(Connection connection) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement("SELECT pg_backend_pid()");
                ResultSet row = statement.executeQuery()) {
            return row.next()
                    && row.getInt(1) != connection.unwrap(PGConnection.class).getBackendPID();
        }
    }
}
