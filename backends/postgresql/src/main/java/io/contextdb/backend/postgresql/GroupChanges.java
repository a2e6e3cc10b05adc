package io.contextdb.backend.postgresql;

import io.contextdb.backend.postgresql.Script.Many;
import io.contextdb.spi.event.ConsumerGroup;
import io.contextdb.spi.event.Delivery;
import io.contextdb.spi.event.Event;
import io.contextdb.spi.event.EventPosition;
import io.contextdb.spi.write.EventMutation;
import io.contextdb.spi.write.MutationResult;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Changes of consumer groups, and the trimming of the log (contract E3, E5). How long an event is hidden goes by the server's clock; where
 * that was set back, by the first claim that comes then: transaction time stands still until the clock has caught up.
 */
final class GroupChanges {
    private static final String CREATE = """
            INSERT INTO cdb.consumer_group (ns, name, start_commit, start_seq, head_commit, head_seq, visibility, max_attempts)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (ns, name) DO NOTHING
            """;
    private static final List<String> DROP = List.of(
            "DELETE FROM cdb.delivery WHERE consumer = ?",
            "DELETE FROM cdb.dead_letter WHERE consumer = ?",
            "DELETE FROM cdb.consumer_group WHERE id = ?");
    /** What is hidden for longer than the group's visibility, was so before the clock was set back. */
    private static final String HIDDEN_AT_MOST =
            "UPDATE cdb.delivery SET visible_at = ? WHERE consumer = ? AND visible_at > ?";

    private static final String BURY = """
            WITH given_up AS (DELETE FROM cdb.delivery WHERE consumer = ? AND attempts >= ? AND visible_at <= ?
                              RETURNING consumer, commit_no, seq, attempts)
            INSERT INTO cdb.dead_letter
            SELECT d.consumer, e.commit_no, e.seq, e.type, e.subject, e.time, e.appended_at, e.kind, e.body, e.bytes, d.attempts
              FROM given_up d JOIN cdb.event e ON e.ns = ? AND e.commit_no = d.commit_no AND e.seq = d.seq
            """;
    private static final String AGAIN = "SELECT " + PostgresEvents.COLUMNS + """
                    , d.attempts
                      FROM cdb.delivery d JOIN cdb.event e ON e.ns = ? AND e.commit_no = d.commit_no AND e.seq = d.seq
                     WHERE d.consumer = ? AND d.visible_at <= ?
                     ORDER BY d.commit_no, d.seq LIMIT ?
                    """;
    private static final String NEW = "SELECT " + PostgresEvents.COLUMNS + """
                    , 0
                      FROM cdb.event e
                     WHERE e.ns = ? AND (e.commit_no, e.seq) > (?, ?)
                     ORDER BY e.commit_no, e.seq LIMIT ?
                    """;
    private static final String DELIVER = """
            INSERT INTO cdb.delivery (consumer, commit_no, seq, attempts, visible_at)
            SELECT ?, r.commit_no, r.seq, r.attempts, ? FROM %s r
            ON CONFLICT (consumer, commit_no, seq)
            DO UPDATE SET attempts = excluded.attempts, visible_at = excluded.visible_at
            """.formatted(ArrayRows.of("commit_no int8, seq int8, attempts int4"));
    private static final String ADVANCE = "UPDATE cdb.consumer_group SET head_commit = ?, head_seq = ? WHERE id = ?";
    private static final String SETTLE = """
            WITH r AS %s,
                 g AS (SELECT id FROM cdb.consumer_group WHERE ns = ? AND name = ?),
                 a AS (DELETE FROM cdb.delivery d USING r, g
                        WHERE d.consumer = g.id AND d.commit_no = r.commit_no AND d.seq = r.seq RETURNING 1),
                 b AS (DELETE FROM cdb.dead_letter d USING r, g
                        WHERE d.consumer = g.id AND d.commit_no = r.commit_no AND d.seq = r.seq RETURNING 1)
            SELECT (SELECT count(*) FROM a) + (SELECT count(*) FROM b)
            """.formatted(ArrayRows.of("commit_no int8, seq int8"));
    private static final String RELEASE = """
            WITH g AS (SELECT id FROM cdb.consumer_group WHERE ns = ? AND name = ?),
                 a AS (UPDATE cdb.delivery d SET visible_at = ?
                         FROM %s r, g
                        WHERE d.consumer = g.id AND d.commit_no = r.commit_no AND d.seq = r.seq AND d.visible_at > ?
                       RETURNING 1)
            SELECT count(*) FROM a
            """.formatted(ArrayRows.of("commit_no int8, seq int8"));

    private record Candidate(Event event, int attempts) {
        static Candidate read(ResultSet row) throws SQLException {
            return new Candidate(PostgresEvents.event(row), row.getInt(PostgresEvents.COUNT + 1));
        }
    }

    private GroupChanges() {}

