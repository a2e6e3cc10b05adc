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
    private static final String FIND = "SELECT n.id, n.live, " + Operations.Earlier.COLUMNS + """
              FROM namespace n LEFT JOIN operation o ON o.ns = n.id AND o.id = ?2 WHERE n.name = ?1
            """;
    private static final String CREATE = "INSERT INTO namespace (name, live) VALUES (?, 1) RETURNING id";
    private static final String REVIVE = "UPDATE namespace SET live = 1 WHERE id = ?";

    private record Known(long namespace, boolean live, Optional<Operations.Earlier> earlier) {}

    private BatchWriter() {}

    static WriteReceipt apply(
            Database database, WriteBatch batch, byte[] digest, long commit, long time, Touched touched)
            throws SQLException {
        Known known = known(database, batch);
        if (known.earlier().isPresent()) {
            return Operations.repeated(
                    database, known.namespace(), batch, digest, known.earlier().get());
        }
        long namespace = living(database, known, batch);
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

    private static Known known(Database database, WriteBatch batch) throws SQLException {
        String name = batch.namespace().value();
        Optional<Known> known = database.first(
                FIND,
                row -> new Known(row.getLong(1), row.getInt(2) == 1, Operations.Earlier.read(row, 3)),
                name,
                Columns.of(batch.operationId()));
        return known.orElse(new Known(0, false, Optional.empty()));
    }

    /** Lets the namespace be there, as something new is written to it; a repeat does not bring back one that was dropped. */
    private static long living(Database database, Known known, WriteBatch batch) throws SQLException {
        if (known.namespace() == 0) {
            return database.number(CREATE, batch.namespace().value());
        }
        if (!known.live()) {
            database.update(REVIVE, known.namespace());
        }
        return known.namespace();
    }
}
