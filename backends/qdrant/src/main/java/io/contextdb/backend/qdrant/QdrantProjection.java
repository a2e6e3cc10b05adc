package io.contextdb.backend.qdrant;

import io.contextdb.spi.error.ContextException;
import io.contextdb.spi.error.ContextUnavailableException;
import io.contextdb.spi.error.CorruptDataException;
import io.contextdb.spi.error.Outcome;
import io.contextdb.spi.journal.Candidates;
import io.contextdb.spi.journal.PointState;
import io.contextdb.spi.journal.PointVersion;
import io.contextdb.spi.journal.Projection;
import io.contextdb.spi.journal.SpaceRef;
import io.contextdb.spi.journal.Watermark;
import io.contextdb.spi.value.Deadline;
import io.contextdb.spi.value.Page;
import io.contextdb.spi.value.PageRequest;
import io.contextdb.spi.value.UuidOrder;
import io.contextdb.spi.vector.VectorQuery;
import io.qdrant.client.grpc.Common.Condition;
import io.qdrant.client.grpc.Common.PointId;
import io.qdrant.client.grpc.Points.BatchResult;
import io.qdrant.client.grpc.Points.FacetCounts;
import io.qdrant.client.grpc.Points.FacetHit;
import io.qdrant.client.grpc.Points.QueryBatchPoints;
import io.qdrant.client.grpc.Points.ScoredPoint;
import io.qdrant.client.grpc.QdrantOuterClass.HealthCheckRequest;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Copies of another store's points in collections of their own, each with the version of its state. Thread-safe. */
final class QdrantProjection implements Projection {
    private static final String LIST = "copies";
    private static final int PORTION = 1_000;

    /** Beyond this many spaces in a collection a Qdrant is of no use any more. */
    private static final int MOST_SPACES = 1_000_000;

    private static final Comparator<ScoredPoint> BY_ID =
            Comparator.comparing(point -> PointPayload.id(point.getPayloadMap()), UuidOrder.INSTANCE);

    private final Link link;
    private final Names names;
    private final KnownCollections collections;
    private final Watermarks watermarks;
    private final Fence fence;

    QdrantProjection(Link link, Names names, KnownCollections collections, Server server) {
        this.link = link;
        this.names = names;
        this.collections = collections;
        watermarks = new Watermarks(link, names, collections);
        fence = new Fence(link, server);
    }

    /**
     * Qdrant does not tell its lives apart; but none outlives the connections to it. So this is another in each process, and after each
     * break of the connection.
     */
    @Override
    public String incarnation(Deadline deadline) {
        link.service(
                "ask for a sign of life",
                deadline,
                server -> server.healthCheck(HealthCheckRequest.getDefaultInstance()));
        return link.connection();
    }

    @Override
    public Optional<Watermark> watermark(Deadline deadline) {
        return watermarks.read(deadline);
    }

    @Override
    public boolean advance(@Nullable Watermark from, Watermark to, Deadline deadline) {
        return watermarks.advance(from, to, deadline);
    }

    @Override
    public void apply(SpaceRef space, List<PointState> states, Deadline deadline) {
        Map<UUID, PointState> latest = new HashMap<>();
        for (PointState state : states) {
            state.point().flatMap(point -> point.vector()).ifPresent(vector -> Searches.check(space.space(), vector));
            latest.merge(state.id(), state, (a, b) -> a.version() >= b.version() ? a : b);
        }
        if (latest.isEmpty()) {
            return;
        }
        String collection = names.copies(space.space());
        prepare(collection, Names.Shape.of(space.space()), deadline);
        try {
            fence.put(collection, space, latest.values(), deadline);
        } catch (ContextException failed) {
            if (QdrantErrors.missing(failed)) {
                collections.doubt(collection);
                throw new ContextUnavailableException(
                        "Qdrant: collection " + collection + " is gone", Outcome.UNKNOWN, failed);
            }
            throw failed;
        }
    }

    private void prepare(String collection, Names.Shape shape, Deadline deadline) {
        if (!collections.knows(collection)) {
            collections.ensure(collection, shape, KnownCollections.Kind.COPIES, deadline);
            watermarks.adopt(collection, deadline);
        }
    }

    @Override
    public Candidates candidates(SpaceRef space, List<VectorQuery> queries, Deadline deadline) {
        String collection = names.copies(space.space());
        QueryBatchPoints.Builder batch = QueryBatchPoints.newBuilder().setCollectionName(collection);
        List<Integer> asked = new ArrayList<>();
        for (int i = 0; i < queries.size(); i++) {
            VectorQuery query = queries.get(i);
            Searches.check(space.space(), query.vector());
            Optional<io.qdrant.client.grpc.Common.Filter> filter =
                    Searches.filter(CopyPayload.key(space), query.filter());
            if (filter.isPresent()) {
                asked.add(i);
                batch.addQueryPoints(
                        Searches.nearest(collection, query.vector(), query.k(), filter.get(), query.exact())
                                .setWithPayload(Requests.fields(List.of(PointPayload.ID))));
            }
        }
        List<List<UUID>> answers = new ArrayList<>();
        queries.forEach(query -> answers.add(List.of()));
        if (!asked.isEmpty()) {
            List<BatchResult> found = orIfMissing(
                    () -> link.read("search", deadline, points -> points.queryBatch(batch.build()))
                            .getResultList(),
                    List.of());
            for (int i = 0; i < found.size(); i++) {
                answers.set(asked.get(i), ids(found.get(i).getResultList(), space));
            }
        }
        return new Candidates(link.connection(), answers);
    }

