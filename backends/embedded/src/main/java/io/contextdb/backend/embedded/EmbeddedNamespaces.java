package io.contextdb.backend.embedded;

import io.contextdb.spi.NamespaceAdmin;
import io.contextdb.spi.NamespaceStatistics;
import io.contextdb.spi.value.CommitToken;
import io.contextdb.spi.value.Deadline;
import io.contextdb.spi.value.NamespaceName;
import io.contextdb.spi.value.Page;
import io.contextdb.spi.value.PageRequest;
import io.contextdb.spi.value.ReadScope;
import io.contextdb.spi.write.NamespaceDrop;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/** Lists, measures and drops namespaces; one is listed from its first commit until it is dropped. */
final class EmbeddedNamespaces implements NamespaceAdmin {
    private static final String LIST = "SELECT name FROM namespace WHERE name > ? AND live = 1 ORDER BY name LIMIT ?";
    private static final String ID = "SELECT id, live FROM namespace WHERE name = ?";
    private static final String STATISTICS = """
            SELECT (SELECT count(*) FROM node WHERE ns = ?1),
                   (SELECT coalesce(sum(version), 0) FROM node WHERE ns = ?1),
                   (SELECT count(*) FROM edge WHERE ns = ?1),
                   (SELECT count(*) FROM source WHERE ns = ?1),
                   (SELECT count(*) FROM space s JOIN point p ON p.space = s.id WHERE s.ns = ?1),
                   (SELECT count(*) FROM entry WHERE ns = ?1 AND expires_at > ?2),
                   (SELECT count(*) FROM event WHERE ns = ?1),
                   (SELECT count(*) FROM document WHERE ns = ?1)
            """;
    private static final List<String> DROP = List.of(
            "DELETE FROM node_past WHERE node IN (SELECT key FROM node WHERE ns = ?)",
            "DELETE FROM edge_past WHERE ns = ?",
            "DELETE FROM edge WHERE ns = ?",
            "DELETE FROM node WHERE ns = ?",
            "DELETE FROM source WHERE ns = ?",
            "DELETE FROM entry WHERE ns = ?",
            "DELETE FROM permit WHERE limiter IN (SELECT id FROM limiter WHERE ns = ?)",
            "DELETE FROM limiter WHERE ns = ?",
            "DELETE FROM delivery WHERE consumer IN (SELECT id FROM consumer_group WHERE ns = ?)",
            "DELETE FROM dead_letter WHERE consumer IN (SELECT id FROM consumer_group WHERE ns = ?)",
            "DELETE FROM consumer_group WHERE ns = ?",
            "DELETE FROM event WHERE ns = ?",
            "DELETE FROM document WHERE ns = ?",
            "DELETE FROM document_value WHERE path IN (SELECT id FROM document_path WHERE ns = ?)",
            "DELETE FROM document_path WHERE ns = ?",
            "UPDATE namespace SET live = 0 WHERE id = ?");
    /** What outlives the namespace: versions of keys and documents, and for a while the ids that were erased (contract G8, N6). */
    private static final String RAISE = """
            UPDATE namespace
               SET key_floor = max(key_floor, coalesce((SELECT max(version) FROM entry WHERE ns = ?1), 0)),
                   document_floor = max(document_floor, coalesce((SELECT max(version) FROM document WHERE ns = ?1), 0))
             WHERE id = ?1
            """;

    private static final String KEEP_ERASED =
            "UPDATE erased SET kept_until = ? WHERE ns = ? AND kept_until = 9223372036854775807";

    private final Store store;

    EmbeddedNamespaces(Store store) {
        this.store = store;
    }

    @Override
    public Page<NamespaceName> list(PageRequest page, Deadline deadline) {
        String after =
                page.cursor().isEmpty() ? "" : Cursor.parse("namespaces", 1, page.cursor(), parts -> parts.get(0));
        return store.read(
                deadline,
                database -> Page.of(
                        database.list(LIST, row -> NamespaceName.of(row.getString(1)), after, page.limit() + 1),
                        page.limit(),
                        last -> Cursor.of("namespaces", last)));
    }

    @Override
    public NamespaceStatistics statistics(ReadScope scope) {
        return store.read(
                scope,
                snapshot -> snapshot.database()
                        .first(
                                STATISTICS,
                                row -> new NamespaceStatistics(
                                        row.getLong(1),
                                        row.getLong(2),
                                        row.getLong(3),
                                        row.getLong(4),
                                        row.getLong(5),
                                        row.getLong(6),
                                        row.getLong(7),
                                        row.getLong(8)),
                                snapshot.namespace(),
                                snapshot.now())
                        .orElse(NamespaceStatistics.EMPTY));
    }

    @Override
    public CommitToken drop(NamespaceDrop drop, Deadline deadline) {
        return store.write(
                (database, commit, time, touched) -> drop(database, drop, commit, time, touched), 0, deadline);
    }

    /** Operation ids stay: they are numbers, ids and positions, and go with time as all others do. */
    private static CommitToken drop(Database database, NamespaceDrop drop, long commit, long time, Touched touched)
            throws SQLException {
        record Known(long id, boolean live) {}
        Known known = database.first(
                        ID,
                        row -> new Known(row.getLong(1), row.getInt(2) == 1),
                        drop.namespace().value())
                .orElse(new Known(0, false));
        Optional<CommitToken> before = Operations.repeated(database, known.id(), drop);
        if (before.isPresent() || !known.live()) {
            return before.orElse(CommitToken.NONE);
        }
        BatchTransaction transaction = new BatchTransaction(database, known.id(), commit, time, touched);
        for (IndexedSpace space : IndexedSpace.all(database, known.id())) {
            PointWriter.drop(transaction, space);
        }
        database.update(RAISE, known.id());
        database.update(KEEP_ERASED, time + StoreUpkeep.REMEMBERED, known.id());
        for (String delete : DROP) {
            database.update(delete, known.id());
        }
        touched.everything();
        return Operations.remember(transaction, drop);
    }
}
