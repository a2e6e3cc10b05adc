package io.contextdb.backend.embedded;

import io.contextdb.spi.document.Document;
import io.contextdb.spi.document.SortKey;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.PriorityQueue;

/**
 * Reads documents in the order of a declared path, value by value: a page of a sorted find looks at little more than the page.
 * Where values are equal, or are not kept whole, their documents are put in order as they are read.
 */
final class DocumentWalk {
    /** A walk that passes by so many that do not match is given up: looking at all of them in their own order is faster. */
    private static final int MOST_LOOKED_AT = 4_000;

    private final DocumentSearch search;
    private final DocumentIndex.Path path;
    private final boolean alone;
    private final boolean descending;
    private final Comparator<Document> order;
    private final Optional<Document> after;
    private final int limit;
    private final List<Document> read = new ArrayList<>();
    private int left;

    DocumentWalk(
            DocumentSearch search, DocumentIndex.Path path, List<SortKey> sort, Optional<Document> after, int limit) {
        this.search = search;
        this.path = path;
        this.alone = sort.size() == 1;
        this.descending = sort.get(0).descending();
        this.order = SortKey.order(sort);
        this.after = after;
        this.limit = limit;
        this.left = MOST_LOOKED_AT + 2 * limit;
    }

    /** Returns one more than the limit if there are; empty if it was given up. */
    Optional<List<Document>> read(ValueRanges.Range within) throws SQLException {
        byte[] from = within.from();
        byte[] to = within.to();
        byte[] begin =
                after.map(document -> OrderedValue.of(document, path.field())).orElse(new byte[0]);
        if (begin.length > 0 && descending) {
            byte[] end = OrderedValue.next(begin);
            to = Arrays.compareUnsigned(end, to) < 0 ? end : to;
        } else if (begin.length > 0) {
            from = Arrays.compareUnsigned(begin, from) > 0 ? begin : from;
        }
        while (read.size() <= limit) {
            Optional<byte[]> value = search.database()
                    .first(
                            descending ? DocumentSearch.LAST_VALUE : DocumentSearch.FIRST_VALUE,
                            row -> row.getBytes(1),
                            path.id(),
                            from,
                            to);
            if (value.isEmpty()) {
                break;
            }
            if (alone && OrderedValue.isWhole(value.get())) {
                byId(value.get(), Arrays.equals(value.get(), begin));
            } else {
                together(value.get());
            }
            if (left <= 0 && read.size() <= limit) {
                return Optional.empty();
            }
            if (descending) {
                to = value.get();
            } else {
                from = OrderedValue.next(value.get());
            }
        }
        return Optional.of(read);
    }

    /** The documents of a value that is one: their order is that of their ids. */
    private void byId(byte[] value, boolean begun) throws SQLException {
        String afterId = begun ? after.map(Document::id).orElse("") : "";
        search.database()
                .each(
                        DocumentSearch.IDS_OF_VALUE,
                        row -> {
                            search.match(row.getString(1)).ifPresent(read::add);
                            return --left > 0 && read.size() <= limit;
                        },
                        path.id(),
                        value,
                        afterId);
    }

    private void together(byte[] value) throws SQLException {
        PriorityQueue<Document> best = new PriorityQueue<>(order.reversed());
        int most = limit + 1 - read.size();
        search.database()
                .each(
                        DocumentSearch.IDS_OF_VALUE,
                        row -> {
                            Optional<Document> match = search.match(row.getString(1))
                                    .filter(document -> after.isEmpty() || order.compare(document, after.get()) > 0);
                            if (match.isPresent()) {
                                best.add(match.get());
                                if (best.size() > most) {
                                    best.remove();
                                }
                            }
                            return --left > 0;
                        },
                        path.id(),
                        value,
                        "");
        if (left > 0) {
            List<Document> sorted = new ArrayList<>(best);
            sorted.sort(order);
            read.addAll(sorted);
        }
    }
}
