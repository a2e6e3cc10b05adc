package io.contextdb.backend.postgresql;

import io.contextdb.backend.postgresql.Script.Many;
import io.contextdb.spi.value.CommitToken;
import io.contextdb.spi.write.Condition;
import io.contextdb.spi.write.KeyMutation.PutKey;
import io.contextdb.spi.write.Mutation;
import io.contextdb.spi.write.MutationResult;
import io.contextdb.spi.write.WriteReceipt;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** A batch that puts keys, each once, whatever they held; versions are given as {@link KeyChanges} gives them. Immutable. */
final class KeyPuts implements OneStatement {
    private static final String PUT = """
            , k AS (INSERT INTO cdb.entry AS e (ns, key, version, expires_at, subject, value)
              SELECT ?, r.key, 1 + c.key_floor,
                     CASE WHEN r.ttl IS NULL THEN 9223372036854775807 ELSE (c.now / 1000 + r.ttl) * 1000 END, r.subject, r.value
                FROM c, %s r
              ON CONFLICT (ns, key) DO UPDATE SET version = e.version + 1, expires_at = excluded.expires_at,
                                                  subject = excluded.subject, value = excluded.value
              RETURNING e.key, e.version)
            , w AS MATERIALIZED (
              SELECT array_agg(k.version ORDER BY r.place) AS versions, string_agg(%s, ''::bytea ORDER BY r.place) AS results
                FROM (SELECT unnest(?::text[]) AS key, generate_series(1, ?) AS place) r JOIN k ON k.key = r.key)
            , o AS (INSERT INTO cdb.operation (ns, id, commit_no, committed_at, digest, results, %s)
              SELECT ?, ?, c.no, c.now, ?, int4send(?) || w.results, %s
                FROM c, w, (SELECT ''::bytea, ?::bytea) j(points, note))
            SELECT c.no, c.now, w.versions FROM c, w
            """.formatted(
                    ArrayRows.of("key text, ttl int8, subject text, value bytea"),
                    StoredResults.written("k.version"),
                    JournalDraft.COLUMNS,
                    JournalDraft.VALUES);

    private final Waiting waiting;
    private final List<PutKey> puts;

    private KeyPuts(Waiting waiting, List<PutKey> puts) {
        this.waiting = waiting;
        this.puts = puts;
    }

    /** Returns the batch as puts of keys; empty if it is more than that. */
    static Optional<KeyPuts> of(Waiting waiting) {
        List<PutKey> puts = new ArrayList<>();
        Set<String> keys = new HashSet<>();
        for (Mutation mutation : waiting.mutations()) {
            if (!(mutation instanceof PutKey put)
                    || put.condition().kind() != Condition.Kind.ALWAYS
                    || !keys.add(put.key())) {
                return Optional.empty();
            }
            puts.add(put);
        }
        return Optional.of(new KeyPuts(waiting, List.copyOf(puts)));
    }

    @Override
    public boolean hasEvents() {
        return false;
    }

    @Override
    public boolean isHeard() {
        return false;
    }

    @Override
    public Optional<WriteReceipt> write(Snapshot snapshot) throws SQLException {
        int namespace = snapshot.namespace();
        Many keys = Many.texts(puts, PutKey::key);
        Parts statement = new Parts()
                .add("WITH ")
                .add(COMMIT, namespace, namespace, waiting.batch.operationId())
                .add(")")
                .add(
                        PUT,
                        namespace,
                        keys,
                        Many.nullableLongs(
                                puts,
                                put -> put.ttl().map(ttl -> ttl.toMillis()).orElse(null)),
                        Many.texts(puts, PutKey::subject),
                        Many.bytes(puts, put -> put.value().toArray()),
                        keys,
                        puts.size(),
                        namespace,
                        waiting.batch.operationId(),
                        waiting.digest.toArray(),
                        puts.size(),
                        new JournalDraft(waiting).note());
        List<WriteReceipt> receipt = new ArrayList<>();
        snapshot.send(new Script()
                .run(LOCK, namespace)
                .rows(
                        row -> receipt.add(receipt(row.getLong(1), row.getLong(2), (Long[])
                                row.getArray(3).getArray())),
                        statement)
                .certain());
        return receipt.stream().findFirst();
    }

    private WriteReceipt receipt(long commit, long time, Long[] versions) {
        List<MutationResult> results = new ArrayList<>(versions.length);
        for (long version : versions) {
            results.add(new MutationResult.Written(version));
        }
        return new WriteReceipt(
                waiting.batch.operationId(), results, new CommitToken(0, commit, 0), Columns.instant(time));
    }
}
