package io.contextdb.spi.journal;

import io.contextdb.spi.internal.Check;
import io.contextdb.spi.vector.VectorPoint;

/**
 * A point as the store that decides has it.
 *
 * @param point the point, with its vector
 * @param version number of the commit that put it: rises with each change of the point, over deletions too
 */
public record VersionedPoint(VectorPoint point, long version) {
    /** Checks the parts. */
    public VersionedPoint {
        Check.notNull("point", point);
        Check.range("point.version", version, 0, Long.MAX_VALUE);
    }
}
