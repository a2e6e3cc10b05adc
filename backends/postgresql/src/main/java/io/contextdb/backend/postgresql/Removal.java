package io.contextdb.backend.postgresql;

import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Removes what is over, portion by portion: keys that have expired, limiters that are idle, operation ids that are old, ids that were erased in
 * namespaces which were dropped long ago. What is due
 * is found by the order of an index: the planner takes the subquery of the clock for one value, but the clock itself for one of each
 * row's, and reads the order of an index where it knows how little is wanted, which is why the portions stand in the text.
 */
final class Removal {
    /** Writers of the namespace wait while its keys are removed. */
    private static final int KEYS = 1_000;

    private static final int LIMITERS = 1_000;
    private static final int OPERATIONS = 5_000;
    private static final int ERASED = 5_000;
    /** How long operations are kept, and ids that were erased in a namespace that was dropped since, in microseconds. */
    static final long REMEMBERED = Duration.ofDays(8).toNanos() / 1_000;

    static final String EXPIRED = """
            SELECT ns, count(*) FROM (SELECT ns FROM cdb.entry
                                       WHERE expires_at <= (SELECT cdb.clock()) AND expires_at < 9223372036854775807
                                       ORDER BY expires_at LIMIT %d) e
             GROUP BY ns
            """.formatted(KEYS);
    /** A namespace that is written without pause is never found free, but whoever waits for it has his turn. */
    private static final String WAIT = "SELECT set_config('lock_timeout', '1s', TRUE)";

    private static final String LOCK = "SELECT id FROM cdb.namespace WHERE id = ? FOR NO KEY UPDATE";
    /** Removal raises the floor under the versions of later keys. */
    private static final String SWEEP = """
            WITH doomed AS (SELECT key FROM cdb.entry
                             WHERE ns = ? AND expires_at <= (SELECT cdb.clock()) AND expires_at < 9223372036854775807
                             ORDER BY expires_at LIMIT %d),
                 gone AS (DELETE FROM cdb.entry e USING doomed d WHERE e.ns = ? AND e.key = d.key RETURNING e.version)
            UPDATE cdb.namespace SET key_floor = greatest(key_floor, (SELECT max(version) FROM gone))
             WHERE id = ? AND EXISTS (SELECT FROM gone)
            """.formatted(KEYS);

    static final String IDLE_LIMITERS = """
            WITH doomed AS (SELECT id FROM cdb.limiter WHERE expires_at <= (SELECT cdb.clock()) ORDER BY expires_at LIMIT %d
                               FOR UPDATE SKIP LOCKED),
                 permits AS (DELETE FROM cdb.permit p USING doomed d WHERE p.limiter = d.id)
            DELETE FROM cdb.limiter l USING doomed d WHERE l.id = d.id
            """.formatted(LIMITERS);
    /**
     * In the order of their places, so that two processes wait for each other in one direction only. What is noted is still to be done
     * elsewhere, and stays until it is (contract S7).
     */
    static final String OLD_OPERATIONS = """
            DELETE FROM cdb.operation WHERE ctid = ANY (ARRAY(
              SELECT o.ctid FROM cdb.operation o WHERE o.committed_at < (SELECT cdb.clock()) - ? AND o.note IS NULL
               ORDER BY o.committed_at LIMIT %d))
            """.formatted(OPERATIONS);

    static final String ERASED_LONG_AGO = """
            DELETE FROM cdb.erased WHERE ctid = ANY (ARRAY(
              SELECT e.ctid FROM cdb.erased e
               WHERE e.kept_until < (SELECT cdb.clock()) AND e.kept_until < 9223372036854775807
               ORDER BY e.kept_until LIMIT %d))
            """.formatted(ERASED);

    private final Store store;

    Removal(Store store) {
        this.store = store;
    }

    /** Removes a portion of each kind; returns whether one of them was full, so that there may be more. */
    boolean portion() {
        List<Integer> namespaces = new ArrayList<>();
        long[] keys = {0};
        long[] limiters = {0};
        long[] operations = {0};
        long[] erased = {0};
        Script due = new Script()
                .rows(
                        row -> {
                            namespaces.add(row.getInt(1));
                            keys[0] += row.getLong(2);
                        },
                        EXPIRED)
                .count(rows -> limiters[0] = rows, IDLE_LIMITERS)
                .count(rows -> operations[0] = rows, OLD_OPERATIONS, REMEMBERED)
                .count(rows -> erased[0] = rows, ERASED_LONG_AGO);
        store.inBackground(connection ->
                due.send(connection, store.names(), store.rowSecurity().everywhere()));
        namespaces.forEach(this::sweep);
        return keys[0] == KEYS || limiters[0] == LIMITERS || operations[0] == OPERATIONS || erased[0] == ERASED;
    }

    private void sweep(int namespace) {
        store.inBackground(connection -> {
            try {
                new Script()
                        .run(WAIT)
                        .run(LOCK, namespace)
                        .run(SWEEP, namespace, namespace, namespace)
                        .send(connection, store.names(), store.rowSecurity().within(namespace));
            } catch (SQLException failed) {
                // Where its holder takes long the next time will do.
                if (!PostgresErrors.isLocked(failed)) {
                    throw failed;
                }
            }
        });
    }
}
