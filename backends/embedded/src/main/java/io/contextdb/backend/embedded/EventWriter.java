package io.contextdb.backend.embedded;

import io.contextdb.spi.error.ErrorCode;
import io.contextdb.spi.error.InvalidRequestException;
import io.contextdb.spi.event.ConsumerGroup;
import io.contextdb.spi.event.Delivery;
import io.contextdb.spi.event.Event;
import io.contextdb.spi.event.EventDraft;
import io.contextdb.spi.event.EventPosition;
import io.contextdb.spi.event.Payload;
import io.contextdb.spi.write.EventMutation;
import io.contextdb.spi.write.MutationResult;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Applies changes of the event log and its consumer groups (contract E). */
final class EventWriter {
    private static final String APPEND = """
            INSERT INTO event (ns, commit_no, seq, type, subject, time, appended_at, kind, payload)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
            """;
    private static final String CREATE = """
            INSERT INTO consumer_group (ns, name, start_commit, start_seq, head_commit, head_seq, visibility, max_attempts)
            VALUES (?1, ?2, ?3, ?4, ?3, ?4, ?5, ?6)
            """;
    private static final String DROP_DELIVERIES = "DELETE FROM delivery WHERE consumer = ?";
    private static final String DROP_DEAD = "DELETE FROM dead_letter WHERE consumer = ?";
    private static final String DROP = "DELETE FROM consumer_group WHERE id = ?";
    private static final String BURY = """
            INSERT INTO dead_letter
            SELECT d.consumer, e.commit_no, e.seq, e.type, e.subject, e.time, e.appended_at, e.kind, e.payload, d.attempts
              FROM delivery d JOIN event e ON e.ns = ?1 AND e.commit_no = d.commit_no AND e.seq = d.seq
             WHERE d.consumer = ?2 AND d.attempts >= ?3 AND d.visible_at <= ?4
            """;
    private static final String GIVE_UP =
            "DELETE FROM delivery WHERE consumer = ? AND attempts >= ? AND visible_at <= ?";
    private static final String AGAIN = "SELECT " + EmbeddedEvents.COLUMNS + """
                    , d.attempts
                      FROM delivery d JOIN event e ON e.ns = ?1 AND e.commit_no = d.commit_no AND e.seq = d.seq
                     WHERE d.consumer = ?2 AND d.visible_at <= ?3
                     ORDER BY d.commit_no, d.seq LIMIT ?4
                    """;
    private static final String NEW = "SELECT " + EmbeddedEvents.COLUMNS + """
                    , 0
                      FROM event e
                     WHERE e.ns = ? AND (e.commit_no, e.seq) > (?, ?)
                     ORDER BY e.commit_no, e.seq LIMIT ?
                    """;
    private static final String DELIVER = """
            INSERT INTO delivery (consumer, commit_no, seq, attempts, visible_at) VALUES (?, ?, ?, ?, ?)
            ON CONFLICT (consumer, commit_no, seq)
            DO UPDATE SET attempts = excluded.attempts, visible_at = excluded.visible_at
            """;
    private static final String ADVANCE = "UPDATE consumer_group SET head_commit = ?, head_seq = ? WHERE id = ?";
    private static final String SETTLE = "DELETE FROM delivery WHERE consumer = ? AND commit_no = ? AND seq = ?";
    private static final String SETTLE_DEAD =
            "DELETE FROM dead_letter WHERE consumer = ? AND commit_no = ? AND seq = ?";
    private static final String RELEASE = """
            UPDATE delivery SET visible_at = ?4
             WHERE consumer = ?1 AND commit_no = ?2 AND seq = ?3 AND visible_at > ?4
            """;

    private record Candidate(Event event, int attempts) {}

    private EventWriter() {}

    static MutationResult apply(BatchTransaction batch, EventMutation mutation) throws SQLException {
        return switch (mutation) {
            case EventMutation.Append append -> append(batch, append.event());
            case EventMutation.CreateGroup create -> create(batch, create.group());
            case EventMutation.DropGroup drop -> drop(batch, drop.group());
            case EventMutation.Claim claim -> claim(batch, claim);
            case EventMutation.Acknowledge done -> settle(batch, done.group(), done.positions());
            case EventMutation.Release release -> release(batch, release.group(), release.positions());
            case EventMutation.Trim trim -> EventTrim.apply(batch, trim);
        };
    }