    /** Points of the same score come in no order from the server. */
    private static List<UUID> ids(List<ScoredPoint> found, SpaceRef space) {
        Comparator<ScoredPoint> nearer = Comparator.comparingDouble(
                point -> -Searches.score(space.space().metric(), point.getScore()));
        return found.stream()
                .sorted(nearer.thenComparing(BY_ID))
                .map(point -> PointPayload.id(point.getPayloadMap()))
                .toList();
    }

    @Override
    public Page<PointVersion> versions(SpaceRef space, PageRequest page, Deadline deadline) {
        Scroll scroll = new Scroll(
                link,
                names.copies(space.space()),
                List.of(within(space.id())),
                Requests.fields(CopyPayload.VERSIONS),
                Scroll.NO_VECTORS);
        List<PointVersion> read =
                scroll.after(Cursor.id(page, LIST), page.limit() + 1, point -> true, deadline).stream()
                        .map(point -> CopyPayload.version(point.getPayloadMap()))
                        .toList();
        return Page.of(read, page.limit(), last -> Cursor.of(LIST, last.point()));
    }

    private static Condition within(long space) {
        return Conditions.is(PointPayload.SPACE, CopyPayload.key(space));
    }

    @Override
    public void purge(SpaceRef space, List<PointVersion> marks, Deadline deadline) {
        List<PointVersion> deleted =
                marks.stream().filter(PointVersion::deleted).toList();
        for (int from = 0; from < deleted.size(); from += Fence.PORTION) {
            List<PointVersion> portion = deleted.subList(from, Math.min(deleted.size(), from + Fence.PORTION));
            orIfMissing(
                    () -> {
                        fence.purge(names.copies(space.space()), space, portion, deadline);
                        return true;
                    },
                    false);
        }
    }

    @Override
    public Set<Long> spaces(Deadline deadline) {
        Set<Long> spaces = new HashSet<>();
        for (String collection : collections(deadline)) {
            // Who created it may have ended before its indexes were there, without which spaces cannot be counted.
            names.shapeOfCopies(collection).ifPresent(shape -> prepare(collection, shape, deadline));
            FacetCounts request = FacetCounts.newBuilder()
                    .setCollectionName(collection)
                    .setKey(PointPayload.SPACE)
                    .setLimit(MOST_SPACES)
                    .setExact(true)
                    .build();
            List<FacetHit> hits = link.read("list spaces", deadline, points -> points.facet(request))
                    .getHitsList();
            if (hits.size() == MOST_SPACES) {
                throw new CorruptDataException(
                        "Qdrant: collection " + collection + " has " + MOST_SPACES + " spaces or more", null);
            }
            // A space whose points were all removed may still be named, with none.
            hits.stream()
                    .filter(hit -> hit.getCount() > 0)
                    .forEach(hit -> spaces.add(Long.parseLong(hit.getValue().getStringValue())));
        }
        return spaces;
    }

    private List<String> collections(Deadline deadline) {
        return collections.list(deadline).stream()
                .filter(name -> names.shapeOfCopies(name).isPresent())
                .toList();
    }

    @Override
    public void forget(Collection<Long> spaces, Deadline deadline) {
        for (String collection : collections(deadline)) {
            for (long space : spaces) {
                remove(collection, space, deadline);
            }
        }
    }

    /** By id: a deletion by a condition is judged again by some servers when they read their log. */
    private void remove(String collection, long space, Deadline deadline) {
        Scroll scroll = new Scroll(
                link, collection, List.of(within(space)), Requests.fields(List.of(PointPayload.ID)), Scroll.NO_VECTORS);
        List<PointId> portion = new ArrayList<>();
        scroll.each(deadline, point -> {
            portion.add(point.getId());
            if (portion.size() == PORTION) {
                delete(collection, portion, deadline);
                portion.clear();
            }
        });
        if (!portion.isEmpty()) {
            delete(collection, portion, deadline);
        }
    }

    private void delete(String collection, List<PointId> ids, Deadline deadline) {
        link.write("remove points", deadline, points -> points.delete(Requests.delete(collection, ids)));
    }

    private static <T> T orIfMissing(Supplier<T> call, T otherwise) {
        try {
            return call.get();
        } catch (ContextException failed) {
            if (QdrantErrors.missing(failed)) {
                return otherwise;
            }
            throw failed;
        }
    }
}
