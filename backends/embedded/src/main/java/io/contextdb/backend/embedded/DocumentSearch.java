package io.contextdb.backend.embedded;

import io.contextdb.spi.document.Document;
import io.contextdb.spi.document.SortKey;
import io.contextdb.spi.filter.Filter;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.PriorityQueue;

/**
 * Finds documents of a collection in one snapshot: by a declared path where that leaves few to look at, or has the order that is
 * asked for; else by looking at all, of which only what the filter asks for is taken apart. However they are found, the filter has
 * the last word on each (contract D4).
 */
final class DocumentSearch {
    static final String COLUMNS = "SELECT id, body, subject, version, updated_at FROM document ";
    static final String BY_ID = COLUMNS + "WHERE ns = ? AND collection = ? AND id = ?";
    private static final String AFTER = COLUMNS + "WHERE ns = ? AND collection = ? AND id > ? ORDER BY id";
    private static final String IN_RANGE = " FROM document_value WHERE path = ? AND value >= ? AND value < ?";
    static final String COUNT = "SELECT count(*)" + IN_RANGE;
    static final String COUNT_SOME = "SELECT count(*) FROM (SELECT 1" + IN_RANGE + " LIMIT ?)";
    static final String IDS = "SELECT id" + IN_RANGE;
    static final String IDS_OF_VALUE =
            "SELECT id FROM document_value WHERE path = ? AND value = ? AND id > ? ORDER BY id";
    static final String FIRST_VALUE = "SELECT value" + IN_RANGE + " ORDER BY value LIMIT 1";
    static final String LAST_VALUE = "SELECT value" + IN_RANGE + " ORDER BY value DESC LIMIT 1";

    /** Reading so many one by one takes no longer than looking at a collection of some more. */
    private static final int FEW = 5_000;
    /** More ranges than this are not looked up. */
    private static final int MOST_RANGES = 1_000;

    /** A path and where its documents are that may match. */
    private record Narrowed(DocumentIndex.Path path, ValueRanges where) {}

    private interface Each {
        boolean take(Document document) throws SQLException;
    }

    private final Snapshot snapshot;
    private final Database database;
    private final String collection;
    private final Filter filter;
    private final List<DocumentIndex.Path> paths;

    DocumentSearch(Snapshot snapshot, String collection, Filter filter) throws SQLException {
        this.snapshot = snapshot;
        this.database = snapshot.database();
        this.collection = collection;
        this.filter = filter;
        this.paths = DocumentIndex.paths(database, snapshot.namespace(), collection);
    }

    static Document document(ResultSet row) throws SQLException {
        return new Document(
                row.getString(1),
                Columns.properties(row, 2),
                row.getString(3),
                row.getLong(4),
                Columns.instant(row.getLong(5)));
    }

    /** Returns those after an id, ordered by id, one more than the limit if there are. */
    List<Document> byId(String after, int limit) throws SQLException {
        List<Document> read = new ArrayList<>();
        Each each = document -> {
            read.add(document);
            return read.size() <= limit;
        };
        Optional<Narrowed> few = few();
        if (few.isPresent()) {
            List<String> ids = ids(few.get());
            ids.removeIf(id -> io.contextdb.spi.value.CodePointOrder.INSTANCE.compare(id, after) <= 0);
            ids.sort(io.contextdb.spi.value.CodePointOrder.INSTANCE);
            each(ids, each);
        } else {
            scan(after, each);
        }
        return read;
    }

    long count() throws SQLException {
        List<Narrowed> narrowed = narrowed();
        if (conjuncts().size() == 1
                && narrowed.size() == 1
                && narrowed.get(0).where().exact()) {
            long count = 0;
            for (ValueRanges.Range range : narrowed.get(0).where().ranges()) {
                count += database.number(COUNT, narrowed.get(0).path().id(), range.from(), range.to());
            }
            return count;
        }
        long[] count = {0};
        Optional<Narrowed> few = few(narrowed);
        if (few.isPresent()) {
            each(ids(few.get()), document -> ++count[0] > 0);
        } else {
            RowFields fields = new RowFields(RowFields.Layout.DOCUMENTS);
            rows("", row -> {
                count[0] += filter.matches(fields.at(row)) ? 1 : 0;
                return true;
            });
        }
        return count[0];
    }

