package io.contextdb.spi.journal;

import io.contextdb.spi.internal.Check;
import java.util.List;
import java.util.UUID;

/**
 * What a copy found.
 *
 * @param incarnation the store's {@link Follower#incarnation} in which it answered
 * @param found for each query the ids of points, nearest first
 */
public record Candidates(String incarnation, List<List<UUID>> found) {
    /** Copies. */
    public Candidates {
        Check.notNull("candidates.incarnation", incarnation);
        found = Check.list("candidates.found", found, Integer.MAX_VALUE);
    }
}
