package io.contextdb.backend.postgresql;

import io.contextdb.spi.write.KeyMutation;
import io.contextdb.spi.write.MutationResult;
import java.sql.SQLException;
import java.time.Duration;
import java.time.temporal.ChronoUnit;

/**
 * Sliding-window limiters, exact: a log of what was given, by the server's clock (contract K4). Where that was set back, the log has
 * permits that are not given yet; to whom a permit is refused because of them they count as given now, so that nobody waits longer
 * than a window. Transaction time will not do: it stands still until the clock has caught up.
 */
final class Limiters {
    /** Callers may ask with different windows: the log is kept for the longest, the shorter ones are summed. */
    private static final String TOUCH = """
            INSERT INTO cdb.limiter AS l (ns, key, span, expires_at) VALUES (?, ?, ?::int8, ?::int8 + ?::int8)
            ON CONFLICT (ns, key) DO UPDATE SET span = greatest(l.span, excluded.span),
                                                expires_at = greatest(l.expires_at, excluded.expires_at)
            RETURNING id
            """;

    private static final String FORGET = """
            DELETE FROM cdb.permit p USING cdb.limiter l
             WHERE l.ns = ? AND l.key = ? AND p.limiter = l.id AND p.given_at <= ? - l.span
            """;
    private static final String USED = """
            SELECT coalesce(sum(p.permits), 0), coalesce(max(p.given_at), 0) FROM cdb.limiter l JOIN cdb.permit p ON p.limiter = l.id
             WHERE l.ns = ? AND l.key = ? AND p.given_at > ?
            """;
    private static final String LEAVING = """
            SELECT given_at FROM (SELECT given_at, sum(permits) OVER (ORDER BY given_at, seq) AS total
                                    FROM cdb.permit WHERE limiter = ? AND given_at > ?) log
             WHERE total >= ? ORDER BY total LIMIT 1
            """;
    private static final String ADD =
            " ON CONFLICT (limiter, given_at, seq) DO UPDATE SET permits = p.permits + excluded.permits";
    private static final String GIVE =
            "INSERT INTO cdb.permit AS p (limiter, given_at, seq, permits) VALUES (?, ?, ?, ?)" + ADD;
    private static final String GIVEN_NOW = """
            WITH later AS (DELETE FROM cdb.permit WHERE limiter = ? AND given_at > ? RETURNING permits)
            INSERT INTO cdb.permit AS p (limiter, given_at, seq, permits)
            SELECT ?, ?, ?, least(sum(permits), 1073741823)::int4 FROM later
            """ + ADD;

    private Limiters() {}

    static MutationResult acquire(Snapshot transaction, KeyMutation.Acquire acquire, Step step, Script after)
            throws SQLException {
        long window = acquire.window().toNanos() / 1_000;
        long now = step.clock();
        int namespace = transaction.namespace();
        long[] id = {0};
        long[] used = {0, 0};
        transaction.send(new Script()
                .rows(row -> id[0] = row.getLong(1), TOUCH, namespace, acquire.key(), window, now, window)
                .run(FORGET, namespace, acquire.key(), now)
                .rows(
                        row -> {
                            used[0] = row.getLong(1);
                            used[1] = row.getLong(2);
                        },
                        USED,
                        namespace,
                        acquire.key(),
                        now - window));
        if (used[0] + acquire.permits() <= acquire.limit()) {
            after.run(GIVE, id[0], now, step.index(), acquire.permits());
            return new MutationResult.Permits(true, acquire.limit() - used[0] - acquire.permits(), Duration.ZERO);
        }
        if (used[1] > now) {
            transaction.send(new Script().run(GIVEN_NOW, id[0], now, id[0], now, step.index()));
        }
        long needed = used[0] + acquire.permits() - acquire.limit();
        long leaving = transaction.number(LEAVING, id[0], now - window, needed);
        return new MutationResult.Permits(
                false,
                Math.max(0, acquire.limit() - used[0]),
                Duration.of(Math.max(1, leaving + window - now), ChronoUnit.MICROS));
    }
}
