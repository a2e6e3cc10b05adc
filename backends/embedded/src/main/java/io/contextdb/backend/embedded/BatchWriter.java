package io.contextdb.backend.embedded;

import io.contextdb.spi.write.DocumentMutation;
import io.contextdb.spi.write.EventMutation;
import io.contextdb.spi.write.GraphMutation;
import io.contextdb.spi.write.KeyMutation;
import io.contextdb.spi.write.Mutation;
import io.contextdb.spi.write.MutationResult;
import io.contextdb.spi.write.VectorMutation;
import io.contextdb.spi.write.WriteBatch;
import io.contextdb.spi.write.WriteReceipt;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Applies a batch within the writer's transaction: each mutation sees what those before it did. */
final class BatchWriter {
    private static final String FIND = "SELECT id, live FROM namespace WHERE name = ?";
    private static final String CREATE = "INSERT INTO namespace (name, live) VALUES (?, 1) RETURNING id";
    private static final String REVIVE = "UPDATE namespace SET live = 1 WHERE id = ?";

    private record Known(long id, boolean live) {}

    private BatchWriter() {}

    static WriteReceipt apply(
            Database database, WriteBatch batch, byte[] digest, long commit, long time, Touched touched)
            throws SQLException {
        long namespace = namespace(database, batch.namespace().value());
        Optional<WriteReceipt> repeated = Operations.repeated(database, namespace, batch, digest);
        if (repeated.isPresent()) {
            return repeated.get();
        }
        BatchTransaction transaction = new BatchTransaction(database, namespace, commit, time, touched);
        List<MutationResult> results = new ArrayList<>(batch.mutations().size());
        for (Mutation mutation : batch.mutations()) {
            transaction.at(results.size());
            results.add(apply(transaction, mutation));
        }
        return Operations.remember(transaction, batch, digest, results);
    }

    private static MutationResult apply(BatchTransaction transaction, Mutation mutation) throws SQLException {
        return switch (mutation) {
            case GraphMutation graph -> GraphWriter.apply(transaction, graph);
            case VectorMutation vector -> PointWriter.apply(transaction, vector);
            case KeyMutation key -> KeyWriter.apply(transaction, key);
            case EventMutation event -> EventWriter.apply(transaction, event);
            case DocumentMutation document -> DocumentWriter.apply(transaction, document);
        };
    }

    private static long namespace(Database database, String name) throws SQLException {
        Optional<Known> known = database.first(FIND, row -> new Known(row.getLong(1), row.getInt(2) == 1), name);
        if (known.isEmpty()) {
            return database.number(CREATE, name);
        }
        if (!known.get().live()) {
            database.update(REVIVE, known.get().id());
        }
        return known.get().id();
    }
}
