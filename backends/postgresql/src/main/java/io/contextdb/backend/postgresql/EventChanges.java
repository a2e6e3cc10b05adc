package io.contextdb.backend.postgresql;

import io.contextdb.backend.postgresql.Script.Many;
import io.contextdb.spi.event.EventDraft;
import io.contextdb.spi.event.EventPosition;
import io.contextdb.spi.event.Payload;
import io.contextdb.spi.write.EventMutation;
import io.contextdb.spi.write.MutationResult;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Events that are appended; a position is the number of the commit and the place in its batch (contract E1). */
final class EventChanges implements Changes<EventMutation> {
    private static final String APPEND = """
            INSERT INTO cdb.event (ns, commit_no, seq, type, subject, time, appended_at, kind, body, bytes)
            SELECT ?, r.commit_no, r.seq, r.type, r.subject, r.time, r.appended_at, r.kind, r.body::jsonb, r.bytes
              FROM unnest(?::int8[], ?::int8[], ?::text[], ?::text[], ?::int8[], ?::int8[], ?::int4[], ?::text[], ?::bytea[])
                   r(commit_no, seq, type, subject, time, appended_at, kind, body, bytes)
            """;

    private record Row(EventPosition position, EventDraft event, long time, long appendedAt) {
        int kind() {
            return event.payload() instanceof Payload.Json ? 0 : 1;
        }

        @Nullable
        String body() {
            return event.payload() instanceof Payload.Json json ? JsonColumn.write(json.body()) : null;
        }

        byte @Nullable [] bytes() {
            return event.payload() instanceof Payload.Binary binary
                    ? binary.bytes().toArray()
                    : null;
        }
    }

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
                Many.longs(all.stream().map(row -> row.position().commit()).toList()),
                Many.longs(all.stream().map(row -> row.position().sequence()).toList()),
                Many.texts(all.stream().map(row -> row.event().type()).toList()),
                Many.texts(all.stream().map(row -> row.event().subject()).toList()),
                Many.longs(all.stream().map(Row::time).toList()),
                Many.longs(all.stream().map(Row::appendedAt).toList()),
                Many.ints(all.stream().map(Row::kind).toList()),
                new Many("text", all.stream().map(Row::body).toArray()),
                new Many("bytea", all.stream().map(Row::bytes).toArray(byte[][]::new)));
    }
}
