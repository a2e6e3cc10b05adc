package io.contextdb.backend.postgresql;

import io.contextdb.spi.event.EventPosition;
import io.contextdb.spi.value.CommitToken;
import io.contextdb.spi.write.EventMutation;
import io.contextdb.spi.write.GraphMutation;
import io.contextdb.spi.write.Mutation;
import io.contextdb.spi.write.MutationResult;
import io.contextdb.spi.write.VectorMutation;
import io.contextdb.spi.write.WriteReceipt;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * A batch that only adds: nodes, edges and points with ids that the store has not, and events. It expects that all is new, and
 * that the edges' ends are there. Not thread-safe.
 */
final class Additions implements OneStatement {
    private static final String REMEMBER =
            """
            , o AS (INSERT INTO cdb.operation (ns, id, commit_no, committed_at, digest, results, JOURNAL)
              SELECT ?, ?, c.no, c.now, ?, ?, VALUES FROM c, (SELECT ?::bytea, ?::bytea) j(points, note))
            SELECT no, now
            """.replace("JOURNAL", JournalDraft.COLUMNS).replace("VALUES", JournalDraft.VALUES);

    private final Waiting waiting;
    private final JournalDraft entry;
    private final AddedGraph graph = new AddedGraph();
    private final AddedPoints points;
    private final AddedEvents events = new AddedEvents();
    /** Results as they are if all is new; positions of events are of commit 0, which none is. */
    private final List<MutationResult> results = new ArrayList<>();

    private final UUID process;
    private boolean heard;

    private Additions(Waiting waiting, Map<String, Space> spaces, UUID process) {
        this.waiting = waiting;
        this.process = process;
        this.entry = new JournalDraft(waiting);
        this.points = new AddedPoints(spaces, entry);
    }

    /** Returns the names of the vector spaces that points of a batch are put into. */
    static Set<String> spaces(Waiting waiting) {
        Set<String> names = new LinkedHashSet<>();
        for (Mutation mutation : waiting.mutations()) {
            if (mutation instanceof VectorMutation.PutPoint put) {
                names.add(put.space());
            }
        }
        return names;
    }

    /**
     * Returns the batch as additions; empty if it does more than add.
     *
     * @param spaces the vector spaces that it names, as far as they are known
     * @param process the id by which this store listens for events
     */
    static Optional<Additions> of(Waiting waiting, Map<String, Space> spaces, UUID process) {
        Additions additions = new Additions(waiting, spaces, process);
        for (Mutation mutation : waiting.mutations()) {
            Optional<MutationResult> result = additions.take(mutation);
            if (result.isEmpty()) {
                return Optional.empty();
            }
            additions.results.add(result.get());
        }
        return Optional.of(additions);
    }

    private Optional<MutationResult> take(Mutation mutation) {
        return switch (mutation) {
            case GraphMutation change -> graph.take(change);
            case VectorMutation change -> points.take(change);
            case EventMutation change ->
                events.take(change, results.size())
                        ? Optional.of(new MutationResult.Appended(new EventPosition(0, results.size())))
                        : Optional.empty();
            default -> Optional.empty();
        };
    }

    @Override
    public boolean hasEvents() {
        return !events.isEmpty();
    }

    @Override
    public boolean isHeard() {
        return heard;
    }

    @Override
    public Optional<WriteReceipt> write(Snapshot snapshot) throws SQLException {
        int namespace = snapshot.namespace();
        Parts conditions = new Parts();
        Parts inserts = new Parts();
        graph.addTo(namespace, conditions, inserts);
        points.addTo(namespace, conditions, inserts);
        events.addTo(namespace, inserts);
        Parts statement = new Parts()
                .add("WITH ")
                .add(COMMIT, namespace, namespace, waiting.batch.operationId())
                .add(conditions)
                .add(")")
                .add(inserts)
                .add(
                        REMEMBER,
                        namespace,
                        waiting.batch.operationId(),
                        waiting.digest.toArray(),
                        StoredResults.write(results),
                        entry.points(),
                        entry.note());
        if (hasEvents()) {
            statement.add(", " + EventNotices.HEARD, process);
        } else {
            statement.add(", FALSE");
        }
        statement.add(" FROM c");
        List<WriteReceipt> receipt = new ArrayList<>();
        Script script = new Script()
                .run(LOCK, namespace)
                .rows(
                        row -> {
                            receipt.add(receipt(row.getLong(1), row.getLong(2)));
                            heard = row.getBoolean(3);
                        },
                        statement)
                .certain();
        snapshot.send(script);
        return receipt.stream().findFirst();
    }

    private WriteReceipt receipt(long commit, long time) {
        return new WriteReceipt(
                waiting.batch.operationId(),
                StoredResults.at(commit, results),
                new CommitToken(0, commit, 0),
                Columns.instant(time));
    }
}
