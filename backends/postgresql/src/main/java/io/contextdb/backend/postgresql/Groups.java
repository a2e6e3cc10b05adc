package io.contextdb.backend.postgresql;

import io.contextdb.spi.error.ErrorCode;
import io.contextdb.spi.error.InvalidRequestException;
import io.contextdb.spi.event.ConsumerGroup;
import io.contextdb.spi.event.EventPosition;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;

/** What is stored of consumer groups (contract E3). */
final class Groups {
    static final String COLUMNS =
            "g.id, g.name, g.start_commit, g.start_seq, g.head_commit, g.head_seq, g.visibility, g.max_attempts";
    static final String FIND = "SELECT " + COLUMNS + " FROM cdb.consumer_group g WHERE g.ns = ? AND g.name = ?";

    /** Every group with the first event that it has not settled, and the last event before that. */
    static final String WITH_SETTLED = "SELECT " + COLUMNS + """
                    , d.commit_no, b.commit_no, b.seq
                      FROM cdb.consumer_group g
                      LEFT JOIN LATERAL (SELECT commit_no, seq FROM cdb.delivery WHERE consumer = g.id
                                          ORDER BY commit_no, seq LIMIT 1) d ON TRUE
                      LEFT JOIN LATERAL (SELECT commit_no, seq FROM cdb.event
                                          WHERE ns = g.ns AND (commit_no, seq) < (d.commit_no, d.seq)
                                          ORDER BY commit_no DESC, seq DESC LIMIT 1) b ON TRUE
                     WHERE g.ns = ? ORDER BY g.name
                    """;

    /** A group as it stands: everything after {@code head} was never claimed. */
    record Stored(
            int id, String name, EventPosition start, EventPosition head, long visibilityMillis, int maxAttempts) {
        static Stored read(ResultSet row) throws SQLException {
            return new Stored(
                    row.getInt(1),
                    row.getString(2),
                    new EventPosition(row.getLong(3), row.getLong(4)),
                    new EventPosition(row.getLong(5), row.getLong(6)),
                    row.getLong(7),
                    row.getInt(8));
        }

        ConsumerGroup group(EventPosition from) {
            return new ConsumerGroup(name, from, Duration.ofMillis(visibilityMillis), maxAttempts);
        }
    }

    private Groups() {}

    /** Reads a row of {@link #WITH_SETTLED}: the group, from the last position up to which it has settled everything. */
    static ConsumerGroup settled(ResultSet row) throws SQLException {
        Stored group = Stored.read(row);
        row.getLong(9);
        if (row.wasNull()) {
            return group.group(group.head());
        }
        EventPosition before = new EventPosition(row.getLong(10), row.getLong(11));
        return group.group(before.compareTo(group.start()) > 0 ? before : group.start());
    }

    static InvalidRequestException missing(String name) {
        return new InvalidRequestException(
                ErrorCode.NOT_FOUND, "group", "no consumer group is named " + name + "; create it first");
    }
}
