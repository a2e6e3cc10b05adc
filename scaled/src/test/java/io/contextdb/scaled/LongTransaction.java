package io.contextdb.scaled;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import org.jspecify.annotations.Nullable;

/** A transaction of somebody else on the same PostgreSQL that has a number and does not end. */
final class LongTransaction {
    private @Nullable Connection open;

    /** Begins it. */
    void begin(String url) {
        try {
            Connection connection = DriverManager.getConnection("jdbc:" + url);
            connection.setAutoCommit(false);
            try (Statement statement = connection.createStatement()) {
                statement.execute("SELECT pg_current_xact_id()");
            }
            open = connection;
        } catch (SQLException failed) {
            throw new IllegalStateException(failed);
        }
    }

    /** Rolls it back. */
    void end() {
        try {
            if (open != null) {
                open.close();
                open = null;
            }
        } catch (SQLException failed) {
            throw new IllegalStateException(failed);
        }
    }
}
