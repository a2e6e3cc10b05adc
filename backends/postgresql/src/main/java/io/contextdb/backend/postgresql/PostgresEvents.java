package io.contextdb.backend.postgresql;

import io.contextdb.backend.postgresql.Script.Many;
import io.contextdb.spi.event.AggregateQuery;
import io.contextdb.spi.event.AggregateRow;
import io.contextdb.spi.event.ConsumerGroup;
import io.contextdb.spi.event.DeadLetter;
import io.contextdb.spi.event.Event;
import io.contextdb.spi.event.EventPosition;
import io.contextdb.spi.event.EventQuery;
import io.contextdb.spi.event.EventReader;
import io.contextdb.spi.event.LatestQuery;
import io.contextdb.spi.event.Payload;
import io.contextdb.spi.value.Bytes;
import io.contextdb.spi.value.Deadline;
import io.contextdb.spi.value.Page;
import io.contextdb.spi.value.PageRequest;
import io.contextdb.spi.value.ReadScope;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads of the event log (contract E). Positions are commit numbers, which writers take while they hold their namespace's row,
 * so positions follow the order of commits and no reader needs to stay below a horizon. The primary answers always: who has
 * learned of a position from one server, and reads up to it from another that is behind, would pass over events.
 */
final class PostgresEvents implements EventReader {
    static final String COLUMNS =
            "e.commit_no, e.seq, e.type, e.subject, e.time, e.appended_at, e.kind, e.body, e.bytes";
    static final int COUNT = 9;

    private static final String LAST =
            "SELECT commit_no, seq FROM cdb.event WHERE ns = ? ORDER BY commit_no DESC, seq DESC LIMIT 1";
    private static final String DEAD = "SELECT " + COLUMNS + """
                    , e.attempts
                      FROM cdb.dead_letter e
                     WHERE e.consumer = ? AND (e.commit_no, e.seq) > (?, ?)
                     ORDER BY e.commit_no, e.seq LIMIT ?
                    """;
    /** How often another process's events are looked for where they are not heard of; this process's own wake up at once. */
    private static final Duration LOOK = Duration.ofMillis(250);
    /** How often they are looked for where they are heard of: a notice may be lost. */
    private static final Duration LOOK_ANYWAY = Duration.ofSeconds(10);

    private final Store store;

    PostgresEvents(Store store) {
        this.store = store;
    }

    @Override
    public List<Event> read(ReadScope scope, EventQuery query) {
        StringBuilder sql = new StringBuilder(
                "SELECT " + COLUMNS + " FROM cdb.event e WHERE e.ns = ? AND (e.commit_no, e.seq) > (?, ?)");
        List<Object> bound = new ArrayList<>();
        if (!query.types().isEmpty()) {
            sql.append(" AND e.type = ANY (?)");
            bound.add(Many.texts(query.types()));
        }
        if (!query.subjects().isEmpty()) {
            sql.append(query.subjects().contains("") ? "" : " AND e.subject <> ''")
                    .append(" AND e.subject = ANY (?)");
            bound.add(Many.texts(query.subjects()));
        }
        sql.append(" ORDER BY e.commit_no, e.seq LIMIT ?");
        return store.read(scope, snapshot -> {
            List<Object> all = new ArrayList<>(List.of(
                    snapshot.namespace(), query.after().commit(), query.after().sequence()));
            all.addAll(bound);
            all.add(query.limit());
            return List.copyOf(snapshot.list(sql.toString(), PostgresEvents::event, all.toArray()));
        });
    }

    @Override
    public List<Event> readBackwards(ReadScope scope, LatestQuery query) {
        return store.read(scope, snapshot -> LatestEvents.read(snapshot, query));
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
        return switch (row.getInt(7)) {
            case 0 -> Payload.json(Columns.properties(row, 8));
            case 1 -> Payload.bytes(Bytes.of(row.getBytes(9)));
            default -> new Payload.Erased();
        };
    }

    @Override
    public EventPosition last(ReadScope scope) {
        return store.read(
                scope,
                snapshot -> snapshot.first(
                                LAST, row -> new EventPosition(row.getLong(1), row.getLong(2)), snapshot.namespace())
                        .orElse(EventPosition.START));
    }

    @Override
    public void await(ReadScope scope, EventPosition after) {
        EventListener listener = store.eventListener();
        listener.want();
        try (EventSignal.Watch watch = store.eventSignal().watch(scope.namespace())) {
            while (!scope.deadline().passed()) {
                // Asked before looking: if it goes deaf after that, it wakes everyone.
                Duration look = listener.hears() ? LOOK_ANYWAY : LOOK;
                store.figures().look();
                if (last(scope).compareTo(after) > 0) {
                    return;
                }
                if (scope.deadline().passed() || !watch.await(scope.deadline().earlier(Deadline.after(look)))) {
                    return;
                }
                store.connections().checkOpen();
            }
        }
    }

    @Override
    public List<AggregateRow> aggregate(ReadScope scope, AggregateQuery query) {
        return store.read(scope, snapshot -> EventAggregates.read(snapshot, query));
    }

    @Override
    public List<ConsumerGroup> groups(ReadScope scope) {
        return store.read(
                scope,
                snapshot -> List.copyOf(snapshot.list(Groups.WITH_SETTLED, Groups::settled, snapshot.namespace())));
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
            int id = snapshot.first(Groups.FIND, Groups.Stored::read, snapshot.namespace(), group)
                    .orElseThrow(() -> Groups.missing(group))
                    .id();
            List<DeadLetter> read = snapshot.list(
                    DEAD,
                    row -> new DeadLetter(event(row), row.getInt(COUNT + 1)),
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
