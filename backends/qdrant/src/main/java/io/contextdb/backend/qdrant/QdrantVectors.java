package io.contextdb.backend.qdrant;

import io.contextdb.spi.capability.Capability;
import io.contextdb.spi.error.ContextException;
import io.contextdb.spi.error.CorruptDataException;
import io.contextdb.spi.error.UnsupportedCapabilityException;
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
import io.qdrant.client.grpc.Common.Condition;
import io.qdrant.client.grpc.Points.CountPoints;
import io.qdrant.client.grpc.Points.QueryBatchPoints;
import io.qdrant.client.grpc.Points.RetrievedPoint;
import io.qdrant.client.grpc.Points.ScoredPoint;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

/** Reads of vector spaces. Thread-safe. */
final class QdrantVectors implements VectorReader {
    private static final String LIST = "points";

    private final Link link;
    private final Names names;
    private final Registry registry;
    private final Spaces spaces;
    private final Tokens tokens;

    QdrantVectors(Link link, Names names, Registry registry, Spaces spaces, Tokens tokens) {
        this.link = link;
        this.names = names;
        this.registry = registry;
        this.spaces = spaces;
        this.tokens = tokens;
    }

    private Spaces.Lease space(ReadScope scope, String space) {
        tokens.check(scope.atLeast());
        link.checkOpen();
        return spaces.get(scope.namespace(), space, scope.deadline());
    }

    @Override
    public List<VectorSpace> spaces(ReadScope scope) {
        tokens.check(scope.atLeast());
        return registry.spaces(scope.namespace(), scope.deadline()).stream()
                .filter(Registry.Entry::live)
                .map(Registry.Entry::space)
                .toList();
    }

    @Override
    public List<List<Hit>> search(ReadScope scope, List<VectorQuery> queries) {
        Map<Integer, NearestPoints> asked = new TreeMap<>();
        for (int i = 0; i < queries.size(); i++) {
            VectorQuery query = queries.get(i);
            Spaces.Lease lease = space(scope, query.space());
            Searches.check(lease.space(), query.vector());
            Optional<io.qdrant.client.grpc.Common.Filter> filter = Searches.filter(lease.key(), query.filter());
            if (filter.isPresent()) {
                asked.put(
                        i,
                        new NearestPoints(
                                link, names.points(lease.space()), lease, query, filter.get(), scope.deadline()));
            }
        }
        Map<Integer, List<ScoredPoint>> first = present(() -> first(asked, scope));
        List<List<Hit>> results = new ArrayList<>();
        for (int i = 0; i < queries.size(); i++) {
            NearestPoints nearest = asked.get(i);
            List<ScoredPoint> found = first.get(i);
            results.add(nearest == null || found == null ? List.of() : present(() -> nearest.hits(found)));
        }
        return results;
    }

    /** Asks for all queries of a collection at once. */
    private Map<Integer, List<ScoredPoint>> first(Map<Integer, NearestPoints> asked, ReadScope scope) {
        Map<String, List<Integer>> byCollection = new TreeMap<>();
        asked.forEach((i, nearest) -> byCollection
                .computeIfAbsent(nearest.collection(), name -> new ArrayList<>())
                .add(i));
        Map<Integer, List<ScoredPoint>> found = new HashMap<>();
        byCollection.forEach((collection, numbers) -> {
            List<NearestPoints> all = numbers.stream()
                    .map(i -> Objects.requireNonNull(asked.get(i)))
                    .toList();
            List<List<ScoredPoint>> answers = all.size() == 1 ? List.of(alone(all.get(0))) : batch(all, scope);
            for (int i = 0; i < answers.size(); i++) {
                found.put(numbers.get(i), answers.get(i));
            }
        });
        return found;
    }

    private static List<ScoredPoint> alone(NearestPoints nearest) {
        return nearest.query(nearest.query().k() + 1, nearest.query().exact());
    }

    private List<List<ScoredPoint>> batch(List<NearestPoints> all, ReadScope scope) {
        QueryBatchPoints request = QueryBatchPoints.newBuilder()
                .setCollectionName(all.get(0).collection())
                .addAllQueryPoints(all.stream().map(NearestPoints::first).toList())
                .build();
        try {
            return link.read("search", scope.deadline(), points -> points.queryBatch(request)).getResultList().stream()
                    .map(result -> result.getResultList())
                    .toList();
        } catch (ContextException failed) {
            if (QdrantErrors.tooGreat(failed)) {
                return all.stream().map(QdrantVectors::alone).toList();
            }
            throw failed;
        }
    }

    @Override
    public List<List<Hit>> searchText(ReadScope scope, List<TextQuery> queries) {
        throw new UnsupportedCapabilityException(Capability.TEXT_SEARCH.name(), "Qdrant");
    }

