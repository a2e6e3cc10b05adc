package io.contextdb.backend.postgresql;

import io.contextdb.spi.error.ContextException;
import io.contextdb.spi.value.Deadline;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * What a store does of its own accord, in small portions: it removes keys that have expired, limiters that are idle and
 * operation ids that are old, and keeps the indexes of vectors and of declared paths. Every process may do it; a namespace whose row another holds
 * is left for the next time.
 */
final class Upkeep implements AutoCloseable {
    private static final long PAUSE = TimeUnit.SECONDS.toNanos(5);
    /** How often it is looked for indexes that other processes have built or dropped. */
    private static final long LOOK = TimeUnit.SECONDS.toNanos(30);

    private static final int PORTION = 1_000;
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final long REMEMBERED = Duration.ofDays(8).toNanos() / 1_000;

    private static final String EXPIRED = """
            SELECT DISTINCT ns FROM (SELECT ns FROM cdb.entry WHERE expires_at <= cdb.clock() AND expires_at < 9223372036854775807
                                      ORDER BY expires_at LIMIT ?) e
            """;
    private static final String LOCK = "SELECT id FROM cdb.namespace WHERE id = ? FOR NO KEY UPDATE SKIP LOCKED";
    /** Removal raises the floor under the versions of later keys. */
    private static final String SWEEP = """
            WITH doomed AS (SELECT key FROM cdb.entry WHERE ns = ? AND expires_at <= cdb.clock()
                               AND expires_at < 9223372036854775807 LIMIT ?),
                 gone AS (DELETE FROM cdb.entry e USING doomed d WHERE e.ns = ? AND e.key = d.key RETURNING e.version)
            UPDATE cdb.namespace SET key_floor = greatest(key_floor, (SELECT max(version) FROM gone))
             WHERE id = ? AND EXISTS (SELECT FROM gone)
            """;

    private static final String IDLE_LIMITERS = """
            WITH doomed AS (SELECT id FROM cdb.limiter WHERE expires_at <= cdb.clock() ORDER BY expires_at LIMIT ?
                               FOR UPDATE SKIP LOCKED),
                 permits AS (DELETE FROM cdb.permit p USING doomed d WHERE p.limiter = d.id)
            DELETE FROM cdb.limiter l USING doomed d WHERE l.id = d.id
            """;
    private static final String OLD_OPERATIONS = """
            DELETE FROM cdb.operation o USING (SELECT ns, id FROM cdb.operation WHERE committed_at < cdb.clock() - ? LIMIT ?) d
             WHERE o.ns = d.ns AND o.id = d.id
            """;

    private final Store store;
    private final VectorIndexes indexes;
    private final PathIndexes paths;
    private final Job removal = new Job("upkeep", this::removeWhatIsOver);
    /** Apart, as an index may take days to build. */
    private final Job indexing = new Job("indexes", this::keepIndexes);

    private volatile boolean closed;
    private long lastLook = System.nanoTime() - LOOK;

    /** Something that is done again and again, by a thread of its own. */
    private final class Job {
        private final Runnable work;
        private final Thread thread;
        private final AtomicReference<@Nullable String> trouble = new AtomicReference<>();

        Job(String name, Runnable work) {
            this.work = work;
            this.thread =
                    Thread.ofVirtual().name("contextdb-postgresql-" + name).unstarted(this::loop);
        }

        private void loop() {
            while (!closed) {
                try {
                    work.run();
                    trouble.set(null);
                } catch (ContextException failed) {
                    // It is tried again; health tells of it meanwhile.
                    trouble.set(failed.getMessage());
                }
                if (!closed) {
                    LockSupport.parkNanos(PAUSE);
                }
            }
        }
    }

    Upkeep(Store store, VectorIndexes indexes, PathIndexes paths) {
        this.store = store;
        this.indexes = indexes;
        this.paths = paths;
    }

    void start() {
        removal.thread.start();
        indexing.thread.start();
    }

    /** Returns what went wrong the last time, or null. */
    @Nullable
    String trouble() {
        String first = removal.trouble.get();
        return first == null ? indexing.trouble.get() : first;
    }

    private void keepIndexes() {
        if (indexes.isAsked() || System.nanoTime() - lastLook > LOOK) {
            indexes.keepUp();
            paths.keepUp();
            lastLook = System.nanoTime();
        }
    }

    /** Does all that is due now. */
    void run() {
        removeWhatIsOver();
        indexes.keepUp();
        paths.keepUp();
    }

    private void removeWhatIsOver() {
        List<Integer> namespaces = new ArrayList<>();
        call(connection -> new Script()
                .rows(row -> namespaces.add(row.getInt(1)), EXPIRED, PORTION)
                .send(connection, store.names(), store.rowSecurity().everywhere()));
        namespaces.forEach(this::sweep);
        call(store::look);
        call(connection -> new Script()
                .run(IDLE_LIMITERS, PORTION)
                .run(OLD_OPERATIONS, REMEMBERED, PORTION)
                .send(connection, store.names(), store.rowSecurity().everywhere()));
    }

    private void sweep(int namespace) {
        call(connection -> {
            connection.setAutoCommit(false);
            Reach reach = store.rowSecurity().within(namespace);
            boolean[] held = {false};
            new Script().rows(row -> held[0] = true, LOCK, namespace).send(connection, store.names(), reach);
            if (held[0]) {
                new Script()
                        .run(SWEEP, namespace, PORTION, namespace, namespace)
                        .run("COMMIT")
                        .send(connection, store.names(), reach);
            }
        });
    }

    private interface Action {
        void with(Connection connection) throws SQLException;
    }

    private void call(Action action) {
        store.background().read(Deadline.after(LIMIT), connection -> {
            action.with(connection);
            return true;
        });
    }

    @Override
    public void close() {
        closed = true;
        LockSupport.unpark(removal.thread);
        LockSupport.unpark(indexing.thread);
    }
}
