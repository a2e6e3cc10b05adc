package io.contextdb.backend.postgresql;

import java.util.ArrayList;
import java.util.List;

/**
 * Has the server look again at tables that are mostly new to it, as after a bulk load. Until it has, which takes autovacuum a minute
 * and more, it takes them for small and reads them as a whole.
 */
final class Statistics {
    /**
     * Those that have more than twice as many rows as when they were counted last; what is only changed is left to autovacuum, as
     * each look makes all connections plan anew. Tables of another owner cannot be looked at by this user.
     */
    private static final String MOSTLY_NEW = """
            SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
             WHERE n.nspname = ? AND c.relkind = 'r' AND pg_has_role(c.relowner, 'USAGE')
               AND pg_stat_get_live_tuples(c.oid) > greatest(1000, 2 * c.reltuples)
            """;

    private final Store store;

    Statistics(Store store) {
        this.store = store;
    }

    void keepUp() {
        List<String> tables = new ArrayList<>();
        send(new Script()
                .rows(
                        row -> tables.add(row.getString(1)),
                        MOSTLY_NEW,
                        store.names().schema()));
        // One at a time; one that autovacuum or an index being built holds is left for the next time.
        tables.forEach(table -> send(new Script().run("ANALYZE (SKIP_LOCKED) cdb." + Names.quoted(table))));
    }

    private void send(Script script) {
        store.inBackground(connection -> script.send(connection, store.names(), Reach.UNTOLD));
    }
}
