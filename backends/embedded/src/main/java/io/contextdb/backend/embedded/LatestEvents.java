package io.contextdb.backend.embedded;

import io.contextdb.spi.event.Event;
import io.contextdb.spi.event.EventPosition;
import io.contextdb.spi.event.LatestQuery;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;

/**
 * Reads the newest events before a position (contract E2a). Those about subjects come from the index of subjects, in its order;
 * otherwise the log is read from its end, past what the types leave out.
 */
final class LatestEvents {
    static final String BEFORE = "SELECT " + EmbeddedEvents.COLUMNS + """
                     FROM event e
                     WHERE e.ns = ?1 AND (e.commit_no, e.seq) < (?2, ?3)
                       AND (?4 = '[]' OR e.type IN (SELECT value FROM json_each(?4)))
                       AND (?6 = '[]' OR e.subject IN (SELECT value FROM json_each(?6)))
                     ORDER BY e.commit_no DESC, e.seq DESC LIMIT ?5
                    """;
    static final String ABOUT = "SELECT " + EmbeddedEvents.COLUMNS + """
                     FROM event e INDEXED BY event_subject
                     WHERE e.ns = ?1 AND e.subject = ?6 AND e.subject <> ''
                       AND (e.commit_no, e.seq) < (?2, ?3) AND (e.commit_no, e.seq) > (?7, ?8)
                       AND (?4 = '[]' OR e.type IN (SELECT value FROM json_each(?4)))
                     ORDER BY e.commit_no DESC, e.seq DESC LIMIT ?5
                    """;

    private static final Comparator<Event> NEWEST_FIRST =
            Comparator.comparing(Event::position).reversed();

    private LatestEvents() {}

    static List<Event> read(Snapshot snapshot, LatestQuery query) throws SQLException {
        // What is about nothing is not in the index.
        return query.subjects().isEmpty() || query.subjects().contains("")
                ? before(snapshot, query)
                : about(snapshot, query);
    }

    private static List<Event> before(Snapshot snapshot, LatestQuery query) throws SQLException {
        return snapshot.database()
                .list(
                        BEFORE,
                        EmbeddedEvents::event,
                        snapshot.namespace(),
                        query.before().commit(),
                        query.before().sequence(),
                        StoredJson.write(query.types()),
                        query.limit(),
                        StoredJson.write(query.subjects()));
    }

    /** Asks for each subject in turn, and only for what is newer than the oldest of those that are enough already. */
    private static List<Event> about(Snapshot snapshot, LatestQuery query) throws SQLException {
        List<Event> newest = new ArrayList<>();
        for (String subject : new LinkedHashSet<>(query.subjects())) {
            EventPosition after =
                    newest.size() == query.limit() ? newest.getLast().position() : EventPosition.START;
            newest.addAll(snapshot.database()
                    .list(
                            ABOUT,
                            EmbeddedEvents::event,
                            snapshot.namespace(),
                            query.before().commit(),
                            query.before().sequence(),
                            StoredJson.write(query.types()),
                            query.limit(),
                            subject,
                            after.commit(),
                            after.sequence()));
            newest.sort(NEWEST_FIRST);
            if (newest.size() > query.limit()) {
                newest.subList(query.limit(), newest.size()).clear();
            }
        }
        return List.copyOf(newest);
    }
}
