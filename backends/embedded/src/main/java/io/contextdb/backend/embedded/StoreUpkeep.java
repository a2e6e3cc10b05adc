package io.contextdb.backend.embedded;

import java.sql.SQLException;
import java.time.Duration;

/**
 * What goes with time: expired keys, idle limiters, operation ids of more than 7 days, ids that were erased in namespaces
 * which were dropped as long ago, removed points that nobody needs.
 */
final class StoreUpkeep implements Writer.Upkeep {
    /** How long operation ids are remembered (contract G6). */
    static final long REMEMBERED = Duration.ofDays(7).toMillis() * 1_000;

    private static final int AT_ONCE = 500;
    private static final String DUE = """
            SELECT EXISTS (SELECT 1 FROM entry WHERE expires_at <= ?1 AND expires_at < 9223372036854775807)
                OR EXISTS (SELECT 1 FROM limiter WHERE expires_at <= ?1)
                OR coalesce((SELECT committed_at FROM operation ORDER BY commit_no LIMIT 1) < ?2, 0)
                OR EXISTS (SELECT 1 FROM erased WHERE kept_until <= ?1 AND kept_until < 9223372036854775807)
                OR coalesce((SELECT commit_no FROM point_gone ORDER BY commit_no LIMIT 1) <= ?3, 0)
            """;
    private static final String FORGET_OPERATIONS = """
            DELETE FROM operation WHERE commit_no IN
                (SELECT commit_no FROM operation ORDER BY commit_no LIMIT ?) AND committed_at < ?
            """;
    private static final String FORGET_ERASED = """
            DELETE FROM erased WHERE (ns, id) IN
                (SELECT ns, id FROM erased WHERE kept_until <= ? AND kept_until < 9223372036854775807
                  ORDER BY kept_until LIMIT ?)
            """;
    private static final String FORGET_POINTS = """
            DELETE FROM point_gone WHERE commit_no <= (
                SELECT max(commit_no) FROM (SELECT commit_no FROM point_gone WHERE commit_no <= ? ORDER BY commit_no LIMIT ?))
            """;

    private static final String FORGOTTEN = "UPDATE store SET gone_before = max(gone_before, ?)";

    private final StoreClock clock;
    private final PointIndex index;
    private final Lives lives;
    private final Checkpoints checkpoints;

    StoreUpkeep(StoreClock clock, PointIndex index, Lives lives, Checkpoints checkpoints) {
        this.clock = clock;
        this.index = index;
        this.lives = lives;
        this.checkpoints = checkpoints;
    }

    @Override
    public void first(Database database, long commit) throws SQLException {
        lives.begin(database, commit);
    }

    @Override
    public void committed(long commit, long bytes) {
        checkpoints.committed(commit, bytes);
    }

    @Override
    public boolean due(Database database) throws SQLException {
        long now = clock.now();
        return database.number(DUE, now, now - REMEMBERED, index.durable()) != 0;
    }

    @Override
    public void run(Database database) throws SQLException {
        long now = clock.now();
        KeyWriter.sweep(database, now, AT_ONCE);
        Limiters.sweep(database, now, AT_ONCE);
        database.update(FORGET_OPERATIONS, AT_ONCE, now - REMEMBERED);
        database.update(FORGET_ERASED, now, AT_ONCE);
        if (database.update(FORGET_POINTS, index.durable(), AT_ONCE) > 0) {
            database.update(FORGOTTEN, index.durable());
        }
    }
}
