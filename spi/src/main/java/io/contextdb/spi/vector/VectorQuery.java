package io.contextdb.spi.vector;

import io.contextdb.spi.filter.Filter;
import io.contextdb.spi.internal.Check;
import io.contextdb.spi.internal.TextRule;

/**
 * The points nearest to a vector (contract V3).
 *
 * @param space name of the vector space
 * @param vector what they are compared with
 * @param k most hits, 1 to the declared limit
 * @param filter which points may be hits; applied within the search, so that k hits come whenever k match
 * @param exact whether the true nearest are asked for, at the price of looking at every point that matches
 * @param withVectors whether hits carry their vectors
 */
public record VectorQuery(String space, Vector vector, int k, Filter filter, boolean exact, boolean withVectors) {
    /** Checks the parts. */
    public VectorQuery {
        TextRule.SPACE.check("search.space", space);
        Check.notNull("search.vector", vector);
        Check.range("search.k", k, 1, 1_000_000);
        Check.notNull("search.filter", filter);
    }

    /** Returns the query for the k nearest points of a space. */
    public static VectorQuery nearest(String space, Vector vector, int k) {
        return new VectorQuery(space, vector, k, Filter.everything(), false, false);
    }

    /** Returns the same query among the points that match. */
    public VectorQuery where(Filter only) {
        return new VectorQuery(space, vector, k, only, exact, withVectors);
    }

    /** Returns the same query for the true nearest. */
    public VectorQuery exactly() {
        return new VectorQuery(space, vector, k, filter, true, withVectors);
    }

    /** Returns the same query whose hits carry their vectors. */
    public VectorQuery includingVectors() {
        return new VectorQuery(space, vector, k, filter, exact, true);
    }
}
