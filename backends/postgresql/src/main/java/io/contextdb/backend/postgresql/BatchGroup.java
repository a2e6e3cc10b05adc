package io.contextdb.backend.postgresql;

import io.contextdb.backend.postgresql.Script.Many;
import io.contextdb.spi.error.ContextException;
import io.contextdb.spi.error.ErrorCode;
import io.contextdb.spi.error.InvalidRequestException;
import io.contextdb.spi.value.Bytes;
import io.contextdb.spi.value.CommitToken;
import io.contextdb.spi.write.Mutation;
import io.contextdb.spi.write.MutationResult;
import io.contextdb.spi.write.WriteReceipt;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Writes batches of one namespace in one transaction that holds the namespace's row. Two round trips for the usual ones: the
 * first locks, looks for operation ids that were used before and loads all that the batches name; then the batches are applied
 * in memory, those that fail leave nothing; the second writes what came of it and commits. Where a batch needs the server in
 * its middle, what came before is written first. Not thread-safe; used for one transaction.
 */
final class BatchGroup {
    /**
     * Settings of a transaction that writes. What it names is looked up by indexes, however much it is and however small the
     * tables were when its statements were planned; so they are planned once for each connection, and not each time, which
     * takes longer than to run them.
     */
    static final String BY_INDEX =
            local("plan_cache_mode", "force_generic_plan") + ", " + local("enable_seqscan", "off");

    /** What it joins with tables is looked up there row by row, too. */
    private static final String BY_LOOKUP = local("enable_hashjoin", "off") + ", " + local("enable_mergejoin", "off");

    /** A client that dies holding the row must not hold up the namespace for long. */
    private static final String BEGIN =
            "SELECT " + local("idle_in_transaction_session_timeout", "15s") + ", " + BY_INDEX + ", " + BY_LOOKUP;

    private static final String LOCK = "SELECT last_time FROM cdb.namespace WHERE id = ? FOR NO KEY UPDATE";
    /** The clock and the numbers are read once the row is held, so both follow the order of commits. */
    private static final String NUMBERS = "SELECT cdb.clock(), nextval('cdb.commit_number') FROM generate_series(1, ?)";

    private static final String USED =
            "SELECT id, digest, commit_no, committed_at, results FROM cdb.operation WHERE ns = ? AND id = ANY (?)";
    private static final String FLOORS = "SELECT key_floor, document_floor FROM cdb.namespace WHERE id = ?";
    private static final String REMEMBER = """
            INSERT INTO cdb.operation (ns, id, commit_no, committed_at, digest, results, %s)
            SELECT ?, j.id, j.commit_no, j.committed_at, j.digest, j.results, %s
              FROM %s j
            """.formatted(
            JournalDraft.COLUMNS,
            JournalDraft.VALUES,
            ArrayRows.of("id uuid, commit_no int8, committed_at int8, digest bytea, results bytea, points bytea, "
                    + "note bytea"));
    private static final String DONE = "UPDATE cdb.namespace SET last_time = ?, live = TRUE WHERE id = ?";

    private record Used(Bytes digest, long commit, long committedAt, Bytes results) {}

    private record Applied(Waiting waiting, WriteReceipt receipt, JournalDraft entry, long commit, long time) {}

    private final Snapshot transaction;
    private final List<Waiting> group;
    private final UUID process;
    private final Map<UUID, Used> used = new HashMap<>();
    private final List<Long> numbers = new ArrayList<>();
    private final List<Applied> applied = new ArrayList<>();
    private final Map<UUID, Applied> byOperation = new HashMap<>();
    private final Map<Waiting, Object> outcomes = new HashMap<>();
    private final Vetoes vetoes = new Vetoes();
    private ModelChanges changes = new ModelChanges();
    private Script after = new Script();
    private long lastTime;
    private long clock;
    private boolean events;
    private boolean heard;

    BatchGroup(Snapshot transaction, List<Waiting> group, UUID process) {
        this.process = process;
        this.transaction = transaction;
        this.group = group;
    }

    /** Applies the batches and commits; {@code committing} is told before the commit is sent. */
    void write(Runnable committing) throws SQLException {
        int namespace = transaction.namespace();
        Script first = new Script()
                .run(BEGIN)
                .rows(row -> lastTime = row.getLong(1), LOCK, namespace)
                .rows(this::number, NUMBERS, group.size())
                .rows(this::used, USED, namespace, Many.uuids(group, waiting -> waiting.batch.operationId()));
        List<Mutation> together = new ArrayList<>();
        group.forEach(waiting -> together.addAll(waiting.batch.mutations()));
        vetoes.load(
                first,
                group.stream().flatMap(waiting -> waiting.vetoes.stream()).toList(),
                transaction.reach());
        load(first, group.get(0).alone ? upToServer(together, 0) : together);
        transaction.send(first);
        for (int i = 0; i < group.size(); i++) {
            settle(group.get(i), numbers.get(i));
        }
        finish(committing);
    }

    private void number(ResultSet row) throws SQLException {
        clock = row.getLong(1);
        numbers.add(row.getLong(2));
    }

    private void used(ResultSet row) throws SQLException {
        used.put(
                Columns.uuid(row, 1),
                new Used(Bytes.of(row.getBytes(2)), row.getLong(3), row.getLong(4), Bytes.of(row.getBytes(5))));
    }

    private void load(Script script, List<Mutation> mutations) {
        script.rows(row -> changes.floors(row.getLong(1), row.getLong(2)), FLOORS, transaction.namespace());
        changes.load(script, transaction.namespace(), mutations);
    }

