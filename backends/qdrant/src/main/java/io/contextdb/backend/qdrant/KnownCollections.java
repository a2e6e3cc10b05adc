package io.contextdb.backend.qdrant;

import io.contextdb.spi.error.ContextException;
import io.contextdb.spi.error.ErrorCode;
import io.contextdb.spi.value.Deadline;
import io.contextdb.spi.vector.Metric;
import io.qdrant.client.grpc.Collections.CollectionDescription;
import io.qdrant.client.grpc.Collections.CollectionExistsRequest;
import io.qdrant.client.grpc.Collections.CreateCollection;
import io.qdrant.client.grpc.Collections.Distance;
import io.qdrant.client.grpc.Collections.HnswConfigDiff;
import io.qdrant.client.grpc.Collections.IntegerIndexParams;
import io.qdrant.client.grpc.Collections.KeywordIndexParams;
import io.qdrant.client.grpc.Collections.ListCollectionsRequest;
import io.qdrant.client.grpc.Collections.PayloadIndexParams;
import io.qdrant.client.grpc.Collections.StrictModeConfig;
import io.qdrant.client.grpc.Collections.VectorParams;
import io.qdrant.client.grpc.Collections.VectorParamsMap;
import io.qdrant.client.grpc.Collections.VectorsConfig;
import io.qdrant.client.grpc.Points.CreateFieldIndexCollection;
import io.qdrant.client.grpc.Points.FieldType;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Creates collections with their indexes, and remembers which are there. Thread-safe. */
final class KnownCollections {
    /** Name of the vector that is searched. */
    static final String SEARCHED = "v";

    /** Name of the vector as it was written, where the searched one is brought to length 1. */
    static final String WRITTEN = "w";

    private final Link link;
    private final Settings.Layout layout;
    private final Set<String> known = ConcurrentHashMap.newKeySet();

    KnownCollections(Link link, Settings.Layout layout) {
        this.link = link;
        this.layout = layout;
    }

    /** What a collection is for. */
    enum Kind {
        /** Spaces and namespaces. */
        REGISTRY,
        /** Points, whose vectors are read back as they were written. */
        POINTS,
        /** Copies of points, whose vectors are only searched. */
        COPIES,
        /** A watermark where there are no copies yet. */
        MARK
    }

    /** Returns the names of all collections of the server. */
    List<String> list(Deadline deadline) {
        return link
                .collections(
                        "list collections",
                        deadline,
                        collections -> collections.list(ListCollectionsRequest.getDefaultInstance()))
                .getCollectionsList()
                .stream()
                .map(CollectionDescription::getName)
                .toList();
    }

    /** Returns whether a collection is there; asks the server. */
    boolean exists(String name, Deadline deadline) {
        return link.collections(
                        "look for a collection",
                        deadline,
                        collections -> collections.collectionExists(CollectionExistsRequest.newBuilder()
                                .setCollectionName(name)
                                .build()))
                .getResult()
                .getExists();
    }

    /** Returns whether a collection was found or created by this connection. */
    boolean knows(String name) {
        return known.contains(name);
    }

    /** Looks again at the next use whether a collection is there. */
    void doubt(String name) {
        known.remove(name);
    }

    /** Creates a collection unless it is there, with its indexes. */
    void ensure(String name, Names.Shape shape, Kind kind, Deadline deadline) {
        if (known.contains(name)) {
            return;
        }
        if (!exists(name, deadline)) {
            create(name, shape, kind, deadline);
        }
        // Also where the collection was there: who created it may have ended in between.
        index(name, kind, deadline);
        known.add(name);
    }

    private void create(String name, Names.Shape shape, Kind kind, Deadline deadline) {
        VectorParamsMap.Builder vectors = VectorParamsMap.newBuilder().putMap(SEARCHED, searched(shape));
        if (kind == Kind.POINTS && shape.metric() == Metric.COSINE) {
            vectors.putMap(WRITTEN, written(shape));
        }
        CreateCollection request = CreateCollection.newBuilder()
                .setCollectionName(name)
                .setOnDiskPayload(true)
                // Filters look at fields without an index too, and searches may need many points.
                .setStrictModeConfig(StrictModeConfig.newBuilder().setEnabled(false))
                .setVectorsConfig(VectorsConfig.newBuilder().setParamsMap(vectors))
                .build();
        try {
            link.collections("create a collection", deadline, collections -> collections.create(request));
        } catch (ContextException refused) {
            if (refused.code() != ErrorCode.PRECONDITION_FAILED && !exists(name, deadline)) {
                throw refused;
            }
        }
    }

    /** Every search is within one space, so there is a graph for each space and none over all. */
    private VectorParams searched(Names.Shape shape) {
        return VectorParams.newBuilder()
                .setSize(shape.dimensions())
                .setDistance(distance(shape.metric()))
                .setOnDisk(layout.vectorsOnDisk())
                .setHnswConfig(HnswConfigDiff.newBuilder()
                        .setM(0)
                        .setPayloadM(layout.links())
                        .setEfConstruct(layout.breadth()))
                .build();
    }

    private static VectorParams written(Names.Shape shape) {
        return VectorParams.newBuilder()
                .setSize(shape.dimensions())
                .setDistance(Distance.Dot)
                .setOnDisk(true)
                .setHnswConfig(HnswConfigDiff.newBuilder().setM(0).setPayloadM(0))
                .build();
    }

    private static Distance distance(Metric metric) {
        return switch (metric) {
            case COSINE -> Distance.Cosine;
            case DOT -> Distance.Dot;
            case EUCLIDEAN -> Distance.Euclid;
        };
    }

    private void index(String name, Kind kind, Deadline deadline) {
        if (kind == Kind.REGISTRY) {
            index(name, Registry.NAMESPACE, keyword(false), deadline);
            return;
        }
        if (kind == Kind.MARK) {
            return;
        }
        index(name, PointPayload.SPACE, keyword(true), deadline);
        index(name, PointPayload.TERMS, keyword(false), deadline);
        index(name, PointPayload.ORDER, range(), deadline);
        if (kind == Kind.COPIES) {
            index(name, CopyPayload.VERSION, range(), deadline);
        }
    }

    private static PayloadIndexParams keyword(boolean tenant) {
        return PayloadIndexParams.newBuilder()
                .setKeywordIndexParams(KeywordIndexParams.newBuilder().setIsTenant(tenant))
                .build();
    }

    private static PayloadIndexParams range() {
        return PayloadIndexParams.newBuilder()
                .setIntegerIndexParams(
                        IntegerIndexParams.newBuilder().setLookup(false).setRange(true))
                .build();
    }

    private void index(String name, String field, PayloadIndexParams params, Deadline deadline) {
        CreateFieldIndexCollection request = CreateFieldIndexCollection.newBuilder()
                .setCollectionName(name)
                .setWait(true)
                .setFieldName(field)
                .setFieldType(params.hasKeywordIndexParams() ? FieldType.FieldTypeKeyword : FieldType.FieldTypeInteger)
                .setFieldIndexParams(params)
                .build();
        link.write("create an index", deadline, points -> points.createFieldIndex(request));
    }
}
