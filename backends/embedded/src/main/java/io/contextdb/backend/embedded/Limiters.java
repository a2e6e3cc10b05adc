package io.contextdb.backend.embedded;

import io.contextdb.spi.write.KeyMutation;
import io.contextdb.spi.write.MutationResult;
import java.sql.SQLException;
import java.time.Duration;
import java.time.temporal.ChronoUnit;

/** Sliding-window limiters, exact: a log of what was given, by transaction time (contract K4). */
final class Limiters {
    private static final String CREATE =
            "INSERT OR IGNORE INTO limiter (ns, key, span, used, expires_at) VALUES (?, ?, 0, 0, 0)";
    private static final String STATE = "SELECT id, span, used FROM limiter WHERE ns = ? AND key = ?";
    private static final String PASSED =
            "SELECT coalesce(sum(permits), 0) FROM permit WHERE limiter = ? AND given_at <= ?";
    private static final String FORGET = "DELETE FROM permit WHERE limiter = ? AND given_at <= ?";
    private static final String SINCE =
            "SELECT coalesce(sum(permits), 0) FROM permit WHERE limiter = ? AND given_at > ?";
    private static final String OLDEST =
            "SELECT given_at, permits FROM permit WHERE limiter = ? AND given_at > ? ORDER BY given_at, seq";
    private static final String GIVE = "INSERT INTO permit (limiter, given_at, seq, permits) VALUES (?, ?, ?, ?)";
    private static final String UPDATE = "UPDATE limiter SET span = ?, used = ?, expires_at = ? WHERE id = ?";
    private static final String IDLE = "SELECT id FROM limiter WHERE expires_at <= ? ORDER BY expires_at LIMIT ?";
    private static final String DROP_PERMITS = "DELETE FROM permit WHERE limiter = ?";
    private static final String DROP = "DELETE FROM limiter WHERE id = ?";

    private record State(long id, long span, long used) {}

    private Limiters() {}

    static MutationResult acquire(BatchTransaction batch, KeyMutation.Acquire acquire) throws SQLException {
        Database database = batch.database();
        long window = acquire.window().toNanos() / 1_000;
        database.update(CREATE, batch.namespace(), acquire.key());
        State state = database.first(
                        STATE,
                        row -> new State(row.getLong(1), row.getLong(2), row.getLong(3)),
                        batch.namespace(),
                        acquire.key())
                .orElseThrow();
        // Callers may ask with different windows: the log is kept for the longest, the shorter ones are summed.
        long span = Math.max(state.span(), window);
        long kept = state.used() - database.number(PASSED, state.id(), batch.time() - span);
        database.update(FORGET, state.id(), batch.time() - span);
        long used = window == span ? kept : database.number(SINCE, state.id(), batch.time() - window);
        boolean allowed = used + acquire.permits() <= acquire.limit();
        if (allowed) {
            database.update(GIVE, state.id(), batch.time(), batch.index(), acquire.permits());
            kept += acquire.permits();
        }
        database.update(UPDATE, span, kept, batch.time() + span, state.id());
        return allowed
                ? new MutationResult.Permits(true, acquire.limit() - used - acquire.permits(), Duration.ZERO)
                : new MutationResult.Permits(
                        false,
                        Math.max(0, acquire.limit() - used),
                        retryAfter(batch, state.id(), window, used + acquire.permits() - acquire.limit()));
    }

    /** Returns how long until that many permits have left the window. */
    private static Duration retryAfter(BatchTransaction batch, long limiter, long window, long needed)
            throws SQLException {
        long[] left = {needed, batch.time()};
        batch.database()
                .each(
                        OLDEST,
                        row -> {
                            left[0] -= row.getLong(2);
                            left[1] = row.getLong(1);
                            return left[0] > 0;
                        },
                        limiter,
                        batch.time() - window);
        return Duration.of(Math.max(1, left[1] + window - batch.time()), ChronoUnit.MICROS);
    }

    /** Removes some limiters that have not been asked for a window, and returns how many. */
    static int sweep(Database database, long now, int limit) throws SQLException {
        var idle = database.list(IDLE, row -> row.getLong(1), now, limit);
        for (long id : idle) {
            database.update(DROP_PERMITS, id);
            database.update(DROP, id);
        }
        return idle.size();
    }
}
