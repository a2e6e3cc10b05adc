package io.contextdb.backend.postgresql;

import io.contextdb.backend.postgresql.Script.Many;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

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

    /** Reads in the order of the store; the statement binds the namespace, the names, and what else there is. */
    <T> List<T> read(Snapshot snapshot, Script.Row<T> row, Many names, @Nullable Object... more) throws SQLException {
        boolean single = names.values() instanceof Object[] all && all.length == 1;
        List<@Nullable Object> bound = new ArrayList<>();
        bound.add(snapshot.namespace());
        bound.add(single ? ((Object[]) names.values())[0] : names);
        bound.addAll(Arrays.asList(more));
        return snapshot.list(single ? one : several, row, bound.toArray());
    }
}