    @Override
    public List<VectorPoint> get(ReadScope scope, String space, Collection<UUID> ids) {
        Spaces.Lease lease = space(scope, space);
        Collection<UUID> once = new LinkedHashSet<>(ids);
        Map<UUID, VectorPoint> found = new HashMap<>();
        present(() -> PointReads.get(
                        link,
                        names.points(lease.space()),
                        once.stream().map(id -> Names.point(lease.key(), id)).toList(),
                        Requests.POINT,
                        StoredVectors.select(lease.space().metric()),
                        scope.deadline()))
                .forEach(stored -> {
                    VectorPoint point = point(lease, stored);
                    found.put(point.id(), point);
                });
        return once.stream()
                .map(id -> Optional.ofNullable(found.get(id)))
                .flatMap(Optional::stream)
                .toList();
    }

    private static VectorPoint point(Spaces.Lease lease, RetrievedPoint stored) {
        return PointPayload.read(
                stored.getPayloadMap(), StoredVectors.read(lease.space().metric(), stored.getVectors()));
    }

    @Override
    public Page<VectorPoint> scroll(ReadScope scope, String space, Filter filter, PageRequest page) {
        Spaces.Lease lease = space(scope, space);
        UUID after = Cursor.id(page, LIST);
        Optional<Scroll> scroll = scroll(lease, filter);
        if (scroll.isEmpty()) {
            return Page.last(List.of());
        }
        List<VectorPoint> read = scroll
                .get()
                .after(after, page.limit() + 1, stored -> filter.matches(point(lease, stored)), scope.deadline())
                .stream()
                .map(stored -> point(lease, stored))
                .toList();
        return Page.of(read, page.limit(), last -> Cursor.of(LIST, last.id()));
    }

    private Optional<Scroll> scroll(Spaces.Lease lease, Filter filter) {
        return Searches.filter(lease.key(), filter)
                .map(weaker -> new Scroll(
                        link,
                        names.points(lease.space()),
                        List.of(Conditions.holds(weaker)),
                        Requests.POINT,
                        StoredVectors.select(lease.space().metric())));
    }

    /** Returns ids of points that match, the first of them in their order. */
    List<UUID> ids(Spaces.Lease lease, Filter filter, int limit, io.contextdb.spi.value.Deadline deadline) {
        return Searches.filter(lease.key(), filter)
                .map(weaker -> new Scroll(
                        link,
                        names.points(lease.space()),
                        List.of(Conditions.holds(weaker)),
                        Requests.POINT,
                        Scroll.NO_VECTORS))
                .map(scroll ->
                        scroll.after(null, limit, stored -> filter.matches(point(lease, stored)), deadline).stream()
                                .map(stored -> PointPayload.id(stored.getPayloadMap()))
                                .toList())
                .orElse(List.of());
    }

    /** Lets the server count what matches for certain, and looks at what may match. */
    @Override
    public long count(ReadScope scope, String space, Filter filter) {
        Spaces.Lease lease = space(scope, space);
        Condition within = Conditions.is(PointPayload.SPACE, lease.key());
        String collection = names.points(lease.space());
        Weakened.Said certain = Weakened.enough(filter);
        List<Condition> doubtful = new ArrayList<>();
        doubtful.add(within);
        AtomicLong count = new AtomicLong();
        switch (certain) {
            case Weakened.Said.Same same -> {
                if (same.holds()) {
                    return count(collection, Conditions.all(within), scope);
                }
            }
            case Weakened.Said.Where where -> {
                count.set(count(collection, Conditions.all(within, where.condition()), scope));
                doubtful.add(Conditions.not(where.condition()));
            }
        }
        switch (Weakened.of(filter)) {
            case Weakened.Said.Same same -> {
                if (!same.holds()) {
                    return count.get();
                }
            }
            case Weakened.Said.Where where -> doubtful.add(where.condition());
        }
        new Scroll(link, collection, doubtful, Requests.POINT, Scroll.NO_VECTORS).each(scope.deadline(), stored -> {
            if (filter.matches(point(lease, stored))) {
                count.incrementAndGet();
            }
        });
        return count.get();
    }

    private long count(String collection, io.qdrant.client.grpc.Common.Filter filter, ReadScope scope) {
        CountPoints request = CountPoints.newBuilder()
                .setCollectionName(collection)
                .setExact(true)
                .setFilter(filter)
                .build();
        return present(() -> link.read("count", scope.deadline(), points -> points.count(request)))
                .getResult()
                .getCount();
    }

    /** Returns how many points a space has. */
    long count(VectorSpace space, String key, ReadScope scope) {
        return count(names.points(space), Conditions.all(Conditions.is(PointPayload.SPACE, key)), scope);
    }

    /** The collection of a space that is there must be there too. */
    private static <T> T present(Supplier<T> call) {
        try {
            return call.get();
        } catch (ContextException failed) {
            if (QdrantErrors.missing(failed)) {
                throw new CorruptDataException(
                        "Qdrant: the collection of a space is gone: " + failed.getMessage(), failed);
            }
            throw failed;
        }
    }
}
