package io.contextdb.backend.qdrant;

import io.contextdb.spi.journal.PointState;
import io.contextdb.spi.journal.PointVersion;
import io.contextdb.spi.journal.SpaceRef;
import io.contextdb.spi.vector.VectorPoint;
import io.qdrant.client.grpc.JsonWithInt.Value;
import io.qdrant.client.grpc.Points.PointStruct;
import java.util.List;
import java.util.Map;

/** What a copy of a point is: what it is searched by, and its version. The mark of a deletion has the version only. */
final class CopyPayload {
    /** The version, exact as a 64-bit float too. */
    static final String VERSION = "version";

    /** Whether the point was deleted; only then there. */
    static final String DELETED = "deleted";

    /** The fields that a {@link PointVersion} is read from. */
    static final List<String> VERSIONS = List.of(PointPayload.ID, VERSION, DELETED);

    private CopyPayload() {}

    /** Returns the key of a space. */
    static String key(SpaceRef space) {
        return key(space.id());
    }

    static String key(long space) {
        return Long.toString(space);
    }

    /** Returns the copy of a state. One without a vector is never found by a search. */
    static PointStruct of(SpaceRef space, PointState state) {
        Map<String, Value> payload = PointPayload.identity(key(space), state.id());
        payload.put(VERSION, Values.of(state.version()));
        PointStruct.Builder copy = PointStruct.newBuilder().setId(Names.point(key(space), state.id()));
        VectorPoint point = state.point().orElse(null);
        if (point == null) {
            payload.put(DELETED, Values.of(true));
        } else {
            payload.putAll(PointPayload.filterable(point));
        }
        return copy.putAllPayload(payload)
                .setVectors(StoredVectors.searched(
                        point == null ? null : point.vector().orElse(null)))
                .build();
    }

    static PointVersion version(Map<String, Value> payload) {
        return new PointVersion(
                PointPayload.id(payload), Values.integer(payload, VERSION), payload.containsKey(DELETED));
    }
}
