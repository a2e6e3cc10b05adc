package io.contextdb.backend.postgresql;

import io.contextdb.spi.value.Deadline;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What one read works with. Each statement sees one state of the store; what must be consistent is one statement.
 *
 * @param connection the connection
 * @param names names of the schemas
 * @param namespace interned id of the namespace; 0 if it was never written
 * @param reach whose rows its statements may see
 * @param deadline when the read must have ended
 * @param reads what is noted of a caller's reads; null where it is not one
 */
record Snapshot(
        Connection connection,
        Names names,
        int namespace,
        Reach reach,
        Deadline deadline,
        @Nullable Reads reads) {
    /** What is noted of reads. */
    record Reads(Figures figures, PlanLog plans) {}

    /** What "now" means for a read of a namespace, whose id is bound: not before any commit that it sees. */
    static final String NOW = "(SELECT greatest(ns.last_time, cdb.clock()) FROM cdb.namespace ns WHERE ns.id = ?)";

    Snapshot(Connection connection, Names names, int namespace, Reach reach, Deadline deadline) {
        this(connection, names, namespace, reach, deadline, null);
    }

    void send(Script script) throws SQLException {
        script.send(connection, names, reach);
        if (reads != null) {
            reads.figures().rows(script.rowsRead());
            reads.plans().note(this, script);
        }
    }

    <T> List<T> list(String sql, Script.Row<T> row, @Nullable Object... bound) throws SQLException {
        List<T> read = new ArrayList<>();
        send(new Script().rows(result -> read.add(row.read(result)), sql, bound));
        return read;
    }

    <T> Optional<T> first(String sql, Script.Row<T> row, @Nullable Object... bound) throws SQLException {
        return list(sql, row, bound).stream().findFirst();
    }

    long number(String sql, @Nullable Object... bound) throws SQLException {
        return first(sql, row -> row.getLong(1), bound).orElse(0L);
    }
}
