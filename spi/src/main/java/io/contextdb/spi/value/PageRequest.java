package io.contextdb.spi.value;

import io.contextdb.spi.internal.Check;
import io.contextdb.spi.internal.TextRule;

/**
 * Which page to read.
 *
 * @param limit most items to return, 1 to 10,000; default {@value #DEFAULT_LIMIT}
 * @param cursor where to go on: {@link Page#next()} of the page before, or "" for the first page
 */
public record PageRequest(int limit, String cursor) {
    /** Items of a page where nothing is said. */
    public static final int DEFAULT_LIMIT = 100;

    /** Most items of a page. */
    public static final int MAX_LIMIT = 10_000;

    /** Checks the limit. */
    public PageRequest {
        Check.range("page.limit", limit, 1, MAX_LIMIT);
        TextRule.CURSOR.check("page.cursor", cursor);
    }

    /** Returns the first page of the default size. */
    public static PageRequest first() {
        return first(DEFAULT_LIMIT);
    }

    /** Returns the first page of that many items. */
    public static PageRequest first(int limit) {
        return new PageRequest(limit, "");
    }

    /** Returns the request for the page that follows, of the same size. */
    public PageRequest after(String next) {
        return new PageRequest(limit, next);
    }
}
