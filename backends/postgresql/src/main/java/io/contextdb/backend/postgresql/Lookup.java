package io.contextdb.backend.postgresql;

import io.contextdb.backend.postgresql.Script.Many;
import java.sql.SQLException;
import java.util.List;

/**
 * A statement that reads what an array of ids or keys names. One name, the usual case, is compared as a single value: PostgreSQL
 * keeps the plan of that, while it plans anew for each array, which takes longer than to read one row.
 *
 * @param several the statement for several names
 * @param one the statement for one
 */
record Lookup(String several, String one) {
    /** Returns the lookup by a statement that compares with {@code = ANY (?)} once. */
    static Lookup by(String several) {
        return new Lookup(several, several.replace("= ANY (?)", "= ?"));
    }

    /** Reads in the order of the store; the statement binds the namespace and the names. */
    <T> List<T> read(Snapshot snapshot, Script.Row<T> row, Many names) throws SQLException {
        return names.values() instanceof Object[] all && all.length == 1
                ? snapshot.list(one, row, snapshot.namespace(), all[0])
                : snapshot.list(several, row, snapshot.namespace(), names);
    }
}
