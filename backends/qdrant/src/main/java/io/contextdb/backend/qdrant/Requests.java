package io.contextdb.backend.qdrant;

import io.qdrant.client.grpc.Common.Filter;
import io.qdrant.client.grpc.Common.PointId;
import io.qdrant.client.grpc.Points.DeletePoints;
import io.qdrant.client.grpc.Points.GetPoints;
import io.qdrant.client.grpc.Points.PayloadIncludeSelector;
import io.qdrant.client.grpc.Points.PointStruct;
import io.qdrant.client.grpc.Points.PointsIdsList;
import io.qdrant.client.grpc.Points.PointsSelector;
import io.qdrant.client.grpc.Points.UpsertPoints;
import io.qdrant.client.grpc.Points.WithPayloadSelector;
import io.qdrant.client.grpc.Points.WriteOrdering;
import io.qdrant.client.grpc.Points.WriteOrderingType;
import java.util.Collection;
import java.util.List;

/** Requests that several parts make. Changes are seen by the next read once they are answered. */
final class Requests {
    /** Goes through one replica, so that no two replicas order changes of a point otherwise. */
    static final WriteOrdering ORDERED =
            WriteOrdering.newBuilder().setType(WriteOrderingType.Medium).build();

    /** The whole payload. */
    static final WithPayloadSelector WHOLE =
            WithPayloadSelector.newBuilder().setEnable(true).build();

    /** What a point is read from, without what it is only found by. */
    static final WithPayloadSelector POINT = fields(PointPayload.FIELDS);

    private Requests() {}

    /** Returns the choice of some fields of the payload. */
    static WithPayloadSelector fields(List<String> names) {
        return WithPayloadSelector.newBuilder()
                .setInclude(PayloadIncludeSelector.newBuilder().addAllFields(names))
                .build();
    }

    static UpsertPoints.Builder upsert(String collection, Collection<PointStruct> points) {
        return UpsertPoints.newBuilder()
                .setCollectionName(collection)
                .setWait(true)
                .setOrdering(ORDERED)
                .addAllPoints(points);
    }

    static GetPoints.Builder get(String collection, Collection<PointId> ids) {
        return GetPoints.newBuilder().setCollectionName(collection).addAllIds(ids);
    }

    static DeletePoints delete(String collection, Collection<PointId> ids) {
        return delete(
                collection,
                PointsSelector.newBuilder()
                        .setPoints(PointsIdsList.newBuilder().addAllIds(ids))
                        .build());
    }

    static DeletePoints delete(String collection, Filter filter) {
        return delete(collection, PointsSelector.newBuilder().setFilter(filter).build());
    }

    private static DeletePoints delete(String collection, PointsSelector which) {
        return DeletePoints.newBuilder()
                .setCollectionName(collection)
                .setWait(true)
                .setOrdering(ORDERED)
                .setPoints(which)
                .build();
    }
}
