package io.contextdb.backend.embedded;

import io.contextdb.spi.error.InvalidRequestException;
import java.sql.SQLException;
import java.util.List;

/**
 * Commits that were acknowledged and are gone, since files were damaged or an older copy was put in their place. Their numbers are not
 * given again: a token of one of them is refused, and readers of events that had seen them miss nothing that comes after.
 */
final class LostCommits {
    static final String TABLE = "lost";

    private static final String ALL = "SELECT after_commit, last_commit FROM lost ORDER BY last_commit";
    private static final String ADD = "INSERT INTO lost (after_commit, last_commit) VALUES (?, ?)";

    /**
     * Some in a row.
     *
     * @param after the last commit that is there
     * @param last the last that is gone
     */
    record Range(long after, long last) {}

    private final List<Range> all;

    private LostCommits(List<Range> all) {
        this.all = all;
    }

    static LostCommits of(Database database) throws SQLException {
        return new LostCommits(database.list(ALL, row -> new Range(row.getLong(1), row.getLong(2))));
    }

    static void add(Database database, Range range) throws SQLException {
        database.update(ADD, range.after(), range.last());
    }

    /** Refuses a token of a commit that is gone. */
    void check(long commit) {
        for (Range range : all) {
            if (commit > range.after() && commit <= range.last()) {
                throw new InvalidRequestException(
                        "token",
                        "is of commit " + commit + ", which was lost: the store went back to commit " + range.after());
            }
        }
    }
}
