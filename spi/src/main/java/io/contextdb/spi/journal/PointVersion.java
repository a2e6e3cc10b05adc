package io.contextdb.spi.journal;

import io.contextdb.spi.internal.Check;
import io.contextdb.spi.value.UuidOrder;
import java.util.Comparator;
import java.util.UUID;

/**
 * Which version of a point a store has.
 *
 * @param point id of the point
 * @param version its version, 0 or more
 * @param deleted whether only the mark of its deletion is left
 */
public record PointVersion(UUID point, long version, boolean deleted) {
    /** The order of lists: by id. */
    public static final Comparator<PointVersion> ORDER = Comparator.comparing(PointVersion::point, UuidOrder.INSTANCE);

    /** Checks the parts. */
    public PointVersion {
        Check.notNull("point", point);
        Check.range("point.version", version, 0, Long.MAX_VALUE);
    }
}
