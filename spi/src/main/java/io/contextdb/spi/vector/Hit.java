package io.contextdb.spi.vector;

import io.contextdb.spi.internal.Check;
import io.contextdb.spi.value.UuidOrder;
import java.util.Comparator;

/**
 * A point that a search found.
 *
 * @param point the point; without its vector unless the query asked for it
 * @param score similarity by the space's metric, or BM25 score of a text search; higher is better
 */
public record Hit(VectorPoint point, double score) {
    /** The order of hits: better first, by id. */
    public static final Comparator<Hit> ORDER = Comparator.comparingDouble(Hit::score)
            .reversed()
            .thenComparing(hit -> hit.point().id(), UuidOrder.INSTANCE);

    /** Refuses null. */
    public Hit {
        Check.notNull("hit.point", point);
    }
}
