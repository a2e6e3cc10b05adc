package io.contextdb.backend.qdrant;

import io.contextdb.spi.error.ContextException;
import io.contextdb.spi.value.Deadline;
import io.contextdb.spi.value.NamespaceName;
import io.contextdb.spi.vector.Metric;
import io.contextdb.spi.vector.VectorSpace;
import io.qdrant.client.grpc.Common.Condition;
import io.qdrant.client.grpc.Common.Filter;
import io.qdrant.client.grpc.JsonWithInt.Value;
import io.qdrant.client.grpc.Points.PointStruct;
import io.qdrant.client.grpc.Points.PointsSelector;
import io.qdrant.client.grpc.Points.RetrievedPoint;
import io.qdrant.client.grpc.Points.SetPayloadPoints;
import io.qdrant.client.grpc.Points.UpdateMode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;

/**
 * Which namespaces and spaces there are: one entry each, in a collection of their own. A space is given a new key each time it is
 * created, so that points of one that was dropped can do no harm. Thread-safe.
 */
final class Registry {
    static final String NAMESPACE = "namespace";

    private static final String KIND = "kind";
    private static final String NAME = "name";
    private static final String DIMENSIONS = "dimensions";
    private static final String METRIC = "metric";
    private static final String MODEL = "model";
    private static final String KEY = "key";
    private static final String DROPPED_BY = "droppedBy";

    private final Link link;
    private final KnownCollections collections;
    private final String collection;

    Registry(Link link, Names names, KnownCollections collections) {
        this.link = link;
        this.collections = collections;
        collection = names.registry();
    }

    /**
     * A space that is there, or is being dropped.
     *
     * @param space what it is
     * @param key what its points carry
     * @param droppedBy operation that drops it, or ""
     */
    record Entry(VectorSpace space, String key, String droppedBy) {
        boolean live() {
            return droppedBy.isEmpty();
        }
    }

    Optional<Entry> find(NamespaceName namespace, String space, Deadline deadline) {
        return read(() -> link.read(
                                "find a space",
                                deadline,
                                points -> points.get(Requests.get(collection, List.of(Names.space(namespace, space)))
                                        .setWithPayload(Requests.WHOLE)
                                        .build()))
                        .getResultList())
                .stream()
                .findFirst()
                .map(point -> entry(point.getPayloadMap()));
    }

    private static Entry entry(Map<String, Value> payload) {
        return new Entry(
                new VectorSpace(
                        Values.text(payload, NAME),
                        (int) Values.integer(payload, DIMENSIONS),
                        Metric.valueOf(Values.text(payload, METRIC)),
                        Values.text(payload, MODEL)),
                Values.text(payload, KEY),
                Values.text(payload, DROPPED_BY));
    }

    /** Returns the spaces of a namespace, those that are being dropped too. */
    List<Entry> spaces(NamespaceName namespace, Deadline deadline) {
        List<Entry> entries = new ArrayList<>();
        each(
                deadline,
                payload -> entries.add(entry(payload)),
                Conditions.is(KIND, "space"),
                Conditions.is(NAMESPACE, namespace.value()));
        entries.sort(
                Comparator.comparing(entry -> entry.space().name(), io.contextdb.spi.value.CodePointOrder.INSTANCE));
        return entries;
    }

    /** Hands out the names of all namespaces, in no order. */
    void namespaces(Deadline deadline, Consumer<String> consumer) {
        each(deadline, payload -> consumer.accept(Values.text(payload, NAMESPACE)), Conditions.is(KIND, "namespace"));
    }

    /** Enters a space with a new key, unless there is one of its name. */
    void enter(NamespaceName namespace, VectorSpace space, Deadline deadline) {
        insert(
                PointStruct.newBuilder()
                        .setId(Names.space(namespace, space.name()))
                        .putPayload(KIND, Values.of("space"))
                        .putPayload(NAMESPACE, Values.of(namespace.value()))
                        .putPayload(NAME, Values.of(space.name()))
                        .putPayload(DIMENSIONS, Values.of(space.dimensions()))
                        .putPayload(METRIC, Values.of(space.metric().name()))
                        .putPayload(MODEL, Values.of(space.model()))
                        .putPayload(KEY, Values.of(UUID.randomUUID().toString())),
                deadline);
    }

    /** Enters a namespace, unless it is there. */
    void enter(NamespaceName namespace, Deadline deadline) {
        insert(
                PointStruct.newBuilder()
                        .setId(Names.namespace(namespace))
                        .putPayload(KIND, Values.of("namespace"))
                        .putPayload(NAMESPACE, Values.of(namespace.value())),
                deadline);
    }

    private void insert(PointStruct.Builder point, Deadline deadline) {
        collections.ensure(collection, new Names.Shape(1, Metric.DOT), KnownCollections.Kind.REGISTRY, deadline);
        PointStruct whole = point.setVectors(StoredVectors.searched(null)).build();
        link.write(
                "enter in the registry",
                deadline,
                points -> points.upsert(Requests.upsert(collection, List.of(whole))
                        .setUpdateMode(UpdateMode.InsertOnly)
                        .build()));
    }

    /** Notes which operation drops a space, which is not there any more for others then. */
    void markDropped(NamespaceName namespace, Entry entry, UUID operation, Deadline deadline) {
        SetPayloadPoints request = SetPayloadPoints.newBuilder()
                .setCollectionName(collection)
                .setWait(true)
                .setOrdering(Requests.ORDERED)
                .putPayload(DROPPED_BY, Values.of(operation.toString()))
                .setPointsSelector(PointsSelector.newBuilder().setFilter(only(namespace, entry)))
                .build();
        link.write("drop a space", deadline, points -> points.setPayload(request));
    }

    /** Removes a space's entry, and not that of one that was created after it. */
    void remove(NamespaceName namespace, Entry entry, Deadline deadline) {
        link.write(
                "drop a space", deadline, points -> points.delete(Requests.delete(collection, only(namespace, entry))));
    }

    void remove(NamespaceName namespace, Deadline deadline) {
        read(() -> {
            link.write(
                    "drop a namespace",
                    deadline,
                    points -> points.delete(Requests.delete(collection, List.of(Names.namespace(namespace)))));
            return List.of();
        });
    }

    private static Filter only(NamespaceName namespace, Entry entry) {
        return Conditions.all(
                Conditions.hasId(List.of(Names.space(namespace, entry.space().name()))),
                Conditions.is(KEY, entry.key()));
    }

    private void each(Deadline deadline, Consumer<Map<String, Value>> consumer, Condition... conditions) {
        new Scroll(link, collection, List.of(conditions), Requests.WHOLE, Scroll.NO_VECTORS)
                .each(deadline, point -> consumer.accept(point.getPayloadMap()));
    }

    /** A registry that was never written is empty. */
    private List<RetrievedPoint> read(java.util.function.Supplier<List<RetrievedPoint>> call) {
        try {
            return call.get();
        } catch (ContextException failed) {
            if (QdrantErrors.missing(failed)) {
                collections.doubt(collection);
                return List.of();
            }
            throw failed;
        }
    }
}
