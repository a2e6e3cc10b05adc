package io.contextdb.backend.postgresql;

import io.contextdb.backend.postgresql.Script.Many;
import io.contextdb.spi.event.EventDraft;
import io.contextdb.spi.event.EventPosition;
import io.contextdb.spi.write.EventMutation;
import io.contextdb.spi.write.MutationResult;
import java.util.List;

/** Events that are appended; a position is the number of the commit and the place in its batch (contract E1). */
final class EventChanges implements Changes<EventMutation> {
    private static final String APPEND = """
            INSERT INTO cdb.event (ns, commit_no, seq, type, subject, time, appended_at, kind, body, bytes)
            SELECT ?, r.commit_no, r.seq, r.type, r.subject, r.time, r.appended_at, r.kind, r.body::jsonb, r.bytes
              FROM %s r
            """.formatted(ArrayRows.of(
            "commit_no int8, seq int8, type text, subject text, time int8, appended_at int8, kind int4, "
                    + "body text, bytes bytea"));

    private record Row(EventPosition position, EventDraft event, long time, long appendedAt) {}

    private final Pending<Row> rows = new Pending<>();

    @Override
    public void load(Script script, int namespace, List<EventMutation> mutations) {}

    @Override
    public MutationResult apply(EventMutation mutation, Step step) {
        if (!(mutation instanceof EventMutation.Append append)) {
            throw new IllegalStateException("groups are kept by the server");
        }
        EventPosition position = new EventPosition(step.commit(), step.index());
        rows.add(new Row(
                position, append.event(), append.event().time().map(Columns::of).orElse(step.time()), step.time()));
        return new MutationResult.Appended(position);
    }

    boolean isEmpty() {
        return rows.isEmpty();
    }

    @Override
    public void keep() {
        rows.keep();
    }

    @Override
    public void undo() {
        rows.undo();
    }

    @Override
    public void flush(Script script, int namespace) {
        if (rows.isEmpty()) {
            return;
        }
        List<Row> all = rows.all();
        script.run(
                APPEND,
                namespace,
                Many.longs(all, row -> row.position().commit()),
                Many.longs(all, row -> row.position().sequence()),
                Many.texts(all, row -> row.event().type()),
                Many.texts(all, row -> row.event().subject()),
                Many.longs(all, Row::time),
                Many.longs(all, Row::appendedAt),
                Many.ints(all, row -> EventColumn.kind(row.event().payload())),
                Many.texts(all, row -> EventColumn.body(row.event().payload())),
                Many.bytes(all, row -> EventColumn.bytes(row.event().payload())));
    }
}
