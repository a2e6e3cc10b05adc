package io.contextdb.spi.journal;

import io.contextdb.spi.internal.Check;
import java.util.UUID;

/**
 * Says that a point was put or deleted; what it is now, the store is asked for when that matters.
 *
 * @param space number of the space, {@link SpaceRef#id}
 * @param point id of the point
 */
public record PointChange(long space, UUID point) {
    /** Refuses null. */
    public PointChange {
        Check.notNull("change.point", point);
    }
}
