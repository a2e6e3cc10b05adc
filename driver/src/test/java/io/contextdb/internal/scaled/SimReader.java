package io.contextdb.internal.scaled;

import io.contextdb.spi.filter.Filter;
import io.contextdb.spi.journal.VersionedPoint;
import io.contextdb.spi.value.Page;
import io.contextdb.spi.value.PageRequest;
import io.contextdb.spi.value.ReadScope;
import io.contextdb.spi.vector.Hit;
import io.contextdb.spi.vector.TextQuery;
import io.contextdb.spi.vector.VectorPoint;
import io.contextdb.spi.vector.VectorQuery;
import io.contextdb.spi.vector.VectorReader;
import io.contextdb.spi.vector.VectorSpace;
import java.util.Collection;
import java.util.List;
import java.util.UUID;

/** Searches of a source, which are always right. */
record SimReader(SimSource source) implements VectorReader {
    static SimReader of(SimSource source) {
        return new SimReader(source);
    }

    @Override
    public List<List<Hit>> search(ReadScope scope, List<VectorQuery> queries) {
        return queries.stream()
                .map(query -> source.points(scope.namespace()).values().stream()
                        .map(VersionedPoint::point)
                        .map(point -> new Hit(point, 1))
                        .toList())
                .toList();
    }

    @Override
    public List<VectorSpace> spaces(ReadScope scope) {
        throw new UnsupportedOperationException();
    }

    @Override
    public List<List<Hit>> searchText(ReadScope scope, List<TextQuery> queries) {
        throw new UnsupportedOperationException();
    }

    @Override
    public List<VectorPoint> get(ReadScope scope, String space, Collection<UUID> ids) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Page<VectorPoint> scroll(ReadScope scope, String space, Filter filter, PageRequest page) {
        throw new UnsupportedOperationException();
    }

    @Override
    public long count(ReadScope scope, String space, Filter filter) {
        throw new UnsupportedOperationException();
    }
}
