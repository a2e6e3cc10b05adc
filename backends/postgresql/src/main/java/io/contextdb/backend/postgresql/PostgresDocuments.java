package io.contextdb.backend.postgresql;

import io.contextdb.backend.postgresql.Script.Many;
import io.contextdb.spi.document.Document;
import io.contextdb.spi.document.DocumentQuery;
import io.contextdb.spi.document.DocumentReader;
import io.contextdb.spi.filter.Field;
import io.contextdb.spi.filter.Filter;
import io.contextdb.spi.value.Page;
import io.contextdb.spi.value.ReadScope;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/** Reads of documents (contract D). Filters and sorts run in the server. */
final class PostgresDocuments implements DocumentReader {
    private static final Map<Field.Kind, String> COLUMN_OF =
            Map.of(Field.Kind.ID, "d.id", Field.Kind.PROPERTY, "d.body", Field.Kind.SUBJECT, "d.subject");
    private static final String SELECT = "SELECT d.id, d.body, d.subject, d.version, d.updated_at FROM cdb.document d";
    private static final String COLUMNS = SELECT + " WHERE d.ns = ? AND d.collection = ?";
    private static final String BY_ID = COLUMNS + " AND d.id = ANY (?)";
    /** Jumps from one collection to the next instead of reading all documents. */
    private static final String COLLECTIONS = """
            WITH RECURSIVE c(name) AS (
                SELECT min(collection) FROM cdb.document WHERE ns = ?
                 UNION ALL
                SELECT (SELECT min(collection) FROM cdb.document WHERE ns = ? AND collection > c.name)
                  FROM c WHERE c.name IS NOT NULL)
            SELECT name FROM c WHERE name IS NOT NULL
            """;

    private final Store store;
    private final PathIndexes paths;

    PostgresDocuments(Store store, PathIndexes paths) {
        this.store = store;
        this.paths = paths;
    }

    @Override
    public List<Document> get(ReadScope scope, String collection, Collection<String> ids) {
        List<String> asked = Asked.of("documents.ids", ids);
        return store.read(
                scope,
                snapshot -> PostgresGraph.ordered(
                        asked,
                        Document::id,
                        snapshot.list(
                                BY_ID,
                                PostgresDocuments::document,
                                snapshot.namespace(),
                                collection,
                                Many.texts(asked))));
    }

    @Override
    public Page<Document> find(ReadScope scope, DocumentQuery query) {
        return query.sort().isEmpty() ? byId(scope, query) : sorted(scope, query);
    }

    private Page<Document> byId(ReadScope scope, DocumentQuery query) {
        String cursor = query.page().cursor();
        String after = cursor.isEmpty() ? "" : Cursor.parse("documents", 1, cursor, parts -> parts.get(0));
        int limit = query.page().limit();
        FilterSql filter = FilterSql.of(query.filter(), documents());
        return store.readOnReplica(
                scope,
                snapshot -> Page.of(
                        snapshot.list(
                                COLUMNS + " AND d.id > ? AND " + filter.sql() + " ORDER BY d.id LIMIT ?",
                                PostgresDocuments::document,
                                filter.values(List.of(snapshot.namespace(), query.collection(), after), limit + 1)),
                        limit,
                        last -> Cursor.of("documents", last.id())));
    }

    private Page<Document> sorted(ReadScope scope, DocumentQuery query) {
        String cursor = query.page().cursor();
        List<Document> after = cursor.isEmpty() ? List.of() : List.of(SortCursor.read(query.sort(), cursor));
        DocumentSort sort = new DocumentSort(query.sort(), paths.ready());
        return Page.of(
                store.readOnReplica(scope, snapshot -> ranked(snapshot, query, sort, after)),
                query.page().limit(),
                last -> SortCursor.write(query.sort(), last));
    }

    private List<Document> ranked(Snapshot snapshot, DocumentQuery query, DocumentSort sort, List<Document> after)
            throws SQLException {
        FilterSql filter = FilterSql.of(query.filter(), documents());
        List<Object> bound = new ArrayList<>();
        String sql = SELECT + sort.joins(bound);
        bound.addAll(List.of(snapshot.namespace(), query.collection()));
        bound.addAll(List.of(filter.values(List.of())));
        sql += " WHERE d.ns = ? AND d.collection = ? AND " + filter.sql();
        for (Document last : after) {
            sql += sort.after(last, bound);
        }
        return snapshot.list(
                sql + sort.order() + " LIMIT " + (query.page().limit() + 1),
                PostgresDocuments::document,
                bound.toArray());
    }

    private FilterSql.Table documents() {
        return new FilterSql.Table(COLUMN_OF, false, paths.ready());
    }

    @Override
    public long count(ReadScope scope, String collection, Filter filter) {
        FilterSql condition = FilterSql.of(filter, documents());
        return store.readOnReplica(
                scope,
                snapshot -> snapshot.number(
                        "SELECT count(*) FROM cdb.document d WHERE d.ns = ? AND d.collection = ? AND "
                                + condition.sql(),
                        condition.values(List.of(snapshot.namespace(), collection))));
    }

    @Override
    public List<String> collections(ReadScope scope) {
        return store.readOnReplica(
                scope,
                snapshot -> List.copyOf(snapshot.list(
                        COLLECTIONS, row -> row.getString(1), snapshot.namespace(), snapshot.namespace())));
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
