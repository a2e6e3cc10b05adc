package io.contextdb.backend.embedded;

import java.security.SecureRandom;
import java.sql.SQLException;

/**
 * Which process made a commit. Two copies of a directory go on with the same numbers of commits; an index of one must not be taken
 * for the other's. So the first commit that a process makes begins a life, with an id that no other has.
 */
final class Lives {
    private static final String AT = "SELECT id FROM life WHERE commit_no <= ? ORDER BY commit_no DESC LIMIT 1";
    private static final String BEGIN = "INSERT OR REPLACE INTO life (commit_no, id) VALUES (?, ?)";
    /** An index of a life that is forgotten is made anew, so there is no need for many. */
    private static final String FORGET = """
            DELETE FROM life WHERE commit_no < (SELECT commit_no FROM life ORDER BY commit_no DESC LIMIT 1 OFFSET 1000)
            """;

    private static final SecureRandom RANDOM = new SecureRandom();

    private record Begun(long commit, long id) {}

    private final long before;
    private volatile Begun begun = new Begun(Long.MAX_VALUE, 0);

    /** Creates what goes on from the life that the last commit belongs to. */
    Lives(Database database, long lastCommit) throws SQLException {
        before = at(database, lastCommit);
    }

    /** Returns the life of a commit, 0 for one from before lives were counted. */
    static long at(Database database, long commit) throws SQLException {
        return database.number(AT, commit);
    }

    /** Begins a life, in the transaction of its first commit. */
    void begin(Database database, long commit) throws SQLException {
        long id = 0;
        while (id == 0) {
            id = RANDOM.nextLong();
        }
        database.update(BEGIN, commit, id);
        database.update(FORGET);
        begun = new Begun(commit, id);
    }

    /** Returns the life of a commit that is not older than the last one when the store was opened. */
    long of(long commit) {
        Begun now = begun;
        return commit >= now.commit() ? now.id() : before;
    }
}
