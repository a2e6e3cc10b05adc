package io.contextdb.backend.postgresql;

import io.contextdb.spi.error.ErrorCode;
import io.contextdb.spi.error.InvalidRequestException;
import io.contextdb.spi.journal.Veto;
import io.contextdb.spi.value.Bytes;
import io.contextdb.spi.value.CommitToken;
import io.contextdb.spi.write.NamespaceDrop;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Removes all that a namespace holds, in one transaction that holds its row, and remembers that. Operations stay: they are numbers,
 * ids and positions, and nothing that is repeated may bring the namespace back. Versions of later keys and documents begin above
 * those that were there. Not thread-safe; used for one transaction.
 */
final class Dropping {
    private static final String LOCK = "SELECT live FROM cdb.namespace WHERE id = ? FOR NO KEY UPDATE";
    private static final String NUMBERS = """
            SELECT greatest(last_time + 1, cdb.clock()), nextval('cdb.commit_number') FROM cdb.namespace WHERE id = ?
            """;
    private static final String USED = "SELECT digest, commit_no FROM cdb.operation WHERE ns = ? AND id = ?";

    private static final String KEEP_ERASED =
            "UPDATE cdb.erased SET kept_until = ? WHERE ns = ? AND kept_until = 9223372036854775807";
    private static final String RAISE = """
            UPDATE cdb.namespace n
               SET live = FALSE, last_time = ?,
                   key_floor = greatest(n.key_floor, (SELECT max(version) FROM cdb.entry e WHERE e.ns = n.id)),
                   document_floor = greatest(n.document_floor, (SELECT max(version) FROM cdb.document d WHERE d.ns = n.id))
             WHERE n.id = ?
            """;
    private static final List<String> DELETE = List.of(
            "DELETE FROM cdb.node WHERE ns = ?",
            "DELETE FROM cdb.edge WHERE ns = ?",
            "DELETE FROM cdb.source WHERE ns = ?",
            "DELETE FROM cdb.posting WHERE space IN (SELECT id FROM cdb.space WHERE ns = ?)",
            "DELETE FROM cdb.point WHERE space IN (SELECT id FROM cdb.space WHERE ns = ?)",
            "DELETE FROM cdb.space WHERE ns = ?",
            "DELETE FROM cdb.entry WHERE ns = ?",
            "DELETE FROM cdb.permit WHERE limiter IN (SELECT id FROM cdb.limiter WHERE ns = ?)",
            "DELETE FROM cdb.limiter WHERE ns = ?",
            "DELETE FROM cdb.delivery WHERE consumer IN (SELECT id FROM cdb.consumer_group WHERE ns = ?)",
            "DELETE FROM cdb.dead_letter WHERE consumer IN (SELECT id FROM cdb.consumer_group WHERE ns = ?)",
            "DELETE FROM cdb.consumer_group WHERE ns = ?",
            "DELETE FROM cdb.event WHERE ns = ?",
            "DELETE FROM cdb.document WHERE ns = ?",
            "DELETE FROM cdb.document_path WHERE ns = ?");
    /** Notes are content of batches; whoever drops by way of the journal has them still to give to others. */
    private static final String EMPTY_NOTES = "UPDATE cdb.operation SET note = NULL WHERE ns = ? AND note IS NOT NULL";

    private static final String REMEMBER = """
            INSERT INTO cdb.operation (ns, id, commit_no, committed_at, digest, results, %s)
            SELECT ?, ?, ?, ?, ?, ?, %s FROM (SELECT ''::bytea, ?::bytea) j(points, note)
            """.formatted(JournalDraft.COLUMNS, JournalDraft.VALUES);

    private record Used(Bytes digest, long commit) {}

    private final Snapshot transaction;
    private final NamespaceDrop drop;
    private boolean live;
    private @Nullable Used used;
    private long time;
    private long commit;

    Dropping(Snapshot transaction, NamespaceDrop drop) {
        this.transaction = transaction;
        this.drop = drop;
    }

    /**
     * Removes and commits.
     *
     * @param vetoes what must not be there
     * @param note what the journal keeps of it; where it is empty, a namespace that is not there is left alone
     * @param committing told before anything is committed
     */
    CommitToken write(Bytes note, List<Veto> vetoes, Runnable committing) throws SQLException {
        int namespace = transaction.namespace();
        Script first = new Script()
                .rows(row -> live = row.getBoolean(1), LOCK, namespace)
                .rows(this::numbers, NUMBERS, namespace)
                .rows(
                        row -> used = new Used(Bytes.of(row.getBytes(1)), row.getLong(2)),
                        USED,
                        namespace,
                        drop.operationId());
        Vetoes kept = new Vetoes();
        kept.load(first, vetoes, transaction.reach());
        transaction.send(first);
        Used before = used;
        boolean nothing = !live && note.size() == 0;
        if (before != null || nothing) {
            transaction.send(new Script().run("COMMIT"));
            return before == null ? CommitToken.NONE : repeated(before);
        }
        kept.check(vetoes);
        Script script = new Script().run(RAISE, time, namespace).run(KEEP_ERASED, time + Removal.REMEMBERED, namespace);
        DELETE.forEach(sql -> script.run(sql, namespace));
        if (note.size() == 0) {
            script.run(EMPTY_NOTES, namespace);
        }
        script.run(
                        REMEMBER,
                        namespace,
                        drop.operationId(),
                        commit,
                        time,
                        drop.digest().toArray(),
                        StoredResults.write(List.of()),
                        note.toArray())
                .run("COMMIT")
                .certain();
        committing.run();
        transaction.send(script);
        return new CommitToken(0, commit, 0);
    }

    private void numbers(ResultSet row) throws SQLException {
        time = row.getLong(1);
        commit = row.getLong(2);
    }

    private CommitToken repeated(Used before) {
        if (!before.digest().equals(drop.digest())) {
            throw new InvalidRequestException(
                    ErrorCode.OPERATION_ID_REUSED,
                    "operationId",
                    "was used before for a batch: " + drop.operationId() + "; make a new id for a drop");
        }
        return new CommitToken(0, before.commit(), 0);
    }
}
