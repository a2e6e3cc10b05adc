package io.contextdb.backend.postgresql;

import io.contextdb.spi.NamespaceAdmin;
import io.contextdb.spi.NamespaceStatistics;
import io.contextdb.spi.value.Bytes;
import io.contextdb.spi.value.CommitToken;
import io.contextdb.spi.value.Deadline;
import io.contextdb.spi.value.NamespaceName;
import io.contextdb.spi.value.Page;
import io.contextdb.spi.value.PageRequest;
import io.contextdb.spi.value.ReadScope;
import io.contextdb.spi.write.NamespaceDrop;
import java.util.List;

/** Lists, measures and drops namespaces; one is listed from its first commit until it is dropped. */
final class PostgresNamespaces implements NamespaceAdmin {
    private static final String LIST = "SELECT name FROM cdb.namespace WHERE name > ? AND live ORDER BY name LIMIT ?";
    private static final String STATISTICS = """
            WITH n AS (SELECT ?::int4 AS id)
            SELECT (SELECT count(*) FROM cdb.node, n WHERE ns = n.id AND tx_to = 9223372036854775807),
                   (SELECT count(*) FROM cdb.node, n WHERE ns = n.id),
                   (SELECT count(*) FROM cdb.edge, n WHERE ns = n.id AND tx_to = 9223372036854775807),
                   (SELECT count(*) FROM cdb.source, n WHERE ns = n.id),
                   (SELECT count(*) FROM n JOIN cdb.space s ON s.ns = n.id JOIN cdb.point p ON p.space = s.id),
                   (SELECT count(*) FROM n JOIN cdb.entry e ON e.ns = n.id WHERE e.expires_at > cdb.clock()),
                   (SELECT count(*) FROM cdb.event, n WHERE ns = n.id),
                   (SELECT count(*) FROM cdb.document, n WHERE ns = n.id)
            """;
    private final Store store;

    PostgresNamespaces(Store store) {
        this.store = store;
    }

    @Override
    public Page<NamespaceName> list(PageRequest page, Deadline deadline) {
        String after =
                page.cursor().isEmpty() ? "" : Cursor.parse("namespaces", 1, page.cursor(), parts -> parts.get(0));
        return store.connections()
                .read(
                        deadline,
                        connection -> Page.of(
                                store.everywhere(connection, deadline)
                                        .list(LIST, row -> NamespaceName.of(row.getString(1)), after, page.limit() + 1),
                                page.limit(),
                                last -> Cursor.of("namespaces", last)));
    }

    @Override
    public NamespaceStatistics statistics(ReadScope scope) {
        return store.read(
                scope,
                snapshot -> snapshot.first(
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
                                snapshot.namespace())
                        .orElse(NamespaceStatistics.EMPTY));
    }

    @Override
    public CommitToken drop(NamespaceDrop drop, Deadline deadline) {
        return store.drop(drop, Bytes.EMPTY, List.of(), deadline);
    }
}
