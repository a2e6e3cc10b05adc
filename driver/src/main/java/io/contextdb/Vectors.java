package io.contextdb;

import io.contextdb.internal.call.Arguments;
import io.contextdb.internal.call.Paging;
import io.contextdb.internal.call.Session;
import io.contextdb.spi.capability.Atomicity;
import io.contextdb.spi.capability.Capability;
import io.contextdb.spi.filter.Filter;
import io.contextdb.spi.value.NamespaceName;
import io.contextdb.spi.value.ReadScope;
import io.contextdb.spi.vector.Hit;
import io.contextdb.spi.vector.TextQuery;
import io.contextdb.spi.vector.VectorPoint;
import io.contextdb.spi.vector.VectorQuery;
import io.contextdb.spi.vector.VectorReader;
import io.contextdb.spi.vector.VectorSpace;
import io.contextdb.spi.write.MutationResult;
import io.contextdb.spi.write.VectorMutation;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.BiFunction;
import java.util.stream.Stream;

/** The vector spaces of a namespace, each with a name of 1 to 128 bytes in UTF-8 (contract V). Thread-safe. */
public final class Vectors {
    private static final int DELETE_CHUNK = 1_000;

    private final Session session;
    private final NamespaceName namespace;

    Vectors(Session session, NamespaceName namespace) {
        this.session = session;
        this.namespace = namespace;
    }

    /** Creates a space, or does nothing if the same space exists (V1). */
    public void createSpace(VectorSpace space) {
        one(new VectorMutation.CreateSpace(space));
    }

    /** Removes a space with all its points and returns whether it was there. */
    public boolean dropSpace(String space) {
        return Results.removed(one(new VectorMutation.DropSpace(space))) > 0;
    }

    /** Returns the spaces, ordered by name. */
    public List<VectorSpace> spaces() {
        return read(Capability.VECTORS, "vectors.spaces", VectorReader::spaces);
    }

    /** Puts a point in place of one with its id (V5). */
    public void put(String space, VectorPoint point) {
        one(new VectorMutation.PutPoint(space, point));
    }

    /**
     * Puts points (V5), in one batch; one after another where the store declares atomicity {@link Atomicity#ENTITY}, so that
     * those before one that fails stay.
     */
    public void put(String space, Collection<VectorPoint> points) {
        List<VectorPoint> all = Arguments.some("points", points);
        if (session.info().atomicity() == Atomicity.ENTITY) {
            all.forEach(point -> put(space, point));
            return;
        }
        session.apply(
                namespace,
                all.stream()
                        .map(point -> new VectorMutation.PutPoint(space, point))
                        .toList());
    }

    /** Removes a point and returns whether it was there (V5). */
    public boolean delete(String space, UUID id) {
        return Results.removed(one(new VectorMutation.DeletePoint(space, id))) > 0;
    }

    /** Removes every point that matches, in bounded batches, and returns how many (V5a). */
    public long deleteWhere(String space, Filter filter) {
        long total = 0;
        long removed;
        do {
            removed = Results.removed(one(new VectorMutation.DeletePoints(space, filter, DELETE_CHUNK)));
            total += removed;
        } while (removed == DELETE_CHUNK);
        return total;
    }

    /** Returns the points nearest to a vector: exactly min(k, matching) of them (V3). */
    public List<Hit> search(VectorQuery query) {
        return search(List.of(Arguments.required("query", query))).get(0);
    }

    /** Returns, for each query, the points nearest to its vector. */
    public List<List<Hit>> search(List<VectorQuery> queries) {
        List<VectorQuery> all = Arguments.all("queries", queries);
        Capability needed = all.stream().anyMatch(VectorQuery::exact) ? Capability.EXACT_SEARCH : Capability.VECTORS;
        all.forEach(query -> session.checkLimit(
                "search.k", query.k(), session.info().limits().k()));
        return read(needed, "vectors.search", (vectors, scope) -> vectors.search(scope, all));
    }

    /** Returns the points whose text matches best (V7). */
    public List<Hit> searchText(TextQuery query) {
        return searchText(List.of(Arguments.required("query", query))).get(0);
    }

    /** Returns, for each query, the points whose text matches best. */
    public List<List<Hit>> searchText(List<TextQuery> queries) {
        List<TextQuery> all = Arguments.all("queries", queries);
        all.forEach(query -> session.checkLimit(
                "search.k", query.k(), session.info().limits().k()));
        boolean fuzzy = all.stream().anyMatch(TextQuery::fuzzy);
        return read(
                fuzzy ? Capability.FUZZY_TEXT_SEARCH : Capability.TEXT_SEARCH,
                "vectors.searchText",
                (vectors, scope) -> vectors.searchText(scope, all));
    }

    /** Returns what vector and text search find together, fused as the query says (V7). */
    public List<Hit> searchHybrid(HybridQuery query) {
        Arguments.required("query", query);
        int most = session.info().limits().k();
        session.checkLimit("search.k", query.k(), most);
        return query.fuse(search(query.vectorLeg(most)), searchText(query.textLeg(most)));
    }

    /** Returns a point with its vector. */
    public Optional<VectorPoint> get(String space, UUID id) {
        return Results.only(get(space, List.of(Arguments.required("id", id))));
    }

    /** Returns points with their vectors, in the order asked; absent ones are left out. */
    public List<VectorPoint> get(String space, Collection<UUID> ids) {
        Arguments.space(space);
        List<UUID> all = Arguments.ids("ids", ids);
        return read(Capability.VECTORS, "vectors.get", (vectors, scope) -> vectors.get(scope, space, all));
    }

    /** Returns all points that match, with their vectors, ordered by id (V5b). */
    public Stream<VectorPoint> scroll(String space, Filter filter) {
        Arguments.space(space);
        Arguments.required("filter", filter);
        return Paging.stream(page -> read(
                Capability.VECTORS, "vectors.scroll", (vectors, scope) -> vectors.scroll(scope, space, filter, page)));
    }

    /** Returns how many points match. */
    public long count(String space, Filter filter) {
        Arguments.space(space);
        Arguments.required("filter", filter);
        return read(Capability.VECTORS, "vectors.count", (vectors, scope) -> vectors.count(scope, space, filter));
    }

    private MutationResult one(VectorMutation mutation) {
        return session.apply(namespace, List.of(mutation)).results().get(0);
    }

    private <T> T read(Capability needed, String operation, BiFunction<VectorReader, ReadScope, T> call) {
        return session.read(namespace, needed, operation, (backend, scope) -> call.apply(backend.vectors(), scope));
    }
}
