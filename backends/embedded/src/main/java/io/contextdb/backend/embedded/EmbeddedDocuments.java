package io.contextdb.backend.embedded;

import io.contextdb.spi.document.Document;
import io.contextdb.spi.document.DocumentQuery;
import io.contextdb.spi.document.DocumentReader;
import io.contextdb.spi.document.SortKey;
import io.contextdb.spi.filter.Filter;
import io.contextdb.spi.value.Page;
import io.contextdb.spi.value.ReadScope;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;

/** Reads of documents (contract D). Sorted finds keep the best page in a heap while they stream the collection. */
final class EmbeddedDocuments implements DocumentReader {
    private static final String COLUMNS = "SELECT id, body, subject, version, updated_at FROM document ";
    private static final String BY_ID = COLUMNS + "WHERE ns = ? AND collection = ? AND id = ?";
    private static final String AFTER = COLUMNS + "WHERE ns = ? AND collection = ? AND id > ? ORDER BY id";
    private static final String COUNT = "SELECT count(*) FROM document WHERE ns = ? AND collection = ?";
    /** Jumps from one collection to the next instead of reading all documents. */
    private static final String COLLECTIONS = """
            WITH RECURSIVE c(name) AS (
                SELECT min(collection) FROM document WHERE ns = ?1
                 UNION ALL
                SELECT (SELECT min(collection) FROM document WHERE ns = ?1 AND collection > c.name)
                  FROM c WHERE c.name IS NOT NULL)
            SELECT name FROM c WHERE name IS NOT NULL
            """;

    private final Store store;

    EmbeddedDocuments(Store store) {
        this.store = store;
    }

    @Override
    public List<Document> get(ReadScope scope, String collection, Collection<String> ids) {
        List<String> asked = Asked.of("documents.ids", ids);
        return store.read(scope, snapshot -> {
            List<Document> documents = new ArrayList<>(asked.size());
            for (String id : asked) {
                snapshot.database()
                        .first(BY_ID, EmbeddedDocuments::document, snapshot.namespace(), collection, id)
                        .ifPresent(documents::add);
            }
            return List.copyOf(documents);
        });
    }

    @Override
    public Page<Document> find(ReadScope scope, DocumentQuery query) {
        return query.sort().isEmpty() ? byId(scope, query) : sorted(scope, query);
    }

    private Page<Document> byId(ReadScope scope, DocumentQuery query) {
        String cursor = query.page().cursor();
        String after = cursor.isEmpty() ? "" : Cursor.parse("documents", 1, cursor, parts -> parts.get(0));
        int limit = query.page().limit();
        List<Document> read = new ArrayList<>();
        return store.read(scope, snapshot -> {
            matching(snapshot, query.collection(), after, query.filter(), document -> {
                read.add(document);
                return read.size() <= limit;
            });
            return Page.of(read, limit, last -> Cursor.of("documents", last.id()));
        });
    }

    private Page<Document> sorted(ReadScope scope, DocumentQuery query) {
        String cursor = query.page().cursor();
        int limit = query.page().limit();
        Comparator<Document> order = SortKey.order(query.sort());
        List<Document> after = cursor.isEmpty() ? List.of() : List.of(SortCursor.read(query.sort(), cursor));
        PriorityQueue<Document> best = new PriorityQueue<>(order.reversed());
        return store.read(scope, snapshot -> {
            matching(snapshot, query.collection(), "", query.filter(), document -> {
                if (after.isEmpty() || order.compare(document, after.get(0)) > 0) {
                    best.add(document);
                    if (best.size() > limit + 1) {
                        best.remove();
                    }
                }
                return true;
            });
            List<Document> read = new ArrayList<>(best);
            read.sort(order);
            return Page.of(read, limit, last -> SortCursor.write(query.sort(), last));
        });
    }

    @Override
    public long count(ReadScope scope, String collection, Filter filter) {
        return store.read(scope, snapshot -> {
            if (filter instanceof Filter.Everything) {
                return snapshot.database().number(COUNT, snapshot.namespace(), collection);
            }
            long[] count = {0};
            matching(snapshot, collection, "", filter, document -> {
                count[0]++;
                return true;
            });
            return count[0];
        });
    }

    @Override
    public List<String> collections(ReadScope scope) {
        return store.read(
                scope,
                snapshot -> snapshot.database().list(COLLECTIONS, row -> row.getString(1), snapshot.namespace()));
    }

    private interface Each {
        boolean take(Document document);
    }

    private static void matching(Snapshot snapshot, String collection, String after, Filter filter, Each each)
            throws SQLException {
        snapshot.database()
                .each(
                        AFTER,
                        row -> {
                            Document document = document(row);
                            return !filter.matches(document) || each.take(document);
                        },
                        snapshot.namespace(),
                        collection,
                        after);
    }

    private static Document document(ResultSet row) throws SQLException {
        return new Document(
                row.getString(1),
                Columns.properties(row, 2),
                row.getString(3),
                row.getLong(4),
                Columns.instant(row.getLong(5)));
    }
}
