package io.contextdb.backend.postgresql;

import io.contextdb.backend.postgresql.Script.Many;
import io.contextdb.spi.event.EventDraft;
import io.contextdb.spi.write.EventMutation;
import java.util.ArrayList;
import java.util.List;

/** Events that a batch appends; their position is the batch's, and their place in it. Not thread-safe. */
final class AddedEvents {
    private static final String ADD = """
            , v AS (INSERT INTO cdb.event (ns, commit_no, seq, type, subject, time, appended_at, kind, body, bytes)
              SELECT ?, c.no, r.seq, r.type, r.subject, coalesce(r.time, c.now), c.now, r.kind, r.body::jsonb, r.bytes
                FROM c, %s r)
            """.formatted(
                    ArrayRows.of("seq int8, type text, subject text, time int8, kind int4, body text, bytes bytea"));

    private final List<Long> places = new ArrayList<>();
    private final List<EventDraft> events = new ArrayList<>();

    /** Takes a mutation; false if it is not for us. */
    boolean take(EventMutation mutation, int place) {
        if (!(mutation instanceof EventMutation.Append append)) {
            return false;
        }
        places.add((long) place);
        events.add(append.event());
        return true;
    }

    boolean isEmpty() {
        return events.isEmpty();
    }

    /** Adds how they are written. */
    void addTo(int namespace, Parts inserts) {
        if (events.isEmpty()) {
            return;
        }
        inserts.add(
                ADD,
                namespace,
                Many.longs(places),
                Many.texts(events, EventDraft::type),
                Many.texts(events, EventDraft::subject),
                Many.nullableLongs(
                        events, event -> event.time().map(Columns::of).orElse(null)),
                Many.ints(events, event -> EventColumn.kind(event.payload())),
                Many.texts(events, event -> EventColumn.body(event.payload())),
                Many.bytes(events, event -> EventColumn.bytes(event.payload())));
    }
}
