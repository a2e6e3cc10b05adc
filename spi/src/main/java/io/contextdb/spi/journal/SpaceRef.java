package io.contextdb.spi.journal;

import io.contextdb.spi.internal.Check;
import io.contextdb.spi.value.NamespaceName;
import io.contextdb.spi.vector.VectorSpace;

/**
 * A vector space of the store that decides, as those that follow know it.
 *
 * @param id number of the space, 1 or more; never given to another, not even to one of the same name that is created after it
 *     was dropped, so that what is left behind of a dropped space can do no harm
 * @param namespace where the space is
 * @param space its name, dimensions and metric
 */
public record SpaceRef(long id, NamespaceName namespace, VectorSpace space) {
    /** Checks the parts. */
    public SpaceRef {
        Check.range("space.id", id, 1, Long.MAX_VALUE);
        Check.notNull("space.namespace", namespace);
        Check.notNull("space.space", space);
    }
}
