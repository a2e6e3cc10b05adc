package io.contextdb.backend.postgresql;

import io.contextdb.spi.error.Outcome;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Optional;

/**
 * Leaves the indexes of a schema to one process at a time. Of two that build or drop one concurrently on the same table, the first
 * waits in the end until nobody reads an older state, the second does so while it waits for the table, and the server ends one of
 * them: that may be the one that has built for hours.
 *
 * <p>It is the lock of a table that only migrations write, in a mode that holds up none but its like, in a transaction of a
 * connection apart: a pooler could give the lock of a session to another, and a lock by a function would leave a snapshot behind,
 * which the build would wait for.
 */
final class IndexLock implements AutoCloseable {
    private static final String UNTIL_THE_END = "SET LOCAL idle_in_transaction_session_timeout = 0";
    private static final String LOCK =
            "LOCK TABLE cdb." + Migrations.HISTORY + " IN SHARE UPDATE EXCLUSIVE MODE NOWAIT";

    private final Connection holder;

    private IndexLock(Connection holder) {
        this.holder = holder;
    }

    /** Returns the lock; empty if another process has it. */
    static Optional<IndexLock> take(Connections connections, Names names) {
        try {
            IndexLock lock = new IndexLock(connections.apart());
            boolean held = false;
            try {
                held = lock.take(names);
            } finally {
                if (!held) {
                    lock.close();
                }
            }
            return held ? Optional.of(lock) : Optional.empty();
        } catch (SQLException failed) {
            throw PostgresErrors.of(failed, Outcome.NOT_APPLIED);
        }
    }

    private boolean take(Names names) throws SQLException {
        holder.setAutoCommit(false);
        try (Statement statement = holder.createStatement()) {
            statement.execute(UNTIL_THE_END);
            statement.execute(names.in(LOCK));
            return true;
        } catch (SQLException refused) {
            if (PostgresErrors.isLocked(refused)) {
                return false;
            }
            throw refused;
        }
    }

    @Override
    public void close() {
        // It may be the application's, who goes on to use it.
        try (holder) {
            holder.rollback();
            holder.setAutoCommit(true);
        } catch (SQLException broken) {
            // The server frees what a connection held that is gone.
        }
    }
}
