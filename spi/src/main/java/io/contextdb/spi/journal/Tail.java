package io.contextdb.spi.journal;

import io.contextdb.spi.internal.Check;
import java.util.List;
import java.util.UUID;

/**
 * What of a space changed after a position.
 *
 * @param line the {@link History#line} in which that is so: positions of another mean nothing in it
 * @param space the space, as it is now
 * @param points the points that changed, each once, in any order; too many of them are cut off at the limit
 */
public record Tail(String line, SpaceRef space, List<UUID> points) {
    /** Copies. */
    public Tail {
        Check.notNull("tail.line", line);
        Check.notNull("tail.space", space);
        points = Check.list("tail.points", points, Integer.MAX_VALUE);
    }
}
