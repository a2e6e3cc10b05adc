package io.contextdb.backend.postgresql;

import io.contextdb.spi.event.EventPosition;
import io.contextdb.spi.write.EventMutation;
import io.contextdb.spi.write.MutationResult;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;

/** Removes the oldest events that every group has settled (contract E5); dead letters are copies and stay. */
final class EventTrim {
    private static final String BY_COUNT = """
            SELECT commit_no, seq FROM cdb.event WHERE ns = ? ORDER BY commit_no DESC, seq DESC LIMIT 1 OFFSET ?
            """;
    /** Commit numbers and append times rise together. */
    private static final String BY_AGE = """
            SELECT commit_no, seq FROM cdb.event
             WHERE ns = ? AND appended_at < ? ORDER BY commit_no DESC, seq DESC LIMIT 1
            """;

    private static final String FORGET = """
            DELETE FROM cdb.delivery WHERE consumer IN (SELECT id FROM cdb.consumer_group WHERE ns = ?)
               AND (commit_no, seq) <= (?, ?)
            """;
    private static final String REMOVE = "DELETE FROM cdb.event WHERE ns = ? AND (commit_no, seq) <= (?, ?)";

    private EventTrim() {}

    static MutationResult apply(Snapshot transaction, EventMutation.Trim trim, Script after) throws SQLException {
        int namespace = transaction.namespace();
        EventPosition last = transaction
                .first(BY_COUNT, EventTrim::position, namespace, trim.keep())
                .orElse(EventPosition.START);
        if (trim.before().isPresent()) {
            Optional<EventPosition> byAge = transaction.first(
                    BY_AGE,
                    EventTrim::position,
                    namespace,
                    Columns.of(trim.before().get()));
            last = lesser(last, byAge.orElse(EventPosition.START));
        }
        if (!trim.isForced()) {
            for (var group : transaction.list(Groups.WITH_SETTLED, Groups::settled, namespace)) {
                last = lesser(last, group.from());
            }
        }
        EventPosition until = last;
        long[] removed = {0};
        transaction.send(new Script()
                .run(FORGET, namespace, until.commit(), until.sequence())
                .count(rows -> removed[0] = rows, REMOVE, namespace, until.commit(), until.sequence()));
        return new MutationResult.Removed(removed[0]);
    }

    private static EventPosition lesser(EventPosition a, EventPosition b) {
        return a.compareTo(b) < 0 ? a : b;
    }

    private static EventPosition position(ResultSet row) throws SQLException {
        return new EventPosition(row.getLong(1), row.getLong(2));
    }
}