    /** Returns those after a document, in an order, one more than the limit if there are. */
    List<Document> sorted(List<SortKey> sort, Optional<Document> after, int limit) throws SQLException {
        Comparator<Document> order = SortKey.order(sort);
        List<Narrowed> narrowed = narrowed();
        Optional<Narrowed> few = few(narrowed);
        Optional<DocumentIndex.Path> path = path(sort.get(0).field());
        if (few.isEmpty() && path.isPresent()) {
            Optional<List<Document>> walked =
                    new DocumentWalk(this, path.get(), sort, after, limit).read(within(narrowed, path.get()));
            if (walked.isPresent()) {
                return walked.get();
            }
        }
        PriorityQueue<Document> best = new PriorityQueue<>(order.reversed());
        Each keep = document -> {
            if (after.isEmpty() || order.compare(document, after.get()) > 0) {
                best.add(document);
                if (best.size() > limit + 1) {
                    best.remove();
                }
            }
            return true;
        };
        if (few.isPresent()) {
            each(ids(few.get()), keep);
        } else {
            scan("", keep);
        }
        List<Document> read = new ArrayList<>(best);
        read.sort(order);
        return read;
    }

    /** Returns the document of an id, if it matches. */
    Optional<Document> match(String id) throws SQLException {
        snapshot.deadline().check("documents");
        return database.first(BY_ID, DocumentSearch::document, snapshot.namespace(), collection, id)
                .filter(filter::matches);
    }

    Database database() {
        return database;
    }

    private void each(List<String> ids, Each each) throws SQLException {
        for (String id : ids) {
            Optional<Document> match = match(id);
            if (match.isPresent() && !each.take(match.get())) {
                return;
            }
        }
    }

    private void scan(String after, Each each) throws SQLException {
        RowFields fields = new RowFields(RowFields.Layout.DOCUMENTS);
        rows(after, row -> !filter.matches(fields.at(row)) || each.take(document(row)));
    }

    private void rows(String after, Database.Visitor visitor) throws SQLException {
        database.each(AFTER, visitor, snapshot.namespace(), collection, after);
    }

    private List<Filter> conjuncts() {
        return filter instanceof Filter.And and ? and.operands() : List.of(filter);
    }

    private Optional<DocumentIndex.Path> path(io.contextdb.spi.filter.Field field) {
        return paths.stream().filter(path -> path.field().equals(field)).findFirst();
    }

    /** Returns by which declared paths the filter leaves some documents out. */
    private List<Narrowed> narrowed() {
        List<Narrowed> narrowed = new ArrayList<>();
        if (!paths.isEmpty()) {
            for (Filter each : conjuncts()) {
                ValueRanges.of(each)
                        .filter(where -> where.ranges().size() <= MOST_RANGES)
                        .ifPresent(where ->
                                path(where.field()).ifPresent(path -> narrowed.add(new Narrowed(path, where))));
            }
        }
        return narrowed;
    }

    private Optional<Narrowed> few() throws SQLException {
        return few(narrowed());
    }

    /** Returns the path that leaves the fewest documents, if those are few. */
    private Optional<Narrowed> few(List<Narrowed> narrowed) throws SQLException {
        Optional<Narrowed> best = Optional.empty();
        long fewest = FEW + 1;
        for (Narrowed each : narrowed) {
            long count = 0;
            for (ValueRanges.Range range : each.where().ranges()) {
                if (count < fewest) {
                    count += database.number(COUNT_SOME, each.path().id(), range.from(), range.to(), fewest - count);
                }
            }
            if (count < fewest) {
                fewest = count;
                best = Optional.of(each);
            }
        }
        return best;
    }

    private List<String> ids(Narrowed few) throws SQLException {
        List<String> ids = new ArrayList<>();
        for (ValueRanges.Range range : few.where().ranges()) {
            ids.addAll(database.list(IDS, row -> row.getString(1), few.path().id(), range.from(), range.to()));
        }
        return ids;
    }

    /** Returns what of a path's values a walk along it must look at. */
    private static ValueRanges.Range within(List<Narrowed> narrowed, DocumentIndex.Path path) {
        return narrowed.stream()
                .filter(each ->
                        each.path().equals(path) && each.where().ranges().size() == 1)
                .map(each -> each.where().ranges().get(0))
                .findFirst()
                .orElse(ValueRanges.Range.types(OrderedValue.ABSENT, OrderedValue.MAP + 1));
    }
}
