package io.contextdb.backend.qdrant;

import io.contextdb.spi.error.ContextException;
import io.contextdb.spi.value.Deadline;
import io.qdrant.client.grpc.Common.PointId;
import io.qdrant.client.grpc.Points.RetrievedPoint;
import io.qdrant.client.grpc.Points.WithPayloadSelector;
import io.qdrant.client.grpc.Points.WithVectorsSelector;
import java.util.ArrayList;
import java.util.List;

/** Reads points by id, fewer at a time where an answer would be too great. */
final class PointReads {
    private static final int MOST = 256;

    private PointReads() {}

    static List<RetrievedPoint> get(
            Link link,
            String collection,
            List<PointId> ids,
            WithPayloadSelector payload,
            WithVectorsSelector vectors,
            Deadline deadline) {
        List<RetrievedPoint> found = new ArrayList<>();
        int portion = MOST;
        int from = 0;
        while (from < ids.size()) {
            List<PointId> some = ids.subList(from, Math.min(ids.size(), from + portion));
            try {
                found.addAll(link.read(
                                "get points",
                                deadline,
                                points -> points.get(Requests.get(collection, some)
                                        .setWithPayload(payload)
                                        .setWithVectors(vectors)
                                        .build()))
                        .getResultList());
                from += some.size();
            } catch (ContextException failed) {
                if (!QdrantErrors.tooGreat(failed) || portion == 1) {
                    throw failed;
                }
                portion /= 2;
            }
        }
        return found;
    }
}
