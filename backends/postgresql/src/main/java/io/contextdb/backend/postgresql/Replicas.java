package io.contextdb.backend.postgresql;

import io.contextdb.spi.error.ContextUnavailableException;
import io.contextdb.spi.value.Deadline;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLNonTransientConnectionException;
import java.util.Collections;
import java.util.Map;
import java.util.WeakHashMap;
import org.postgresql.PGConnection;

/** Standbys that are read from, as far as they have come. Thread-safe. */
final class Replicas implements AutoCloseable {
    private static final String REPLAYED =
            "SELECT (pg_last_wal_replay_lsn() - '0/0'::pg_lsn)::int8, pg_is_in_recovery()";

    private final Connections connections;
    private final Names names;
    /** How far the standby of a connection had come at the last look; it never goes back. */
    private final Map<PGConnection, Long> seen = Collections.synchronizedMap(new WeakHashMap<>());

    Replicas(Connections connections, Names names) {
        this.connections = connections;
        this.names = names;
    }

    /** Reads from a standby that has replayed the log up to a position; fails if it has not, or there is none. */
    <T> T read(Deadline deadline, long position, Connections.Work<T> work) {
        return connections.read(deadline, connection -> {
            if (position > 0 && seen.getOrDefault(physical(connection), 0L) < position) {
                check(replayed(connection), position);
            }
            return work.with(connection);
        });
    }

    private static void check(long replayed, long position) {
        if (replayed < position) {
            throw new ContextUnavailableException(
                    "the standby is " + (position - replayed) + " bytes of the log behind what was asked for");
        }
    }

    private long replayed(Connection connection) throws SQLException {
        long[] replayed = {0};
        boolean[] standby = {false};
        new Script()
                .rows(
                        row -> {
                            replayed[0] = row.getLong(1);
                            standby[0] = row.getBoolean(2);
                        },
                        REPLAYED)
                .send(connection, names, Reach.UNTOLD);
        if (!standby[0]) {
            // By its state the connection is given up.
            throw new SQLNonTransientConnectionException("the server is no standby any more", "08006");
        }
        seen.put(physical(connection), replayed[0]);
        return replayed[0];
    }

    /** Returns how many bytes of the log before a position a standby has not replayed yet. */
    long behind(Deadline deadline, long position) {
        return connections.read(deadline, connection -> Math.max(0, position - replayed(connection)));
    }

    private static PGConnection physical(Connection connection) throws SQLException {
        return connection.unwrap(PGConnection.class);
    }

    @Override
    public void close() {
        connections.close();
    }
}
