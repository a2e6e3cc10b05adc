package io.contextdb.spi.document;

import io.contextdb.spi.filter.Field;
import io.contextdb.spi.filter.ValueOrder;
import io.contextdb.spi.internal.Check;
import io.contextdb.spi.value.CodePointOrder;
import java.util.Comparator;
import java.util.List;

/**
 * One field that documents are sorted by.
 *
 * @param field the field
 * @param descending whether greater values come first
 */
public record SortKey(Field field, boolean descending) {
    /** Refuses null. */
    public SortKey {
        Check.notNull("sort.field", field);
    }

    /** Sorts by a path, lesser values first, absent ones before all. */
    public static SortKey ascending(String... path) {
        return new SortKey(Field.property(path), false);
    }

    /** Sorts by a path, greater values first, absent ones after all. */
    public static SortKey descending(String... path) {
        return new SortKey(Field.property(path), true);
    }

    /** Returns the total order of documents by some keys: values as in {@link ValueOrder}, ties by id (contract D2). */
    public static Comparator<Document> order(List<SortKey> keys) {
        Comparator<Document> order = Comparator.comparing(Document::id, CodePointOrder.INSTANCE);
        for (SortKey key : Check.list("sort", keys, Integer.MAX_VALUE).reversed()) {
            Comparator<Document> byKey = (a, b) -> {
                boolean inA = a.has(key.field());
                boolean inB = b.has(key.field());
                return inA && inB
                        ? ValueOrder.INSTANCE.compare(a.value(key.field()), b.value(key.field()))
                        : Boolean.compare(inA, inB);
            };
            order = (key.descending() ? byKey.reversed() : byKey).thenComparing(order);
        }
        return order;
    }
}
