package io.contextdb.backend.embedded;

import io.contextdb.spi.error.ErrorCode;
import io.contextdb.spi.error.InvalidRequestException;
import io.contextdb.spi.event.ConsumerGroup;
import io.contextdb.spi.event.DeadLetter;
import io.contextdb.spi.event.Event;
import io.contextdb.spi.event.EventPosition;
import io.contextdb.spi.event.EventQuery;
import io.contextdb.spi.event.EventReader;
import io.contextdb.spi.event.LatestQuery;
import io.contextdb.spi.event.Payload;
import io.contextdb.spi.value.Bytes;
import io.contextdb.spi.value.Page;
import io.contextdb.spi.value.PageRequest;
import io.contextdb.spi.value.ReadScope;
import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** Reads of the event log (contract E). Positions are commit numbers, which one writer gives in the order of commits. */
final class EmbeddedEvents implements EventReader {
    static final String COLUMNS = "e.commit_no, e.seq, e.type, e.subject, e.time, e.appended_at, e.kind, e.payload";

    private static final String AFTER = "SELECT " + COLUMNS + """
                     FROM event e
                     WHERE e.ns = ?1 AND (e.commit_no, e.seq) > (?2, ?3)
                       AND (?4 = '[]' OR e.type IN (SELECT value FROM json_each(?4)))
                     ORDER BY e.commit_no, e.seq LIMIT ?5
                    """;
    private static final String ABOUT = "SELECT " + COLUMNS + """
                     FROM event e
                     WHERE e.ns = ?1 AND (e.commit_no, e.seq) > (?2, ?3)
                       AND (?4 = '[]' OR e.type IN (SELECT value FROM json_each(?4)))
                       AND e.subject IN (SELECT value FROM json_each(?6))
                     ORDER BY e.commit_no, e.seq LIMIT ?5
                    """;
    /** In the order of the index, which names the subject first. */
    static final String ABOUT_ONE = "SELECT " + COLUMNS + """
                     FROM event e INDEXED BY event_subject
                     WHERE e.ns = ?1 AND e.subject = ?6 AND e.subject <> '' AND (e.commit_no, e.seq) > (?2, ?3)
                       AND (?4 = '[]' OR e.type IN (SELECT value FROM json_each(?4)))
                     ORDER BY e.commit_no, e.seq LIMIT ?5
                    """;

    private static final String LAST =
            "SELECT commit_no, seq FROM event WHERE ns = ? ORDER BY commit_no DESC, seq DESC LIMIT 1";
    private static final String GROUPS =
            "SELECT id, name, start_commit, start_seq, head_commit, head_seq, visibility, max_attempts"
                    + " FROM consumer_group WHERE ns = ? ORDER BY name";
    private static final String GROUP = "SELECT id FROM consumer_group WHERE ns = ? AND name = ?";
    private static final String DEAD = "SELECT " + COLUMNS + """
                    , e.attempts
                      FROM dead_letter e
                     WHERE e.consumer = ?1 AND (e.commit_no, e.seq) > (?2, ?3)
                     ORDER BY e.commit_no, e.seq LIMIT ?4
                    """;

    private final Store store;

    EmbeddedEvents(Store store) {
        this.store = store;
    }

    @Override
    public List<Event> read(ReadScope scope, EventQuery query) {
        EventPosition after = query.after();
        String types = StoredJson.write(query.types());
        boolean one = query.subjects().size() == 1 && !query.subjects().get(0).isEmpty();
        return store.read(
                scope,
                snapshot -> query.subjects().isEmpty()
                        ? snapshot.database()
                                .list(
                                        AFTER,
                                        EmbeddedEvents::event,
                                        snapshot.namespace(),
                                        after.commit(),
                                        after.sequence(),
                                        types,
                                        query.limit())
                        : snapshot.database()
                                .list(
                                        one ? ABOUT_ONE : ABOUT,
                                        EmbeddedEvents::event,
                                        snapshot.namespace(),
                                        after.commit(),
                                        after.sequence(),
                                        types,
                                        query.limit(),
                                        one ? query.subjects().get(0) : StoredJson.write(query.subjects())));
    }

    static Event event(ResultSet row) throws SQLException {
        return new Event(
                new EventPosition(row.getLong(1), row.getLong(2)),
                row.getString(3),
                row.getString(4),
                payload(row),
                Columns.instant(row.getLong(5)),
                Columns.instant(row.getLong(6)));
    }

    private static Payload payload(ResultSet row) throws SQLException {
        byte[] bytes = EmbeddedKeys.bytes(row, 8);
        return switch (row.getInt(7)) {
            case 0 -> Payload.json(StoredJson.properties(new String(bytes, StandardCharsets.UTF_8)));
            case 1 -> Payload.bytes(Bytes.of(bytes));
            default -> new Payload.Erased();
        };
    }

    @Override
    public List<Event> readBackwards(ReadScope scope, LatestQuery query) {
        return store.read(scope, snapshot -> LatestEvents.read(snapshot, query));
    }

    @Override
    public EventPosition last(ReadScope scope) {
        return store.read(scope, EmbeddedEvents::last);
    }

    private static EventPosition last(Snapshot snapshot) throws SQLException {
        return snapshot.database()
                .first(LAST, row -> new EventPosition(row.getLong(1), row.getLong(2)), snapshot.namespace())
                .orElse(EventPosition.START);
    }

    @Override
    public void await(ReadScope scope, EventPosition after) {
        if (scope.deadline().passed()) {
            return;
        }
        while (true) {
            long signals = store.eventSignal().count();
            if (last(scope).compareTo(after) > 0 || !store.eventSignal().await(signals, scope.deadline())) {
                return;
            }
            if (scope.deadline().passed()) {
                return;
            }
        }
    }

    @Override
    public List<ConsumerGroup> groups(ReadScope scope) {
        return store.read(scope, snapshot -> {
            List<ConsumerGroup> groups = new ArrayList<>();
            for (EventGroups.Stored group :
                    snapshot.database().list(GROUPS, EventGroups.Stored::read, snapshot.namespace())) {
                groups.add(group.group(EventGroups.settled(snapshot.database(), snapshot.namespace(), group)));
            }
            return List.copyOf(groups);
        });
    }

    @Override
    public Page<DeadLetter> deadLetters(ReadScope scope, String group, PageRequest page) {
        EventPosition after = page.cursor().isEmpty()
                ? EventPosition.START
                : Cursor.parse(
                        "dead",
                        2,
                        page.cursor(),
                        parts -> new EventPosition(Long.parseLong(parts.get(0)), Long.parseLong(parts.get(1))));
        return store.read(scope, snapshot -> {
            Database database = snapshot.database();
            long id = database.number(GROUP, snapshot.namespace(), group);
            if (id == 0) {
                throw new InvalidRequestException(ErrorCode.NOT_FOUND, "group", "no consumer group is named " + group);
            }
            List<DeadLetter> read = database.list(
                    DEAD,
                    row -> new DeadLetter(event(row), row.getInt(9)),
                    id,
                    after.commit(),
                    after.sequence(),
                    page.limit() + 1);
            return Page.of(
                    read,
                    page.limit(),
                    last -> Cursor.of(
                            "dead",
                            last.event().position().commit(),
                            last.event().position().sequence()));
        });
    }
}
