package io.contextdb.backend.embedded;

import io.contextdb.spi.error.ErrorCode;
import io.contextdb.spi.error.InvalidRequestException;
import io.contextdb.spi.value.Bytes;
import io.contextdb.spi.value.CommitToken;
import io.contextdb.spi.write.MutationResult;
import io.contextdb.spi.write.NamespaceDrop;
import io.contextdb.spi.write.WriteBatch;
import io.contextdb.spi.write.WriteReceipt;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** The memory of applied batches: a repeat gets the first receipt, another batch under the same id is refused (G6). */
final class Operations {
    private static final String REMEMBER =
            "INSERT INTO operation (commit_no, ns, id, digest, committed_at, results) VALUES (?, ?, ?, ?, ?, ?)";

    private static final String FIND = "SELECT " + Earlier.COLUMNS + " FROM operation o WHERE o.ns = ? AND o.id = ?";

    /** A batch that was applied before, as its row tells. */
    record Earlier(Bytes digest, long commit, long committedAt, Bytes results) {
        static final String COLUMNS = "o.digest, o.commit_no, o.committed_at, o.results";

        /** Reads the columns from the given one on; empty if there is no row. */
        static Optional<Earlier> read(ResultSet row, int column) throws SQLException {
            byte[] digest = row.getBytes(column);
            return digest == null
                    ? Optional.empty()
                    : Optional.of(new Earlier(
                            Bytes.of(digest),
                            row.getLong(column + 1),
                            row.getLong(column + 2),
                            Bytes.of(row.getBytes(column + 3))));
        }
    }

    private Operations() {}

    /** Returns the receipt that the batch got the first time. */
    static WriteReceipt repeated(Database database, long namespace, WriteBatch batch, byte[] digest, Earlier earlier)
            throws SQLException {
        check(batch.operationId(), digest, earlier);
        return receipt(
                batch.operationId(),
                StoredResults.read(earlier.results().toArray(), database, namespace),
                earlier.commit(),
                earlier.committedAt());
    }

    private static void check(UUID id, byte[] digest, Earlier earlier) {
        if (!earlier.digest().equals(Bytes.of(digest))) {
            throw new InvalidRequestException(
                    ErrorCode.OPERATION_ID_REUSED,
                    "operationId",
                    "was used before for a different batch: " + id + "; make a new id for a new batch");
        }
    }

    /** Returns the token that a removal of the namespace got the first time; empty if it was not done yet. */
    static Optional<CommitToken> repeated(Database database, long namespace, NamespaceDrop drop) throws SQLException {
        Optional<Earlier> earlier = database.first(
                FIND, row -> Earlier.read(row, 1).orElseThrow(), namespace, Columns.of(drop.operationId()));
        earlier.ifPresent(first -> check(drop.operationId(), drop.digest().toArray(), first));
        return earlier.map(first -> new CommitToken(0, first.commit(), 0));
    }

    static CommitToken remember(BatchTransaction transaction, NamespaceDrop drop) throws SQLException {
        byte[] digest = drop.digest().toArray();
        remember(transaction, drop.operationId(), digest, List.of());
        return new CommitToken(0, transaction.commit(), 0);
    }

    static WriteReceipt remember(
            BatchTransaction transaction, WriteBatch batch, byte[] digest, List<MutationResult> results)
            throws SQLException {
        remember(transaction, batch.operationId(), digest, results);
        return receipt(batch.operationId(), results, transaction.commit(), transaction.time());
    }

    private static void remember(BatchTransaction transaction, UUID id, byte[] digest, List<MutationResult> results)
            throws SQLException {
        transaction
                .database()
                .update(
                        REMEMBER,
                        transaction.commit(),
                        transaction.namespace(),
                        Columns.of(id),
                        digest,
                        transaction.time(),
                        StoredResults.write(results));
    }

    private static WriteReceipt receipt(UUID id, List<MutationResult> results, long commit, long time) {
        return new WriteReceipt(id, results, new CommitToken(0, commit, 0), Columns.instant(time));
    }
}
