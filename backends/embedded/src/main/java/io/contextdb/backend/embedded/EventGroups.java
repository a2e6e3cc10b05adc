package io.contextdb.backend.embedded;

import io.contextdb.spi.event.ConsumerGroup;
import io.contextdb.spi.event.EventPosition;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;

/** What is stored of consumer groups (contract E3). */
final class EventGroups {
    private static final String FIND =
            "SELECT id, name, start_commit, start_seq, head_commit, head_seq, visibility, max_attempts"
                    + " FROM consumer_group WHERE ns = ? AND name = ?";
    private static final String FIRST_UNSETTLED = """
            SELECT commit_no, seq FROM delivery
             WHERE consumer = ? ORDER BY commit_no, seq LIMIT 1
            """;
    private static final String BEFORE = """
            SELECT commit_no, seq FROM event
             WHERE ns = ? AND (commit_no, seq) < (?, ?) ORDER BY commit_no DESC, seq DESC LIMIT 1
            """;

    /** A group as it stands: everything after {@code head} was never claimed. */
    record Stored(
            long id, String name, EventPosition start, EventPosition head, long visibilityMillis, int maxAttempts) {
        static Stored read(ResultSet row) throws SQLException {
            return new Stored(
                    row.getLong(1),
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

    private EventGroups() {}

    static Optional<Stored> find(Database database, long namespace, String name) throws SQLException {
        return database.first(FIND, Stored::read, namespace, name);
    }

    /** Returns the last position up to which the group has settled everything. */
    static EventPosition settled(Database database, long namespace, Stored group) throws SQLException {
        Optional<EventPosition> open = database.first(FIRST_UNSETTLED, EventGroups::position, group.id());
        if (open.isEmpty()) {
            return group.head();
        }
        EventPosition before = database.first(
                        BEFORE,
                        EventGroups::position,
                        namespace,
                        open.get().commit(),
                        open.get().sequence())
                .orElse(EventPosition.START);
        return before.compareTo(group.start()) > 0 ? before : group.start();
    }

    static EventPosition position(ResultSet row) throws SQLException {
        return new EventPosition(row.getLong(1), row.getLong(2));
    }
}
