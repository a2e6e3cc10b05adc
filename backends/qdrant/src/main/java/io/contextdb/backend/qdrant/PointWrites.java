package io.contextdb.backend.qdrant;

import io.contextdb.spi.error.ContextException;
import io.contextdb.spi.error.CorruptDataException;
import io.contextdb.spi.error.ErrorCode;
import io.contextdb.spi.error.InvalidRequestException;
import io.contextdb.spi.value.Deadline;
import io.contextdb.spi.value.NamespaceName;
import io.contextdb.spi.vector.VectorPoint;
import io.contextdb.spi.write.MutationResult;
import io.contextdb.spi.write.VectorMutation;
import io.qdrant.client.grpc.Common.PointId;
import io.qdrant.client.grpc.Points.PointStruct;
import java.util.List;
import java.util.UUID;
import java.util.function.Supplier;

/** Changes of points and spaces, one at a time. Thread-safe. */
final class PointWrites {
    private static final int PORTION = 1_000;

    private final Link link;
    private final Names names;
    private final Spaces spaces;
    private final QdrantVectors vectors;

    PointWrites(Link link, Names names, Spaces spaces, QdrantVectors vectors) {
        this.link = link;
        this.names = names;
        this.spaces = spaces;
        this.vectors = vectors;
    }

    MutationResult apply(NamespaceName namespace, UUID operation, VectorMutation mutation, Deadline deadline) {
        return switch (mutation) {
            case VectorMutation.CreateSpace create -> {
                spaces.create(namespace, create.space(), deadline);
                yield new MutationResult.Done();
            }
            case VectorMutation.DropSpace drop ->
                new MutationResult.Removed(spaces.drop(namespace, drop.space(), operation, deadline) ? 1 : 0);
            case VectorMutation.PutPoint put -> {
                put(namespace, put.space(), put.point(), deadline);
                yield new MutationResult.Done();
            }
            case VectorMutation.DeletePoint delete -> delete(namespace, delete, deadline);
            case VectorMutation.DeletePoints delete -> delete(namespace, delete, deadline);
        };
    }

    private void put(NamespaceName namespace, String space, VectorPoint point, Deadline deadline) {
        Spaces.Lease lease = spaces.get(namespace, space, deadline);
        point.vector().ifPresent(vector -> Searches.check(lease.space(), vector));
        PointStruct stored = PointStruct.newBuilder()
                .setId(Names.point(lease.key(), point.id()))
                .setVectors(StoredVectors.kept(
                        lease.space().metric(), point.vector().orElse(null)))
                .putAllPayload(PointPayload.whole(lease.key(), point))
                .build();
        String collection = names.points(lease.space());
        present(() -> link.write(
                "put a point",
                deadline,
                points -> points.upsert(
                        Requests.upsert(collection, List.of(stored)).build())));
        if (!spaces.stays(namespace, lease, deadline)) {
            // It was dropped while the point was on its way; nothing may stay behind.
            delete(collection, List.of(stored.getId()), deadline);
            throw new InvalidRequestException(
                    ErrorCode.NOT_FOUND, "space", "vector space '" + space + "' was dropped at the same time");
        }
    }

    private MutationResult delete(NamespaceName namespace, VectorMutation.DeletePoint delete, Deadline deadline) {
        Spaces.Lease lease = spaces.get(namespace, delete.space(), deadline);
        String collection = names.points(lease.space());
        List<PointId> id = List.of(Names.point(lease.key(), delete.id()));
        int there = present(() -> link.read(
                        "look for a point",
                        deadline,
                        points -> points.get(Requests.get(collection, id).build())))
                .getResultCount();
        if (there > 0) {
            delete(collection, id, deadline);
        }
        return new MutationResult.Removed(there);
    }

    private MutationResult delete(NamespaceName namespace, VectorMutation.DeletePoints delete, Deadline deadline) {
        Spaces.Lease lease = spaces.get(namespace, delete.space(), deadline);
        List<PointId> ids = present(() -> vectors.ids(lease, delete.filter(), delete.limit(), deadline)).stream()
                .map(id -> Names.point(lease.key(), id))
                .toList();
        for (int from = 0; from < ids.size(); from += PORTION) {
            delete(names.points(lease.space()), ids.subList(from, Math.min(ids.size(), from + PORTION)), deadline);
        }
        return new MutationResult.Removed(ids.size());
    }

    private void delete(String collection, List<PointId> ids, Deadline deadline) {
        present(() -> link.write("delete points", deadline, points -> points.delete(Requests.delete(collection, ids))));
    }

    private static <T> T present(Supplier<T> call) {
        try {
            return call.get();
        } catch (ContextException failed) {
            if (QdrantErrors.missing(failed)) {
                throw new CorruptDataException(
                        "Qdrant: the collection of a space is gone: " + failed.getMessage(), failed);
            }
            throw failed;
        }
    }
}
