package io.contextdb.backend.embedded;

import io.contextdb.spi.document.Document;
import io.contextdb.spi.document.DocumentQuery;
import io.contextdb.spi.document.DocumentReader;
import io.contextdb.spi.filter.Filter;
import io.contextdb.spi.value.Page;
import io.contextdb.spi.value.ReadScope;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** Reads of documents (contract D). */
final class EmbeddedDocuments implements DocumentReader {
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
                        .first(DocumentSearch.BY_ID, DocumentSearch::document, snapshot.namespace(), collection, id)
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
        return store.read(scope, snapshot -> {
            List<Document> read = new DocumentSearch(snapshot, query.collection(), query.filter()).byId(after, limit);
            return Page.of(read, limit, last -> Cursor.of("documents", last.id()));
        });
    }

    private Page<Document> sorted(ReadScope scope, DocumentQuery query) {
        String cursor = query.page().cursor();
        int limit = query.page().limit();
        Optional<Document> after =
                cursor.isEmpty() ? Optional.empty() : Optional.of(SortCursor.read(query.sort(), cursor));
        return store.read(scope, snapshot -> {
            List<Document> read =
                    new DocumentSearch(snapshot, query.collection(), query.filter()).sorted(query.sort(), after, limit);
            return Page.of(read, limit, last -> SortCursor.write(query.sort(), last));
        });
    }

    @Override
    public long count(ReadScope scope, String collection, Filter filter) {
        return store.read(scope, snapshot -> {
            if (filter instanceof Filter.Everything) {
                return snapshot.database().number(COUNT, snapshot.namespace(), collection);
            }
            return new DocumentSearch(snapshot, collection, filter).count();
        });
    }

    @Override
    public List<String> collections(ReadScope scope) {
        return store.read(
                scope,
                snapshot -> snapshot.database().list(COLLECTIONS, row -> row.getString(1), snapshot.namespace()));
    }
}
