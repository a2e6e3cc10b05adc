package io.contextdb.spi.journal;

import io.contextdb.spi.value.Deadline;
import io.contextdb.spi.value.Page;
import io.contextdb.spi.value.PageRequest;
import io.contextdb.spi.vector.VectorQuery;
import java.util.Collection;
import java.util.List;
import java.util.Set;

/**
 * A store of vectors that copies another's points, to find the nearest ones fast. It may lag behind, and lose what it had: the
 * driver asks the deciding store about all that it answers, and gives it anew what it lacks. Thread-safe.
 */
public interface Projection extends Follower {
    /** Greatest version: stores may keep them as 64-bit floats, exact below 2^53. */
    long MAX_VERSION = (1L << 53) - 1;

    /** Versions of an epoch. */
    long EPOCH_VERSIONS = 1L << 44;

    /** Greatest epoch. */
    long MAX_EPOCH = (1L << 9) - 1;

    /**
     * Takes states of points of a space, at most 1,000, in any order. A state replaces what is there unless that has a greater
     * version (S1); of several of one point the greatest version counts. The mark of a deletion stays, with its version and
     * without content, until it is purged (S2). Creates what it needs for the space. Ends once searches see it.
     *
     * @throws io.contextdb.spi.error.ContextNonTransientException if one of them can never be taken; others may have been
     */
    void apply(SpaceRef space, List<PointState> states, Deadline deadline);

    /**
     * Returns, for each query, the ids of at most {@code k} points, nearest first, deletions left out (S3). The filter may let
     * points pass that do not match, but never hold back one that matches.
     */
    Candidates candidates(SpaceRef space, List<VectorQuery> queries, Deadline deadline);

    /** Returns what it has of a space, marks of deletions included, ordered by id (S5). */
    Page<PointVersion> versions(SpaceRef space, PageRequest page, Deadline deadline);

    /** Removes marks of deletions, at most 1,000, each only if it still has that version. */
    void purge(SpaceRef space, List<PointVersion> marks, Deadline deadline);

    /** Returns the numbers of the spaces of which it has anything (S5). */
    Set<Long> spaces(Deadline deadline);

    /** Removes all that it has of spaces. */
    void forget(Collection<Long> spaces, Deadline deadline);
}
