package io.contextdb.backend.qdrant;

import io.grpc.ManagedChannel;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.qdrant.client.grpc.Collections.CollectionDescription;
import io.qdrant.client.grpc.Collections.DeleteCollection;
import io.qdrant.client.grpc.Collections.ListCollectionsRequest;
import io.qdrant.client.grpc.CollectionsGrpc;
import io.qdrant.client.grpc.Points.RetrievedPoint;
import io.qdrant.client.grpc.Points.ScrollPoints;
import io.qdrant.client.grpc.Points.WithVectorsSelector;
import io.qdrant.client.grpc.PointsGrpc;
import java.util.List;

/** What stands in a server, seen without the backend. */
final class Raw implements AutoCloseable {
    private final ManagedChannel channel;

    Raw(OwnServer server) {
        channel = NettyChannelBuilder.forAddress("127.0.0.1", server.port())
                .usePlaintext()
                .build();
    }

    ManagedChannel channel() {
        return channel;
    }

    List<String> collections() {
        return CollectionsGrpc.newBlockingStub(channel)
                .list(ListCollectionsRequest.getDefaultInstance())
                .getCollectionsList()
                .stream()
                .map(CollectionDescription::getName)
                .toList();
    }

    void drop(String collection) {
        CollectionsGrpc.newBlockingStub(channel)
                .delete(DeleteCollection.newBuilder()
                        .setCollectionName(collection)
                        .build());
    }

    List<RetrievedPoint> points(String collection) {
        return PointsGrpc.newBlockingStub(channel)
                .scroll(ScrollPoints.newBuilder()
                        .setCollectionName(collection)
                        .setLimit(10_000)
                        .setWithPayload(Requests.WHOLE)
                        .setWithVectors(WithVectorsSelector.newBuilder().setEnable(true))
                        .build())
                .getResultList();
    }

    @Override
    public void close() {
        channel.shutdownNow();
    }
}
