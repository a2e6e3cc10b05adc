package io.contextdb.spi.vector;

import io.contextdb.spi.filter.Filter;
import io.contextdb.spi.value.Page;
import io.contextdb.spi.value.PageRequest;
import io.contextdb.spi.value.ReadScope;
import java.util.Collection;
import java.util.List;
import java.util.UUID;

/**
 * Reads of vector spaces. A space that does not exist is an
 * {@link io.contextdb.spi.error.InvalidRequestException} with {@link io.contextdb.spi.error.ErrorCode#NOT_FOUND}; a vector
 * of another length, or a zero vector under cosine, is refused before anything is sent (contract V1). Thread-safe.
 */
public interface VectorReader {
    /** Returns the spaces, ordered by name. */
    List<VectorSpace> spaces(ReadScope scope);

    /** Returns, for each query, its hits ordered by {@link Hit#ORDER}: exactly min(k, matching) of them (V3). */
    List<List<Hit>> search(ReadScope scope, List<VectorQuery> queries);

    /** Returns, for each query, the points whose text matches, ordered by {@link Hit#ORDER} (V7). */
    List<List<Hit>> searchText(ReadScope scope, List<TextQuery> queries);

    /** Returns points with their vectors, in the order asked, absent ones left out; at most 10,000 ids. */
    List<VectorPoint> get(ReadScope scope, String space, Collection<UUID> ids);

    /** Returns the points that match, with their vectors, ordered by id (V5b). */
    Page<VectorPoint> scroll(ReadScope scope, String space, Filter filter, PageRequest page);

    /** Returns how many points match. */
    long count(ReadScope scope, String space, Filter filter);
}
