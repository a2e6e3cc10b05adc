package io.contextdb.scaled;

import io.contextdb.ContextConnection;
import io.contextdb.spi.vector.Hit;
import io.contextdb.spi.vector.VectorQuery;
import java.util.List;
import java.util.Optional;

/**
 * A search for the point of an operation, while others write.
 *
 * @param operation whose point it is
 * @param hits what was found, nearest first
 */
record CrashSearch(CrashOperation operation, List<CrashOperation> hits) {
    private static final int MOST = 5;

    /** Searches for the point of an operation by its own vector. */
    static CrashSearch run(ContextConnection connection, CrashOperation operation) {
        List<Hit> hits = connection
                .namespace(operation.namespace())
                .vectors()
                .search(VectorQuery.nearest(CrashOperation.SPACE, operation.vector(), MOST));
        return new CrashSearch(
                operation,
                hits.stream()
                        .map(hit -> new CrashOperation(
                                CrashOperation.Kind.POINT, hit.point().id()))
                        .toList());
    }

    /**
     * Returns what is wrong with it by what its own process knows; whether each hit may be found at all is checked in the end.
     *
     * @param there whether the point is there
     */
    Optional<String> wrong(boolean there) {
        boolean found = !hits.isEmpty() && hits.get(0).id().equals(operation.id());
        if (found != there) {
            return Optional.of(there ? "a search does not find it" : "a search finds it still");
        }
        return hits.stream()
                .filter(hit -> !hit.namespace().equals(operation.namespace()))
                .findFirst()
                .map(hit -> "a search finds a point of another namespace, " + hit.id());
    }
}
