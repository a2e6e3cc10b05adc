package io.contextdb.spi.value;

import io.contextdb.spi.internal.Check;
import java.util.List;
import java.util.function.Function;

/**
 * A page of a longer list. Cursors are opaque keys, not offsets: under concurrent writes no item that was there all the
 * time is skipped or repeated.
 *
 * @param items the items, in the stated order
 * @param next cursor of the next page, or "" if this is the last one
 * @param <T> type of the items
 */
public record Page<T>(List<T> items, String next) {
    /** Copies the items. */
    public Page {
        items = Check.list("page.items", items, Integer.MAX_VALUE);
        Check.notNull("page.next", next);
    }

    /** Returns the only page of a list. */
    public static <T> Page<T> last(List<T> items) {
        return new Page<>(items, "");
    }

    /**
     * Returns a page of at most {@code limit} items from one item more, as stores read it to learn whether another page
     * follows.
     *
     * @param read the items read, up to {@code limit + 1}
     * @param limit most items of the page
     * @param cursor cursor that goes on after an item
     */
    public static <T> Page<T> of(List<T> read, int limit, Function<T, String> cursor) {
        return read.size() <= limit
                ? last(read)
                : new Page<>(read.subList(0, limit), cursor.apply(read.get(limit - 1)));
    }

    /** Returns whether another page follows. */
    public boolean hasNext() {
        return !next.isEmpty();
    }
}
