package io.contextdb.backend.postgresql;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;

/**
 * Up to which position of the primary's log a standby must have come, for a read to see a commit. Numbers of commits follow
 * their order within a namespace only: a smaller number of another namespace may be committed later, and a token covers it
 * too. So a number is known to be covered by a position once every transaction has ended that could have taken a smaller
 * one. Thread-safe.
 */
final class Horizon {
    /** What no standby may be behind: everything that was committed longer ago than this. */
    private static final Duration MOST_BEHIND = Duration.ofSeconds(10);

    private static final int KNOWN = 1_000;
    private static final String NUMBER = "SELECT CASE WHEN is_called THEN last_value ELSE 0 END FROM cdb.commit_number";
    /** A transaction of our own, which began after all those that had taken a number by then. */
    private static final String LATER = "SELECT pg_current_xact_id()::text::int8";

    private static final String STATE = """
            SELECT pg_snapshot_xmin(pg_current_snapshot())::text::int8,
                   (pg_current_wal_insert_lsn() - '0/0'::pg_lsn)::int8
            """;

    private record Mark(long number, long later) {}

    private static final Mark NONE = new Mark(0, Long.MAX_VALUE);

    private record Floor(long position, long at) {}

    /** Positions by the numbers of commits that they cover. */
    private final TreeMap<Long, Long> covered = new TreeMap<>();

    /** What is covered once every transaction before a later one has ended. */
    private Mark open = NONE;
    /** What standbys must have at least, and what that will be next. */
    private Floor floor = new Floor(0, 0);

    private Floor nextFloor = new Floor(0, System.nanoTime());

    /** Asks the primary, in one round trip; not within a transaction. */
    void look(Connection connection, Names names) throws SQLException {
        long[] number = {0};
        long[] later = {0};
        new Script()
                .rows(row -> number[0] = row.getLong(1), NUMBER)
                .rows(row -> later[0] = row.getLong(1), LATER)
                .rows(row -> learn(number[0], later[0], row.getLong(1), row.getLong(2), System.nanoTime()), STATE)
                .send(connection, names, Reach.UNTOLD);
    }

    /**
     * Learns what the primary says.
     *
     * @param number the last number of a commit that was taken
     * @param later a transaction that began afterwards
     * @param oldest the oldest transaction that had not ended after that one began
     * @param position where the log ended then
     * @param now this process's clock, in nanoseconds
     */
    synchronized void learn(long number, long later, long oldest, long position, long now) {
        if (oldest >= open.later()) {
            cover(open.number(), position);
            open = NONE;
        }
        if (oldest >= later) {
            cover(number, position);
        } else if (open.equals(NONE)) {
            open = new Mark(number, later);
        }
        if (now - nextFloor.at() >= MOST_BEHIND.toNanos()) {
            floor = nextFloor;
            nextFloor = new Floor(position, now);
        }
    }

    private void cover(long number, long position) {
        covered.putIfAbsent(number, position);
        if (covered.size() > KNOWN) {
            covered.pollFirstEntry();
        }
    }

    /** Returns the position that a standby must have replayed to show a commit; empty if that is not known. */
    synchronized OptionalLong of(long commit) {
        if (commit == 0) {
            return OptionalLong.of(floor.position());
        }
        Map.Entry<Long, Long> entry = covered.ceilingEntry(commit);
        return entry == null ? OptionalLong.empty() : OptionalLong.of(Math.max(floor.position(), entry.getValue()));
    }

    /** Returns the position up to which standbys will be asked next. */
    synchronized long last() {
        return Math.max(
                nextFloor.position(),
                covered.isEmpty() ? 0 : covered.lastEntry().getValue());
    }

    /** Forgets what numbers are covered by: a server that took over may give them anew. */
    synchronized void clear() {
        covered.clear();
        open = NONE;
    }
}
