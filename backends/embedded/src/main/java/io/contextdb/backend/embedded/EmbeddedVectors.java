package io.contextdb.backend.embedded;

import io.contextdb.spi.error.ContextException;
import io.contextdb.spi.error.ContextUnavailableException;
import io.contextdb.spi.error.ErrorCode;
import io.contextdb.spi.error.InvalidRequestException;
import io.contextdb.spi.error.Outcome;
import io.contextdb.spi.filter.Filter;
import io.contextdb.spi.value.Page;
import io.contextdb.spi.value.PageRequest;
import io.contextdb.spi.value.ReadScope;
import io.contextdb.spi.vector.Hit;
import io.contextdb.spi.vector.TextQuery;
import io.contextdb.spi.vector.VectorPoint;
import io.contextdb.spi.vector.VectorQuery;
import io.contextdb.spi.vector.VectorReader;
import io.contextdb.spi.vector.VectorSpace;
import java.io.IOException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.apache.lucene.search.IndexSearcher;

/** Reads of vector spaces (contract V): the index finds candidates, the records have the last word. */
final class EmbeddedVectors implements VectorReader {
    /** How often a search starts again because a commit came between its snapshot and the index. */
    private static final int TRIES = 20;

    private final Store store;

    EmbeddedVectors(Store store) {
        this.store = store;
    }

    @Override
    public List<VectorSpace> spaces(ReadScope scope) {
        return store.read(
                scope,
                snapshot -> IndexedSpace.all(snapshot.database(), snapshot.namespace()).stream()
                        .map(IndexedSpace::space)
                        .toList());
    }

    /** Searches one state of the index. */
    private interface Search<T> {
        T in(PointSearch index, Snapshot snapshot, IndexedSpace space) throws IOException, SQLException;
    }

    @Override
    public List<List<Hit>> search(ReadScope scope, List<VectorQuery> queries) {
        List<List<Hit>> results = new ArrayList<>(queries.size());
        for (VectorQuery query : queries) {
            results.add(search(scope, query));
        }
        return List.copyOf(results);
    }

    private List<Hit> search(ReadScope scope, VectorQuery query) {
        for (int i = 1; ; i++) {
            boolean last = i == TRIES;
            Optional<List<Hit>> hits = store.read(scope, snapshot -> {
                IndexedSpace space = space(snapshot, query.space());
                PointWriter.check(space.space(), query.vector(), "search.vector");
                return store.index().ready() && store.index().knows(snapshot.commit(), scope.deadline())
                        ? search(snapshot, space, query, last)
                        : Optional.of(new PointHits(store.cache(), snapshot, space).scan(query));
            });
            if (hits.isPresent()) {
                return hits.get();
            }
        }
    }

    private Optional<List<Hit>> search(Snapshot snapshot, IndexedSpace space, VectorQuery query, boolean last)
            throws SQLException {
        Overlay overlay = store.index().overlay();
        PointHits hits = new PointHits(store.cache(), snapshot, space);
        float[] vector =
                PointDocument.comparable(space.space().metric(), query.vector().toArray());
        Map<UUID, Overlay.Entry> pending = overlay.of(space);
        List<Hit> found = hits.pending(query, pending, vector);
        IndexSearcher searcher = store.index().acquire();
        try {
            try {
                if (overlay.lastChange(space) > snapshot.commit() && !last) {
                    return Optional.empty();
                }
                PointSearch index = new PointSearch(searcher);
                String field = PointDocument.vectorField(space);
                boolean scanned = query.exact() || index.scans(field);
                FilterQuery filter =
                        FilterQuery.of(query.filter(), new FilterQuery.Scope(space.id(), index.hasTruncated()));
                PointHits.Vectors candidates = scanned
                        ? PointHits.Vectors.scanned(
                                index.scan(
                                        field,
                                        vector,
                                        filter,
                                        () -> snapshot.deadline().check("vector search")),
                                filter)
                        : PointHits.Vectors.walked(count -> index.nearest(field, vector, filter, count), filter);
                return Optional.of(hits.nearest(query, candidates, pending, found));
            } finally {
                PointIndex.release(searcher);
            }
        } catch (ContextException | SQLException known) {
            throw known;
        } catch (IOException | RuntimeException | InternalError failed) {
            if (store.index().failed(failed, searcher) == IndexFailure.REFUSED) {
                throw refused(failed);
            }
            // The index is a projection: without it the answer is slower, not another.
            return Optional.of(hits.scan(query));
        }
    }

