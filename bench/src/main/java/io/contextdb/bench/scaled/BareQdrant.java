package io.contextdb.bench.scaled;

import io.contextdb.bench.VectorData;
import io.qdrant.client.ConditionFactory;
import io.qdrant.client.PointIdFactory;
import io.qdrant.client.QdrantClient;
import io.qdrant.client.QdrantGrpcClient;
import io.qdrant.client.QueryFactory;
import io.qdrant.client.ValueFactory;
import io.qdrant.client.VectorFactory;
import io.qdrant.client.VectorsFactory;
import io.qdrant.client.WithPayloadSelectorFactory;
import io.qdrant.client.grpc.Collections.CreateCollection;
import io.qdrant.client.grpc.Collections.Distance;
import io.qdrant.client.grpc.Collections.HnswConfigDiff;
import io.qdrant.client.grpc.Collections.KeywordIndexParams;
import io.qdrant.client.grpc.Collections.PayloadIndexParams;
import io.qdrant.client.grpc.Collections.PayloadSchemaType;
import io.qdrant.client.grpc.Collections.VectorParams;
import io.qdrant.client.grpc.Collections.VectorParamsMap;
import io.qdrant.client.grpc.Collections.VectorsConfig;
import io.qdrant.client.grpc.Common.Filter;
import io.qdrant.client.grpc.Points.PointStruct;
import io.qdrant.client.grpc.Points.QueryPoints;
import io.qdrant.client.grpc.Points.ScoredPoint;
import io.qdrant.client.grpc.Points.UpsertPoints;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutionException;

/**
 * What somebody writes by hand with Qdrant's client for several tenants, as Qdrant's manual has it: one collection, a graph for each tenant and
 * none over all, each search within a tenant; the same data as ours as payload (text, start of validity, a property, which is indexed,
 * and the tenant's own id of the point, as two tenants may have the same).
 */
final class BareQdrant implements AutoCloseable {
    private static final String COLLECTION = "bench_raw";
    private static final String VECTOR = "v";
    private static final String TENANT = "tenant";
    private static final String ONE = "bench";

    /** Links of a point in a tenant's graph, as many as ours has by default. */
    private static final int LINKS = 16;

    private final QdrantClient client;

    BareQdrant(InetSocketAddress server) throws ExecutionException, InterruptedException {
        client = new QdrantClient(QdrantGrpcClient.newBuilder(server.getHostString(), server.getPort(), false)
                .build());
        if (client.collectionExistsAsync(COLLECTION).get()) {
            client.deleteCollectionAsync(COLLECTION).get();
        }
        VectorParams searched = VectorParams.newBuilder()
                .setSize(VectorData.DIMENSIONS)
                .setDistance(Distance.Cosine)
                .setHnswConfig(HnswConfigDiff.newBuilder().setM(0).setPayloadM(LINKS))
                .build();
        client.createCollectionAsync(CreateCollection.newBuilder()
                        .setCollectionName(COLLECTION)
                        .setOnDiskPayload(true)
                        .setVectorsConfig(VectorsConfig.newBuilder()
                                .setParamsMap(VectorParamsMap.newBuilder().putMap(VECTOR, searched)))
                        .build())
                .get();
        PayloadIndexParams tenants = PayloadIndexParams.newBuilder()
                .setKeywordIndexParams(KeywordIndexParams.newBuilder().setIsTenant(true))
                .build();
        client.createPayloadIndexAsync(COLLECTION, TENANT, PayloadSchemaType.Keyword, tenants, true, null, null)
                .get();
        client.createPayloadIndexAsync(COLLECTION, "bucket", PayloadSchemaType.Keyword, null, true, null, null)
                .get();
    }

    /** Adds points of the data, from one to another, which is not among them. */
    void add(VectorData data, int from, int to) throws ExecutionException, InterruptedException {
        List<PointStruct> points = new ArrayList<>();
        for (int i = from; i < Math.min(to, data.size()); i++) {
            points.add(point(VectorData.id(i), data.vector(i), data.text(i), Integer.toString(i % VectorData.BUCKETS)));
        }
        upsert(points);
    }

    private static PointStruct point(UUID id, float[] vector, String text, String bucket) {
        return PointStruct.newBuilder()
                .setId(PointIdFactory.id(id))
                .setVectors(VectorsFactory.namedVectors(Map.of(VECTOR, VectorFactory.vector(vector))))
                .putAllPayload(Map.of(
                        TENANT,
                        ValueFactory.value(ONE),
                        "id",
                        ValueFactory.value(id.toString()),
                        "from",
                        ValueFactory.value(0L),
                        "text",
                        ValueFactory.value(text),
                        "bucket",
                        ValueFactory.value(bucket)))
                .build();
    }

    private void upsert(List<PointStruct> points) throws ExecutionException, InterruptedException {
        client.upsertAsync(UpsertPoints.newBuilder()
                        .setCollectionName(COLLECTION)
                        .setWait(true)
                        .addAllPoints(points)
                        .build())
                .get();
    }

    /** Adds one point. */
    long put(float[] vector, String text) throws ExecutionException, InterruptedException {
        upsert(List.of(point(UUID.randomUUID(), vector, text, "none")));
        return 1;
    }

    /** Returns the ids of the nearest, of a bucket if it is not negative. */
    List<UUID> search(float[] query, int bucket) throws ExecutionException, InterruptedException {
        Filter.Builder filter = Filter.newBuilder().addMust(ConditionFactory.matchKeyword(TENANT, ONE));
        if (bucket >= 0) {
            filter.addMust(ConditionFactory.matchKeyword("bucket", Integer.toString(bucket)));
        }
        QueryPoints.Builder nearest = QueryPoints.newBuilder()
                .setCollectionName(COLLECTION)
                .setQuery(QueryFactory.nearest(query))
                .setUsing(VECTOR)
                .setLimit(VectorData.K)
                .setFilter(filter)
                .setWithPayload(WithPayloadSelectorFactory.enable(true));
        List<UUID> ids = new ArrayList<>();
        for (ScoredPoint hit : client.queryAsync(nearest.build()).get()) {
            ids.add(UUID.fromString(hit.getId().getUuid()));
        }
        return ids;
    }

    @Override
    public void close() {
        client.close();
    }
}
