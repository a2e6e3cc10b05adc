package io.contextdb.backend.embedded;

import io.contextdb.spi.error.ErrorCode;
import io.contextdb.spi.error.InvalidRequestException;
import io.contextdb.spi.value.Bytes;
import io.contextdb.spi.value.CommitToken;
import io.contextdb.spi.write.MutationResult;
import io.contextdb.spi.write.WriteBatch;
import io.contextdb.spi.write.WriteReceipt;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** The memory of applied batches: a repeat gets the first receipt, another batch under the same id is refused (G6). */
final class Operations {
    private static final String FIND =
            "SELECT digest, commit_no, committed_at, results FROM operation WHERE ns = ? AND id = ?";
    private static final String REMEMBER =
            "INSERT INTO operation (commit_no, ns, id, digest, committed_at, results) VALUES (?, ?, ?, ?, ?, ?)";

    private record Stored(Bytes digest, long commit, long committedAt, Bytes results) {}

    private Operations() {}

    static Optional<WriteReceipt> repeated(Database database, long namespace, WriteBatch batch, byte[] digest)
            throws SQLException {
        Optional<Stored> stored = database.first(
                FIND,
                row -> new Stored(Bytes.of(row.getBytes(1)), row.getLong(2), row.getLong(3), Bytes.of(row.getBytes(4))),
                namespace,
                Columns.of(batch.operationId()));
        if (stored.isEmpty()) {
            return Optional.empty();
        }
        Stored first = stored.get();
        if (!first.digest().equals(Bytes.of(digest))) {
            throw new InvalidRequestException(
                    ErrorCode.OPERATION_ID_REUSED,
                    "operationId",
                    "was used before for a different batch: " + batch.operationId()
                            + "; make a new id for a new batch");
        }
        return Optional.of(receipt(
                batch.operationId(),
                StoredResults.read(first.results().toArray(), database, namespace),
                first.commit(),
                first.committedAt()));
    }

    static WriteReceipt remember(
            BatchTransaction transaction, WriteBatch batch, byte[] digest, List<MutationResult> results)
            throws SQLException {
        transaction
                .database()
                .update(
                        REMEMBER,
                        transaction.commit(),
                        transaction.namespace(),
                        Columns.of(batch.operationId()),
                        digest,
                        transaction.time(),
                        StoredResults.write(results));
        return receipt(batch.operationId(), results, transaction.commit(), transaction.time());
    }

    private static WriteReceipt receipt(UUID id, List<MutationResult> results, long commit, long time) {
        return new WriteReceipt(id, results, new CommitToken(0, commit, 0), Columns.instant(time));
    }
}
