package io.contextdb.backend.postgresql;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Properties;
import org.postgresql.PGProperty;

/** When a commit is acknowledged. */
enum Acknowledgement {
    /** As the server, the database or the user is set up. */
    SERVER,
    /** Once a synchronous standby shows it; a server without one is refused, whenever a connection to it is made. */
    REPLICATED;

    private static final String WAIT = "-c synchronous_commit=remote_apply";
    private static final String ASK =
            "SELECT current_setting('synchronous_commit'), current_setting('synchronous_standby_names')";
    /** The server rejected the connection: it may have a standby later. */
    private static final String REJECTED = "08004";

    /** Has the server begin each session so. */
    void demand(Properties jdbc) {
        if (this == REPLICATED) {
            String options = jdbc.getProperty(PGProperty.OPTIONS.getName(), "");
            jdbc.setProperty(PGProperty.OPTIONS.getName(), (options + " " + WAIT).strip());
        }
    }

    /** Refuses a new connection on which commits would be acknowledged earlier. */
    void check(Connection connection) throws SQLException {
        if (this == SERVER) {
            return;
        }
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(ASK)) {
            row.next();
            String commits = row.getString(1);
            String standbys = row.getString(2);
            if (!commits.equals("remote_apply") || standbys.isBlank()) {
                throw new SQLException(
                        "ack=replicated needs commits that wait for a synchronous standby; the connection has synchronous_commit = "
                                + commits + " (it must be remote_apply) and synchronous_standby_names = '" + standbys
                                + "' (it must not be empty)",
                        REJECTED);
            }
        }
    }
}
