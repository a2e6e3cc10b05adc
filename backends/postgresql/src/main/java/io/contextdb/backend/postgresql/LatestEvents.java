package io.contextdb.backend.postgresql;

import io.contextdb.backend.postgresql.Script.Many;
import io.contextdb.spi.event.Event;
import io.contextdb.spi.event.LatestQuery;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads the newest events before a position (contract E2a). Those about subjects come from the index of subjects, of each as
 * many as are asked for; otherwise the log is read from its end, past what the types leave out.
 */
final class LatestEvents {
    private static final String SELECT = "SELECT " + PostgresEvents.COLUMNS + " FROM ";
    private static final String BEFORE = "cdb.event e WHERE e.ns = ? AND (e.commit_no, e.seq) < (?, ?)";
    private static final String ORDER = " ORDER BY e.commit_no DESC, e.seq DESC LIMIT ?";

    private LatestEvents() {}

    static List<Event> read(Snapshot snapshot, LatestQuery query) throws SQLException {
        // What is about nothing is not in the index.
        boolean lookedUp = !query.subjects().isEmpty() && !query.subjects().contains("");
        List<Object> bound = new ArrayList<>();
        List<String> subjects = query.subjects().stream().distinct().toList();
        if (lookedUp) {
            bound.add(Many.texts(subjects));
        }
        bound.addAll(List.of(
                snapshot.namespace(), query.before().commit(), query.before().sequence()));
        StringBuilder selected = new StringBuilder(BEFORE);
        if (lookedUp) {
            selected.append(" AND e.subject <> '' AND e.subject = s.subject");
        } else if (!subjects.isEmpty()) {
            selected.append(" AND e.subject = ANY (?)");
            bound.add(Many.texts(subjects));
        }
        if (!query.types().isEmpty()) {
            selected.append(" AND e.type = ANY (?)");
            bound.add(Many.texts(query.types()));
        }
        selected.append(ORDER);
        bound.add(query.limit());
        String sql = SELECT + selected;
        if (lookedUp) {
            // A list of subjects in one condition would be read whole, and sorted.
            sql = SELECT + "(SELECT unnest(?::text[]) AS subject) s CROSS JOIN LATERAL (" + sql + ") e" + ORDER;
            bound.add(query.limit());
        }
        return List.copyOf(snapshot.list(sql, PostgresEvents::event, bound.toArray()));
    }
}
