package io.contextdb.backend.qdrant;

import io.contextdb.spi.journal.PointState;
import io.contextdb.spi.journal.PointVersion;
import io.contextdb.spi.journal.SpaceRef;
import io.contextdb.spi.value.Deadline;
import io.qdrant.client.grpc.Common.Condition;
import io.qdrant.client.grpc.Common.PointId;
import io.qdrant.client.grpc.Points.PointStruct;
import io.qdrant.client.grpc.Points.RetrievedPoint;
import io.qdrant.client.grpc.Points.UpsertPoints;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Lets a state replace only what is not newer (contract S1). Where the server judges a condition once and for all, it does so with
 * the change; an older one would judge it again when it reads its log, so there the versions are read before, which needs one
 * writer at a time: the driver's lease sees to that.
 */
final class Fence {
    /** States of one request: their bytes, and how many, since the server compares each with each. */
    private static final int PORTION_BYTES = 4 << 20;

    static final int PORTION = 64;
    private static final int PLAIN_PORTION = 1_000;

    private final Link link;
    private final boolean byServer;

    Fence(Link link, Server server) {
        this.link = link;
        byServer = server.keepsConditions();
    }

    /** Writes those states that are not older than what is there. */
    void put(String collection, SpaceRef space, Collection<PointState> states, Deadline deadline) {
        List<PointState> ordered = states.stream()
                .sorted(Comparator.comparingLong(PointState::version))
                .toList();
        List<PointState> due = byServer ? ordered : newer(collection, space, ordered, deadline);
        List<PointState> portion = new ArrayList<>();
        List<PointStruct> points = new ArrayList<>();
        long bytes = 0;
        for (PointState state : due) {
            PointStruct point = CopyPayload.of(space, state);
            if (!points.isEmpty()
                    && (bytes + point.getSerializedSize() > PORTION_BYTES
                            || points.size() == (byServer ? PORTION : PLAIN_PORTION))) {
                write(collection, portion, points, deadline);
                portion.clear();
                points.clear();
                bytes = 0;
            }
            portion.add(state);
            points.add(point);
            bytes += point.getSerializedSize();
        }
        if (!points.isEmpty()) {
            write(collection, portion, points, deadline);
        }
    }

    private void write(String collection, List<PointState> states, List<PointStruct> points, Deadline deadline) {
        UpsertPoints.Builder request = Requests.upsert(collection, points);
        if (byServer) {
            List<Condition> conditions = new ArrayList<>();
            for (int i = 0; i < states.size(); i++) {
                conditions.add(Conditions.holds(Conditions.all(
                        Conditions.hasId(List.of(points.get(i).getId())),
                        Conditions.atMost(
                                CopyPayload.VERSION, (double) states.get(i).version()))));
            }
            request.setUpdateFilter(Conditions.any(conditions));
        }
        link.write("copy points", deadline, stub -> stub.upsert(request.build()));
    }

    private List<PointState> newer(String collection, SpaceRef space, List<PointState> states, Deadline deadline) {
        Map<PointId, PointState> byId = new HashMap<>();
        states.forEach(state -> byId.put(Names.point(CopyPayload.key(space), state.id()), state));
        Map<PointId, Long> there = new HashMap<>();
        for (RetrievedPoint point : versions(collection, byId.keySet(), deadline)) {
            there.put(point.getId(), Values.integer(point.getPayloadMap(), CopyPayload.VERSION));
        }
        return byId.entrySet().stream()
                .filter(entry -> entry.getValue().version() >= there.getOrDefault(entry.getKey(), 0L))
                .map(Map.Entry::getValue)
                .toList();
    }

    private List<RetrievedPoint> versions(String collection, Collection<PointId> ids, Deadline deadline) {
        return link.read(
                        "read versions",
                        deadline,
                        points -> points.get(Requests.get(collection, ids)
                                .setWithPayload(Requests.fields(CopyPayload.VERSIONS))
                                .build()))
                .getResultList();
    }

    /** Removes marks of deletions that still have their version. */
    void purge(String collection, SpaceRef space, List<PointVersion> marks, Deadline deadline) {
        Map<PointId, Long> due = new HashMap<>();
        marks.forEach(mark -> due.put(Names.point(CopyPayload.key(space), mark.point()), mark.version()));
        if (byServer) {
            List<Condition> conditions = new ArrayList<>();
            due.forEach((id, version) -> conditions.add(Conditions.holds(Conditions.all(
                    Conditions.hasId(List.of(id)),
                    Conditions.atLeast(CopyPayload.VERSION, (double) version),
                    Conditions.atMost(CopyPayload.VERSION, (double) version),
                    Conditions.not(Conditions.absent(CopyPayload.DELETED))))));
            link.write(
                    "purge marks",
                    deadline,
                    points -> points.delete(Requests.delete(collection, Conditions.any(conditions))));
            return;
        }
        List<PointId> still = versions(collection, due.keySet(), deadline).stream()
                .filter(point -> {
                    PointVersion version = CopyPayload.version(point.getPayloadMap());
                    return version.deleted() && due.getOrDefault(point.getId(), -1L) == version.version();
                })
                .map(RetrievedPoint::getId)
                .toList();
        if (!still.isEmpty()) {
            link.write("purge marks", deadline, points -> points.delete(Requests.delete(collection, still)));
        }
    }
}
