package io.contextdb.backend.qdrant;

import io.contextdb.spi.error.ContextException;
import io.contextdb.spi.value.Deadline;
import io.contextdb.spi.value.UuidOrder;
import io.qdrant.client.grpc.Common.Condition;
import io.qdrant.client.grpc.Common.Filter;
import io.qdrant.client.grpc.Common.PointId;
import io.qdrant.client.grpc.Points.OrderBy;
import io.qdrant.client.grpc.Points.RetrievedPoint;
import io.qdrant.client.grpc.Points.ScrollPoints;
import io.qdrant.client.grpc.Points.ScrollResponse;
import io.qdrant.client.grpc.Points.WithPayloadSelector;
import io.qdrant.client.grpc.Points.WithVectorsSelector;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Reads of many points of a collection that fulfil a condition. The server can order by a number, but not by 128 bits: the
 * first 53 bits of ids are such a number, and points that agree in it are ordered here.
 *
 * @param link the server
 * @param collection the collection; none of that name has no points
 * @param conditions what the points must fulfil
 * @param payload what is read of their payloads, with {@link PointPayload#ID} at least
 * @param vectors which vectors are read
 */
record Scroll(
        Link link,
        String collection,
        List<Condition> conditions,
        WithPayloadSelector payload,
        WithVectorsSelector vectors) {
    private static final int MOST = 256;

    private static final Comparator<RetrievedPoint> BY_ID = Comparator.comparing(Scroll::id, UuidOrder.INSTANCE);

    static final WithVectorsSelector NO_VECTORS =
            WithVectorsSelector.newBuilder().setEnable(false).build();

    private static UUID id(RetrievedPoint point) {
        return PointPayload.id(point.getPayloadMap());
    }

    /** Returns at most {@code limit} points after an id that are kept, ordered by id. */
    List<RetrievedPoint> after(@Nullable UUID after, int limit, Predicate<RetrievedPoint> keep, Deadline deadline) {
        List<RetrievedPoint> kept = new ArrayList<>();
        UUID last = after;
        while (kept.size() < limit) {
            List<RetrievedPoint> next = next(last, Math.min(limit - kept.size(), MOST), deadline);
            if (next.isEmpty()) {
                break;
            }
            next.stream().filter(keep).limit(limit - kept.size()).forEach(kept::add);
            last = id(next.getLast());
        }
        return kept;
    }

    /** Returns some of the points that follow an id, without a gap, ordered by id; none only if there are none. */
    private List<RetrievedPoint> next(@Nullable UUID after, int want, Deadline deadline) {
        long from = after == null ? 0 : PointPayload.order(after);
        int limit = want + 1;
        while (true) {
            List<RetrievedPoint> read;
            try {
                read = ordered(from, limit, deadline);
            } catch (ContextException failed) {
                if (!QdrantErrors.tooGreat(failed) || limit == 1) {
                    throw failed;
                }
                limit /= 2;
                continue;
            }
            // Of the last number there may be more.
            boolean whole = read.size() < limit;
            long last = whole ? Long.MAX_VALUE : PointPayload.order(id(read.getLast()));
            List<RetrievedPoint> sure = read.stream()
                    .filter(point -> PointPayload.order(id(point)) < last)
                    .filter(point -> follows(point, after))
                    .sorted(BY_ID)
                    .toList();
            if (whole || !sure.isEmpty()) {
                return sure;
            }
            List<RetrievedPoint> same = least(last, after, want, deadline);
            if (!same.isEmpty()) {
                return same;
            }
            from = last + 1;
        }
    }

    private static boolean follows(RetrievedPoint point, @Nullable UUID after) {
        return after == null || UuidOrder.INSTANCE.compare(id(point), after) > 0;
    }

    private List<RetrievedPoint> ordered(long from, int limit, Deadline deadline) {
        return read(
                        request(limit, Conditions.atLeast(PointPayload.ORDER, (double) from))
                                .setOrderBy(OrderBy.newBuilder().setKey(PointPayload.ORDER))
                                .build(),
                        deadline)
                .getResultList();
    }

    /** Returns the first of the points that agree in the number, after an id. */
    private List<RetrievedPoint> least(long order, @Nullable UUID after, int want, Deadline deadline) {
        PriorityQueue<RetrievedPoint> least = new PriorityQueue<>(BY_ID.reversed());
        each(
                deadline,
                point -> {
                    if (follows(point, after)) {
                        least.add(point);
                        if (least.size() > want) {
                            least.remove();
                        }
                    }
                },
                Conditions.atLeast(PointPayload.ORDER, (double) order),
                Conditions.atMost(PointPayload.ORDER, (double) order));
        return least.stream().sorted(BY_ID).toList();
    }

    /** Hands out all points, in no order. */
    void each(Deadline deadline, Consumer<RetrievedPoint> consumer, Condition... further) {
        PointId offset = null;
        int limit = MOST;
        do {
            ScrollPoints.Builder request = request(limit, further);
            if (offset != null) {
                request.setOffset(offset);
            }
            ScrollResponse read;
            try {
                read = read(request.build(), deadline);
            } catch (ContextException failed) {
                if (!QdrantErrors.tooGreat(failed) || limit == 1) {
                    throw failed;
                }
                limit /= 2;
                continue;
            }
            read.getResultList().forEach(consumer);
            offset = read.hasNextPageOffset() ? read.getNextPageOffset() : null;
            if (offset == null) {
                return;
            }
        } while (true);
    }

    private ScrollPoints.Builder request(int limit, Condition... further) {
        return ScrollPoints.newBuilder()
                .setCollectionName(collection)
                .setFilter(Filter.newBuilder().addAllMust(conditions).addAllMust(List.of(further)))
                .setLimit(limit)
                .setWithPayload(payload)
                .setWithVectors(vectors);
    }

    private ScrollResponse read(ScrollPoints request, Deadline deadline) {
        try {
            return link.read("scroll", deadline, points -> points.scroll(request));
        } catch (ContextException failed) {
            if (QdrantErrors.missing(failed)) {
                return ScrollResponse.getDefaultInstance();
            }
            throw failed;
        }
    }
}
