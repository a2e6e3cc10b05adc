package io.contextdb.backend.postgresql;

import static io.contextdb.backend.postgresql.ItemColumns.column;

import io.contextdb.spi.event.EventDraft;
import io.contextdb.spi.write.EventMutation;
import java.util.ArrayList;
import java.util.List;

/** Events that a batch appends; their position is the batch's, and their place in it. Not thread-safe. */
final class AddedEvents {
    private static final String ADD = """
            , v AS (INSERT INTO cdb.event (ns, commit_no, seq, type, subject, time, appended_at, kind, body, bytes)
              SELECT ?, c.no, r.seq, r.type, r.subject, coalesce(r.time, c.now), c.now, r.kind, r.body::jsonb, r.bytes
                FROM c, (SELECT
            """;

    private record Placed(long place, EventDraft event) {}

    private static final ItemColumns<Placed> COLUMNS = ItemColumns.<Placed>of("seq", "int8", Placed::place)
            .and("type", "text", row -> row.event().type())
            .and("body", "text", row -> EventColumn.body(row.event().payload()))
            .unlessUsual(
                    column(
                            "kind",
                            "int4",
                            0,
                            row -> EventColumn.kind(row.event().payload())),
                    column(
                            "bytes",
                            "bytea",
                            null,
                            row -> EventColumn.bytes(row.event().payload())))
            .unlessUsual(column("subject", "text", "", row -> row.event().subject()))
            .unlessUsual(column(
                    "time",
                    "int8",
                    null,
                    row -> row.event().time().map(Columns::of).orElse(null)));

    private final List<Placed> events = new ArrayList<>();

    /** Takes a mutation; false if it is not for us. */
    boolean take(EventMutation mutation, int place) {
        if (!(mutation instanceof EventMutation.Append append)) {
            return false;
        }
        events.add(new Placed(place, append.event()));
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
        inserts.add(ADD, namespace).add(COLUMNS.list(events)).add(ItemColumns.END);
    }
}
