package io.contextdb.backend.embedded;

import io.contextdb.spi.event.EventPosition;
import io.contextdb.spi.write.EventMutation;
import io.contextdb.spi.write.MutationResult;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/** Removes the oldest events that every group has settled (contract E5); dead letters are copies and stay. */
final class EventTrim {
    private static final String COUNT = "SELECT count(*) FROM event WHERE ns = ?";
    private static final String NTH =
            "SELECT commit_no, seq FROM event WHERE ns = ? ORDER BY commit_no, seq LIMIT 1 OFFSET ?";
    /** Commit numbers and append times rise together. */
    private static final String LAST_BEFORE = """
            SELECT commit_no, seq FROM event
             WHERE ns = ? AND appended_at < ? ORDER BY commit_no DESC, seq DESC LIMIT 1
            """;

    private static final String GROUPS =
            "SELECT id, name, start_commit, start_seq, head_commit, head_seq, visibility, max_attempts"
                    + " FROM consumer_group WHERE ns = ?";
    private static final String REMOVE = "DELETE FROM event WHERE ns = ? AND (commit_no, seq) <= (?, ?)";
    private static final String FORGET = "DELETE FROM delivery WHERE consumer = ? AND (commit_no, seq) <= (?, ?)";

    private EventTrim() {}

    static MutationResult apply(BatchTransaction batch, EventMutation.Trim trim) throws SQLException {
        Database database = batch.database();
        EventPosition last = last(batch, trim);
        List<EventGroups.Stored> groups = database.list(GROUPS, EventGroups.Stored::read, batch.namespace());
        if (!trim.isForced()) {
            for (EventGroups.Stored group : groups) {
                EventPosition settled = EventGroups.settled(database, batch.namespace(), group);
                last = settled.compareTo(last) < 0 ? settled : last;
            }
        }
        for (EventGroups.Stored group : groups) {
            database.update(FORGET, group.id(), last.commit(), last.sequence());
        }
        return new MutationResult.Removed(database.update(REMOVE, batch.namespace(), last.commit(), last.sequence()));
    }

    /** Returns the last position that may go, by age or by count, whichever removes fewer. */
    private static EventPosition last(BatchTransaction batch, EventMutation.Trim trim) throws SQLException {
        Database database = batch.database();
        long surplus = database.number(COUNT, batch.namespace()) - trim.keep();
        Optional<EventPosition> byCount = surplus <= 0
                ? Optional.empty()
                : database.first(NTH, EventGroups::position, batch.namespace(), surplus - 1);
        if (byCount.isEmpty() || trim.before().isEmpty()) {
            return byCount.orElse(EventPosition.START);
        }
        EventPosition byAge = database.first(
                        LAST_BEFORE,
                        EventGroups::position,
                        batch.namespace(),
                        Columns.of(trim.before().get()))
                .orElse(EventPosition.START);
        return byAge.compareTo(byCount.get()) < 0 ? byAge : byCount.get();
    }
}
