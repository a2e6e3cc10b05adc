package io.contextdb.backend.embedded;

import io.contextdb.spi.NamespaceAdmin;
import io.contextdb.spi.NamespaceStatistics;
import io.contextdb.spi.value.Deadline;
import io.contextdb.spi.value.NamespaceName;
import io.contextdb.spi.value.Page;
import io.contextdb.spi.value.PageRequest;
import io.contextdb.spi.value.ReadScope;
import java.sql.SQLException;
import java.util.List;

/** Lists, measures and drops namespaces; one is listed from its first commit until it is dropped. */
final class EmbeddedNamespaces implements NamespaceAdmin {
    private static final String LIST = "SELECT name FROM namespace WHERE name > ? AND live = 1 ORDER BY name LIMIT ?";
    private static final String ID = "SELECT id FROM namespace WHERE name = ?";
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
            "DELETE FROM erased WHERE ns = ?",
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
            "DELETE FROM operation WHERE ns = ?",
            "UPDATE namespace SET live = 0, key_floor = 0, document_floor = 0 WHERE id = ?");

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
    public void drop(NamespaceName namespace, Deadline deadline) {
        store.write(
                (database, commit, time, touched) -> {
                    drop(database, namespace, commit, time, touched);
                    return commit;
                },
                0,
                deadline);
    }

    private static void drop(Database database, NamespaceName name, long commit, long time, Touched touched)
            throws SQLException {
        long id = database.number(ID, name.value());
        if (id == 0) {
            return;
        }
        BatchTransaction transaction = new BatchTransaction(database, id, commit, time, touched);
        for (IndexedSpace space : IndexedSpace.all(database, id)) {
            PointWriter.drop(transaction, space);
        }
        for (String delete : DROP) {
            database.update(delete, id);
        }
        touched.everything();
    }
}