    @Override
    public List<List<Hit>> searchText(ReadScope scope, List<TextQuery> queries) {
        List<List<Hit>> results = new ArrayList<>(queries.size());
        for (TextQuery query : queries) {
            results.add(inIndex(scope, query.space(), (index, snapshot, space) -> {
                FilterQuery filter =
                        FilterQuery.of(query.filter(), new FilterQuery.Scope(space.id(), index.hasTruncated()));
                String field = PointDocument.textField(space);
                return new PointHits(store.cache(), snapshot, space)
                        .byScore(
                                query.k(),
                                query.filter(),
                                filter.exact(),
                                count -> index.text(
                                        field,
                                        query,
                                        filter,
                                        count,
                                        () -> scope.deadline().check("text search")));
            }));
        }
        return List.copyOf(results);
    }

    /** Searches the index refreshed up to the read's snapshot. */
    private <T> T inIndex(ReadScope scope, String name, Search<T> search) {
        for (int i = 1; ; i++) {
            boolean last = i == TRIES;
            store.check(scope);
            store.index().show(store.visible(), scope.deadline());
            Optional<T> result = store.read(scope, snapshot -> {
                IndexedSpace space = space(snapshot, name);
                store.index().show(snapshot.commit(), scope.deadline());
                return inIndex(snapshot, space, search, last);
            });
            if (result.isPresent()) {
                return result.get();
            }
        }
    }

    private <T> Optional<T> inIndex(Snapshot snapshot, IndexedSpace space, Search<T> search, boolean last)
            throws SQLException {
        IndexSearcher searcher = store.index().acquire();
        try {
            try {
                return store.index().overlay().lastChange(space) > snapshot.commit() && !last
                        ? Optional.empty()
                        : Optional.of(search.in(new PointSearch(searcher), snapshot, space));
            } finally {
                PointIndex.release(searcher);
            }
        } catch (ContextException | SQLException known) {
            throw known;
        } catch (IOException | RuntimeException | InternalError failed) {
            return switch (store.index().failed(failed, searcher)) {
                // The next try waits until the index has been made anew.
                case DAMAGE -> Optional.empty();
                case REFUSED -> throw refused(failed);
                case PASSING, UNCLEAR ->
                    throw new ContextUnavailableException(
                            "the text index failed: " + failed, Outcome.NOT_APPLIED, failed);
            };
        }
    }

    /** A limit of the engine that ours should have kept the question within. */
    private static InvalidRequestException refused(Throwable failed) {
        InvalidRequestException refused = new InvalidRequestException(
                ErrorCode.LIMIT_EXCEEDED, "search", "is more than the index can look for at once: " + failed);
        refused.addSuppressed(failed);
        return refused;
    }

    @Override
    public List<VectorPoint> get(ReadScope scope, String space, Collection<UUID> ids) {
        List<UUID> asked = Asked.of("vectors.ids", ids);
        return store.read(scope, snapshot -> {
            long id = space(snapshot, space).id();
            List<VectorPoint> points = new ArrayList<>(asked.size());
            for (UUID point : asked) {
                snapshot.database()
                        .first(PointRows.BY_ID, PointRows::point, id, Columns.of(point))
                        .ifPresent(points::add);
            }
            return List.copyOf(points);
        });
    }

    @Override
    public Page<VectorPoint> scroll(ReadScope scope, String space, Filter filter, PageRequest page) {
        byte[] after = page.cursor().isEmpty() ? new byte[0] : Columns.of(Cursor.id("points", page.cursor()));
        List<VectorPoint> read = indexed(scope, space, filter, points -> points.after(after, page.limit()));
        return Page.of(read, page.limit(), last -> Cursor.of("points", last.id()));
    }

    @Override
    public long count(ReadScope scope, String space, Filter filter) {
        return indexed(scope, space, filter, IndexedPoints::count);
    }

    private interface Indexed<T> {
        Optional<T> of(IndexedPoints points) throws SQLException;
    }

    /** Reads a snapshot; if the index has the better answer but does not show it yet, another that it does show. */
    private <T> T indexed(ReadScope scope, String space, Filter filter, Indexed<T> read) {
        for (boolean last = false; ; last = true) {
            boolean now = last;
            Optional<T> answer = store.read(
                    scope,
                    snapshot ->
                            read.of(new IndexedPoints(store.index(), snapshot, space(snapshot, space), filter, now)));
            if (answer.isPresent()) {
                return answer.get();
            }
            store.index().show(store.visible(), scope.deadline());
        }
    }

    private static IndexedSpace space(Snapshot snapshot, String name) throws SQLException {
        return IndexedSpace.find(snapshot.database(), snapshot.namespace(), name)
                .orElseThrow(() -> PointWriter.missing(name));
    }
}