    /** Returns the mutations from an index on that are applied in memory, up to the first that is not. */
    private static List<Mutation> upToServer(List<Mutation> mutations, int from) {
        int to = from;
        while (to < mutations.size() && !ServerChanges.does(mutations.get(to))) {
            to++;
        }
        return mutations.subList(from, to);
    }

    private void settle(Waiting waiting, long number) throws SQLException {
        try {
            Optional<WriteReceipt> repeated = repeated(waiting);
            if (repeated.isPresent()) {
                outcomes.put(waiting, repeated.get());
                return;
            }
            vetoes.check(waiting.vetoes);
            long time = Math.max(clock, lastTime + 1);
            JournalDraft entry = new JournalDraft(waiting);
            List<MutationResult> results = results(waiting, number, time, entry);
            WriteReceipt receipt = receipt(waiting.batch.operationId(), results, number, time);
            Applied done = new Applied(waiting, receipt, entry, number, time);
            changes.keep();
            lastTime = time;
            applied.add(done);
            byOperation.put(waiting.batch.operationId(), done);
            outcomes.put(waiting, receipt);
        } catch (ContextException refused) {
            changes.undo();
            outcomes.put(waiting, refused);
            if (waiting.alone) {
                throw refused;
            }
        }
    }

    private Optional<WriteReceipt> repeated(Waiting waiting) throws SQLException {
        UUID id = waiting.batch.operationId();
        Applied earlier = byOperation.get(id);
        if (earlier != null) {
            check(id, earlier.waiting().digest, waiting.digest);
            return Optional.of(earlier.receipt());
        }
        Used before = used.get(id);
        if (before == null) {
            return Optional.empty();
        }
        check(id, before.digest(), waiting.digest);
        return Optional.of(receipt(
                id,
                StoredResults.read(before.results().toArray(), before.commit(), transaction),
                before.commit(),
                before.committedAt()));
    }

    private static void check(UUID id, Bytes first, Bytes digest) {
        if (!first.equals(digest)) {
            throw new InvalidRequestException(
                    ErrorCode.OPERATION_ID_REUSED,
                    "operationId",
                    "was used before for a different batch: " + id + "; make a new id for a new batch");
        }
    }

    private static WriteReceipt receipt(UUID id, List<MutationResult> results, long commit, long time) {
        return new WriteReceipt(id, results, new CommitToken(0, commit, 0), Columns.instant(time));
    }

    private List<MutationResult> results(Waiting waiting, long number, long time, JournalDraft entry)
            throws SQLException {
        List<Mutation> mutations = waiting.batch.mutations();
        List<MutationResult> results = new ArrayList<>(mutations.size());
        boolean loaded = true;
        for (int i = 0; i < mutations.size(); i++) {
            Step step = new Step(i, number, time, clock, entry);
            Mutation mutation = mutations.get(i);
            if (ServerChanges.does(mutation)) {
                writeOut();
                results.add(ServerChanges.apply(transaction, mutation, step, after));
                loaded = false;
                continue;
            }
            if (!loaded) {
                load(after, upToServer(mutations, i));
                sendAfter();
                loaded = true;
            }
            results.add(changes.apply(mutation, step));
        }
        return results;
    }

    /** Writes what the batch has done so far, so that the server sees it. */
    private void writeOut() throws SQLException {
        changes.keep();
        events |= changes.hasEvents();
        changes.flush(after, transaction.namespace());
        changes = new ModelChanges();
        sendAfter();
    }

    private void sendAfter() throws SQLException {
        if (!after.isEmpty()) {
            transaction.send(after);
            after = new Script();
        }
    }

    private void finish(Runnable committing) throws SQLException {
        int namespace = transaction.namespace();
        if (!applied.isEmpty()) {
            events |= changes.hasEvents();
            changes.flush(after, namespace);
            after.run(
                            REMEMBER,
                            namespace,
                            Many.uuids(applied, done -> done.waiting().batch.operationId()),
                            Many.longs(applied, Applied::commit),
                            Many.longs(applied, Applied::time),
                            Many.bytes(applied, done -> done.waiting().digest.toArray()),
                            Many.bytes(
                                    applied,
                                    done -> StoredResults.write(done.receipt().results())),
                            Many.bytes(applied, done -> done.entry().points()),
                            Many.bytes(applied, done -> done.entry().note()))
                    .run(DONE, lastTime, namespace);
        }
        committing.run();
        if (events) {
            after.rows(row -> heard = row.getBoolean(1), "SELECT " + EventNotices.HEARD, process);
        }
        after.run("COMMIT").certain();
        transaction.send(after);
    }

    boolean hasEvents() {
        return events;
    }

    /** Returns whether another process listens for events, if any were committed. */
    boolean isHeard() {
        return heard;
    }

    /** Returns the number of the last commit; 0 if nothing was applied. */
    long lastCommit() {
        return applied.isEmpty() ? 0 : applied.get(applied.size() - 1).commit();
    }

    /** Tells each caller its outcome; for use once the transaction is committed. */
    void acknowledge() {
        outcomes.forEach(BatchGroup::acknowledge);
    }

    private static void acknowledge(Waiting waiting, @Nullable Object outcome) {
        if (outcome instanceof WriteReceipt receipt) {
            waiting.outcome.complete(receipt);
        } else if (outcome instanceof ContextException refused) {
            waiting.outcome.completeExceptionally(refused);
        }
    }

    private static String local(String setting, String value) {
        return "set_config('" + setting + "', '" + value + "', TRUE)";
    }
}