    static MutationResult apply(Snapshot transaction, EventMutation mutation, Step step, Script after)
            throws SQLException {
        return switch (mutation) {
            case EventMutation.CreateGroup create -> create(transaction, create.group(), after);
            case EventMutation.DropGroup drop -> {
                Optional<Groups.Stored> group = find(transaction, drop.group());
                group.ifPresent(found -> DROP.forEach(sql -> after.run(sql, found.id())));
                yield new MutationResult.Removed(group.isPresent() ? 1 : 0);
            }
            case EventMutation.Claim claim -> claim(transaction, claim, step, after);
            case EventMutation.Acknowledge done ->
                counted(
                        transaction,
                        done.group(),
                        SETTLE,
                        commits(done.positions()),
                        sequences(done.positions()),
                        transaction.namespace(),
                        done.group());
            case EventMutation.Release release ->
                counted(
                        transaction,
                        release.group(),
                        RELEASE,
                        transaction.namespace(),
                        release.group(),
                        step.clock(),
                        commits(release.positions()),
                        sequences(release.positions()),
                        step.clock());
            case EventMutation.Trim trim -> EventTrim.apply(transaction, trim, after);
            case EventMutation.Append append -> throw new IllegalStateException("applied in memory");
        };
    }

    private static Many commits(List<EventPosition> positions) {
        return Many.longs(
                positions.stream().distinct().map(EventPosition::commit).toList());
    }

    private static Many sequences(List<EventPosition> positions) {
        return Many.longs(
                positions.stream().distinct().map(EventPosition::sequence).toList());
    }

    private static Optional<Groups.Stored> find(Snapshot transaction, String name) throws SQLException {
        return transaction.first(Groups.FIND, Groups.Stored::read, transaction.namespace(), name);
    }

    private static MutationResult create(Snapshot transaction, ConsumerGroup group, Script after) {
        long commit = group.from().commit();
        long sequence = group.from().sequence();
        after.run(
                CREATE,
                transaction.namespace(),
                group.name(),
                commit,
                sequence,
                commit,
                sequence,
                group.visibility().toMillis(),
                group.maxAttempts());
        return new MutationResult.Done();
    }

    private static MutationResult counted(Snapshot transaction, String group, String sql, Object... bound)
            throws SQLException {
        boolean[] there = {false};
        long[] count = {0};
        transaction.send(new Script()
                .rows(row -> there[0] = true, Groups.FIND, transaction.namespace(), group)
                .rows(row -> count[0] = row.getLong(1), sql, bound));
        if (!there[0]) {
            throw Groups.missing(group);
        }
        return new MutationResult.Removed(count[0]);
    }

    private static MutationResult claim(Snapshot transaction, EventMutation.Claim claim, Step step, Script after)
            throws SQLException {
        Groups.Stored group = find(transaction, claim.group()).orElseThrow(() -> Groups.missing(claim.group()));
        int namespace = transaction.namespace();
        List<Candidate> candidates = new ArrayList<>();
        List<Candidate> fresh = new ArrayList<>();
        transaction.send(new Script()
                .run(HIDDEN_AT_MOST, visibleAt(group, step), group.id(), visibleAt(group, step))
                .run(BURY, group.id(), group.maxAttempts(), step.clock(), namespace)
                .rows(
                        row -> candidates.add(Candidate.read(row)),
                        AGAIN,
                        namespace,
                        group.id(),
                        step.clock(),
                        claim.limit())
                .rows(
                        row -> fresh.add(Candidate.read(row)),
                        NEW,
                        namespace,
                        group.head().commit(),
                        group.head().sequence(),
                        claim.limit()));
        List<Candidate> first = fresh.subList(0, Math.min(fresh.size(), claim.limit() - candidates.size()));
        candidates.addAll(first);
        if (!first.isEmpty()) {
            EventPosition head = first.get(first.size() - 1).event().position();
            after.run(ADVANCE, head.commit(), head.sequence(), group.id());
        }
        return deliver(group, candidates, step, after);
    }

    private static long visibleAt(Groups.Stored group, Step step) {
        return step.clock() + group.visibilityMillis() * 1_000;
    }

    private static MutationResult deliver(Groups.Stored group, List<Candidate> candidates, Step step, Script after) {
        long visibleAt = visibleAt(group, step);
        List<Delivery> deliveries = candidates.stream()
                .map(candidate -> new Delivery(candidate.event(), candidate.attempts() + 1, Columns.instant(visibleAt)))
                .toList();
        if (!deliveries.isEmpty()) {
            List<EventPosition> positions = deliveries.stream()
                    .map(delivery -> delivery.event().position())
                    .toList();
            after.run(
                    DELIVER,
                    group.id(),
                    visibleAt,
                    commits(positions),
                    sequences(positions),
                    Many.ints(deliveries.stream().map(Delivery::attempt).toList()));
        }
        return new MutationResult.Claimed(deliveries);
    }
}
