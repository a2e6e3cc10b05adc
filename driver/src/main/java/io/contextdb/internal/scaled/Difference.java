package io.contextdb.internal.scaled;

import io.contextdb.spi.journal.SpaceRef;
import java.util.UUID;

/**
 * A point that a copy has otherwise than the source.
 *
 * @param space the space
 * @param point id of the point
 * @param copied version in the copy, or {@link #ABSENT}; that of its mark where only one is left
 * @param right version that it should have, or {@link #ABSENT}
 * @param hasContent whether the copy has the point itself, not only a mark or nothing
 */
record Difference(SpaceRef space, UUID point, long copied, long right, boolean hasContent) {
    /** In place of a version: there is no such point. */
    static final long ABSENT = -1;
}
