package io.contextdb.spi.document;

import io.contextdb.spi.filter.Filter;
import io.contextdb.spi.internal.Check;
import io.contextdb.spi.internal.TextRule;
import io.contextdb.spi.value.PageRequest;
import java.util.List;

/**
 * The documents of a collection that match, sorted (contract D2).
 *
 * @param collection 1 to 128 bytes
 * @param filter over id, subject and the paths of the body
 * @param sort at most 8 keys; ties, and everything where there are none, by id
 * @param page which page
 */
public record DocumentQuery(String collection, Filter filter, List<SortKey> sort, PageRequest page) {
    /** Checks and copies. */
    public DocumentQuery {
        TextRule.COLLECTION.check("documents.collection", collection);
        Check.notNull("documents.filter", filter);
        sort = Check.list("documents.sort", sort, 8);
        Check.notNull("documents.page", page);
    }

    /** Returns the query for the first page by id. */
    public static DocumentQuery of(String collection, Filter filter) {
        return new DocumentQuery(collection, filter, List.of(), PageRequest.first());
    }

    /** Returns the same query in another order. */
    public DocumentQuery sort(SortKey... keys) {
        return new DocumentQuery(collection, filter, Check.list("documents.sort", keys, 8), page);
    }

    /** Returns the same query for another page. */
    public DocumentQuery page(PageRequest other) {
        return new DocumentQuery(collection, filter, sort, other);
    }
}
