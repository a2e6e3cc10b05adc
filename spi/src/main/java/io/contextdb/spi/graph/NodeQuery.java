package io.contextdb.spi.graph;

import io.contextdb.spi.filter.Filter;
import io.contextdb.spi.internal.Check;
import io.contextdb.spi.value.AsOf;
import io.contextdb.spi.value.PageRequest;

/**
 * A scan of the nodes that hold at a time and match a filter, ordered by id (contract N11).
 *
 * @param filter over id, labels, properties, source and validity
 * @param asOf when the nodes must hold
 * @param page which page
 */
public record NodeQuery(Filter filter, AsOf asOf, PageRequest page) {
    /** Refuses nulls. */
    public NodeQuery {
        Check.notNull("nodes.filter", filter);
        Check.notNull("nodes.asOf", asOf);
        Check.notNull("nodes.page", page);
    }

    /** Returns the query for the first page of what holds now. */
    public static NodeQuery of(Filter filter) {
        return new NodeQuery(filter, AsOf.now(), PageRequest.first());
    }

    /** Returns the same query at another time. */
    public NodeQuery asOf(AsOf time) {
        return new NodeQuery(filter, time, page);
    }

    /** Returns the same query for another page. */
    public NodeQuery page(PageRequest other) {
        return new NodeQuery(filter, asOf, other);
    }
}
