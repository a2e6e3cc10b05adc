package io.contextdb.spi.vector;

import io.contextdb.spi.filter.Filter;
import io.contextdb.spi.internal.Check;
import io.contextdb.spi.internal.TextRule;

/**
 * The points whose text matches best by BM25 (contract V7).
 *
 * @param space name of the vector space
 * @param text words to look for, of which any may match; 0 to 100,000 bytes; without words nothing matches
 * @param k most hits, 1 to the declared limit
 * @param filter which points may be hits
 * @param fuzzy whether words that are spelled alike match too (contract V9)
 */
public record TextQuery(String space, String text, int k, Filter filter, boolean fuzzy) {
    /** Checks the parts. */
    public TextQuery {
        TextRule.SPACE.check("search.space", space);
        TextRule.SEARCH_TEXT.check("search.text", text);
        Check.range("search.k", k, 1, 1_000_000);
        Check.notNull("search.filter", filter);
    }

    /** Returns the query for the k best points of a space. */
    public static TextQuery of(String space, String text, int k) {
        return new TextQuery(space, text, k, Filter.everything(), false);
    }

    /** Returns the same query among the points that match. */
    public TextQuery where(Filter only) {
        return new TextQuery(space, text, k, only, fuzzy);
    }

    /** Returns the same query that also finds words which are spelled alike, as where they were mistyped. */
    public TextQuery fuzzily() {
        return new TextQuery(space, text, k, filter, true);
    }
}
