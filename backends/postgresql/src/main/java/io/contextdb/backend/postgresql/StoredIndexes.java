package io.contextdb.backend.postgresql;

import io.contextdb.spi.value.Deadline;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;

/**
 * Indexes that are made as they are needed: looked for, and built and dropped without holding up writers, by one process at a time.
 */
final class StoredIndexes {
    private static final Duration LONGEST_BUILD = Duration.ofDays(2);
    private static final String EXISTING = """
            SELECT c.relname, i.indisvalid, EXISTS (SELECT FROM pg_stat_progress_create_index g WHERE g.index_relid = c.oid)
              FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid JOIN pg_namespace n ON n.oid = c.relnamespace
             WHERE n.nspname = ? AND starts_with(c.relname, ?)
            """;

    /**
     * An index that is there.
     *
     * @param name its name
     * @param valid whether it answers queries
     * @param building whether somebody builds it now; one that is neither valid nor being built was left by a failure
     */
    record Existing(String name, boolean valid, boolean building) {}

    private final Store store;

    StoredIndexes(Store store) {
        this.store = store;
    }

    /** Returns the indexes whose names begin with a prefix. */
    List<Existing> look(String prefix) {
        return read(snapshot -> snapshot.list(
                EXISTING,
                row -> new Existing(row.getString(1), row.getBoolean(2), row.getBoolean(3)),
                store.names().schema(),
                prefix));
    }

    /** Builds an index that is not there, unless another process is at work. */
    void build(String name, String definition) {
        alone(() -> run("CREATE INDEX CONCURRENTLY IF NOT EXISTS " + name + " ON " + definition));
    }

    /** Drops an index that is still as it was seen, unless another process is at work. */
    void drop(Existing index) {
        alone(() -> {
            if (look(index.name()).contains(index)) {
                run("DROP INDEX CONCURRENTLY IF EXISTS cdb." + index.name());
            }
        });
    }

    private void alone(Runnable work) {
        try (IndexLock lock = IndexLock.take(store.connections(), store.names()).orElse(null)) {
            if (lock != null) {
                work.run();
            }
        }
    }

    <T> T read(Store.Read<T> read) {
        Deadline deadline = Deadline.after(Duration.ofMinutes(1));
        return store.background().read(deadline, connection -> read.from(store.everywhere(connection, deadline)));
    }

    private void run(String sql) {
        store.background().read(Deadline.after(LONGEST_BUILD), connection -> {
            boolean session = !Pooler.isBetween(connection);
            if (session) {
                memory(connection, store.settings().indexMemory() + "MB");
            }
            try (var statement = connection.createStatement()) {
                statement.execute(store.names().in(sql));
            } finally {
                if (session && !connection.isClosed()) {
                    memory(connection, "");
                }
            }
            return true;
        });
    }

    private void memory(Connection connection, String value) throws SQLException {
        new Script()
                .rows(
                        row -> {},
                        value.isEmpty()
                                ? "SELECT set_config('maintenance_work_mem', reset_val, FALSE) FROM pg_settings"
                                        + " WHERE name = 'maintenance_work_mem'"
                                : "SELECT set_config('maintenance_work_mem', '" + value + "', FALSE)")
                .send(connection, store.names(), Reach.UNTOLD);
    }
}