    private static MutationResult append(BatchTransaction batch, EventDraft event) throws SQLException {
        int kind;
        byte[] payload;
        switch (event.payload()) {
            case Payload.Json json -> {
                kind = 0;
                payload = StoredJson.write(json.body()).getBytes(StandardCharsets.UTF_8);
            }
            case Payload.Binary binary -> {
                kind = 1;
                payload = binary.bytes().toArray();
            }
            case Payload.Erased erased -> {
                kind = 2;
                payload = new byte[0];
            }
        }
        batch.database()
                .update(
                        APPEND,
                        batch.namespace(),
                        batch.commit(),
                        batch.index(),
                        event.type(),
                        event.subject(),
                        event.time().map(Columns::of).orElse(batch.time()),
                        batch.time(),
                        kind,
                        payload);
        batch.touched().events();
        return new MutationResult.Appended(new EventPosition(batch.commit(), batch.index()));
    }

    private static MutationResult create(BatchTransaction batch, ConsumerGroup group) throws SQLException {
        if (EventGroups.find(batch.database(), batch.namespace(), group.name()).isEmpty()) {
            batch.database()
                    .update(
                            CREATE,
                            batch.namespace(),
                            group.name(),
                            group.from().commit(),
                            group.from().sequence(),
                            group.visibility().toMillis(),
                            group.maxAttempts());
        }
        return new MutationResult.Done();
    }

    private static MutationResult drop(BatchTransaction batch, String name) throws SQLException {
        Optional<EventGroups.Stored> group = EventGroups.find(batch.database(), batch.namespace(), name);
        if (group.isEmpty()) {
            return new MutationResult.Removed(0);
        }
        batch.database().update(DROP_DELIVERIES, group.get().id());
        batch.database().update(DROP_DEAD, group.get().id());
        batch.database().update(DROP, group.get().id());
        return new MutationResult.Removed(1);
    }

    private static MutationResult claim(BatchTransaction batch, EventMutation.Claim claim) throws SQLException {
        EventGroups.Stored group = group(batch, claim.group());
        Database database = batch.database();
        database.update(BURY, batch.namespace(), group.id(), group.maxAttempts(), batch.time());
        database.update(GIVE_UP, group.id(), group.maxAttempts(), batch.time());
        List<Candidate> candidates = new ArrayList<>(database.list(
                AGAIN, EventWriter::candidate, batch.namespace(), group.id(), batch.time(), claim.limit()));
        if (candidates.size() < claim.limit()) {
            List<Candidate> fresh = database.list(
                    NEW,
                    EventWriter::candidate,
                    batch.namespace(),
                    group.head().commit(),
                    group.head().sequence(),
                    claim.limit() - candidates.size());
            candidates.addAll(fresh);
            if (!fresh.isEmpty()) {
                EventPosition head = fresh.get(fresh.size() - 1).event().position();
                database.update(ADVANCE, head.commit(), head.sequence(), group.id());
            }
        }
        long visibleAt = batch.time() + group.visibilityMillis() * 1_000;
        List<Delivery> deliveries = new ArrayList<>();
        for (Candidate candidate : candidates) {
            EventPosition position = candidate.event().position();
            int attempt = candidate.attempts() + 1;
            database.update(DELIVER, group.id(), position.commit(), position.sequence(), attempt, visibleAt);
            deliveries.add(new Delivery(candidate.event(), attempt, Columns.instant(visibleAt)));
        }
        return new MutationResult.Claimed(deliveries);
    }

    private static Candidate candidate(java.sql.ResultSet row) throws SQLException {
        return new Candidate(EmbeddedEvents.event(row), row.getInt(9));
    }

    private static MutationResult settle(BatchTransaction batch, String name, List<EventPosition> positions)
            throws SQLException {
        EventGroups.Stored group = group(batch, name);
        long settled = 0;
        for (EventPosition position : positions) {
            settled += batch.database().update(SETTLE, group.id(), position.commit(), position.sequence());
            settled += batch.database().update(SETTLE_DEAD, group.id(), position.commit(), position.sequence());
        }
        return new MutationResult.Removed(settled);
    }

    private static MutationResult release(BatchTransaction batch, String name, List<EventPosition> positions)
            throws SQLException {
        EventGroups.Stored group = group(batch, name);
        long released = 0;
        for (EventPosition position : positions) {
            released +=
                    batch.database().update(RELEASE, group.id(), position.commit(), position.sequence(), batch.time());
        }
        return new MutationResult.Removed(released);
    }

    private static EventGroups.Stored group(BatchTransaction batch, String name) throws SQLException {
        return EventGroups.find(batch.database(), batch.namespace(), name)
                .orElseThrow(() -> new InvalidRequestException(
                        ErrorCode.NOT_FOUND, "group", "no consumer group is named " + name + "; create it first"));
    }
}
