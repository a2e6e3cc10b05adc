package io.contextdb.backend.memory;

import io.contextdb.spi.error.ErrorCode;
import io.contextdb.spi.error.InvalidRequestException;
import io.contextdb.spi.journal.PointChange;
import io.contextdb.spi.vector.Metric;
import io.contextdb.spi.vector.Vector;
import io.contextdb.spi.vector.VectorPoint;
import io.contextdb.spi.vector.VectorSpace;
import io.contextdb.spi.write.MutationResult;
import io.contextdb.spi.write.VectorMutation;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.pcollections.TreePMap;

/** Changes of the vector spaces within one batch (contract V). Not thread-safe. */
final class VectorChanges {
    /** Most mutations of a batch: numbers of spaces are those of their commit and mutation. */
    private static final long MUTATIONS = 1L << 17;

    private TreePMap<String, VectorState.Space> spaces;
    private final Set<PointChange> changed = new LinkedHashSet<>();

    VectorChanges(VectorState before) {
        spaces = before.spaces();
    }

    VectorState state() {
        return new VectorState(spaces);
    }

    /** Returns the points that were put or deleted in spaces that are still there. */
    List<PointChange> changed() {
        Set<Long> there = spaces.values().stream().map(VectorState.Space::id).collect(Collectors.toSet());
        return changed.stream().filter(change -> there.contains(change.space())).toList();
    }

    MutationResult apply(VectorMutation mutation, Step step) {
        return switch (mutation) {
            case VectorMutation.CreateSpace create -> create(create.space(), step);
            case VectorMutation.DropSpace drop -> {
                boolean there = spaces.containsKey(drop.space());
                spaces = spaces.minus(drop.space());
                yield new MutationResult.Removed(there ? 1 : 0);
            }
            case VectorMutation.PutPoint put -> {
                VectorState.Space space = space(spaces, put.space());
                put.point().vector().ifPresent(vector -> check(space.definition(), vector));
                spaces = spaces.plus(put.space(), space.plus(put.point(), step.commit()));
                changed.add(new PointChange(space.id(), put.point().id()));
                yield new MutationResult.Done();
            }
            case VectorMutation.DeletePoint delete -> {
                VectorState.Space space = space(spaces, delete.space());
                boolean there = space.points().containsKey(delete.id());
                spaces = spaces.plus(delete.space(), minus(space, delete.id()));
                yield new MutationResult.Removed(there ? 1 : 0);
            }
            case VectorMutation.DeletePoints delete -> delete(delete);
        };
    }

    private VectorState.Space minus(VectorState.Space space, UUID id) {
        if (space.points().containsKey(id)) {
            changed.add(new PointChange(space.id(), id));
        }
        return space.minus(id);
    }

    private MutationResult create(VectorSpace space, Step step) {
        VectorState.Space old = spaces.get(space.name());
        if (old == null) {
            spaces = spaces.plus(space.name(), VectorState.Space.of(step.commit() * MUTATIONS + step.index(), space));
        } else if (!old.definition().equals(space)) {
            throw new InvalidRequestException(
                    "space",
                    "'" + space.name() + "' exists as " + old.definition() + ", which cannot be changed to " + space);
        }
        return new MutationResult.Done();
    }

    private MutationResult delete(VectorMutation.DeletePoints delete) {
        VectorState.Space space = space(spaces, delete.space());
        List<UUID> matching = space.points().values().stream()
                .map(StoredPoint::point)
                .filter(delete.filter()::matches)
                .limit(delete.limit())
                .map(VectorPoint::id)
                .toList();
        for (UUID id : matching) {
            space = minus(space, id);
        }
        spaces = spaces.plus(delete.space(), space);
        return new MutationResult.Removed(matching.size());
    }

    /** Removes the points of a node, and those about it. */
    void erase(UUID node) {
        for (Map.Entry<String, VectorState.Space> entry : spaces.entrySet()) {
            VectorState.Space space = entry.getValue();
            for (UUID id : space.subjects().about(node.toString())) {
                space = minus(space, id);
            }
            spaces = spaces.plus(entry.getKey(), minus(space, node));
        }
    }

    static VectorState.Space space(TreePMap<String, VectorState.Space> spaces, String name) {
        VectorState.Space space = spaces.get(name);
        if (space == null) {
            throw new InvalidRequestException(
                    ErrorCode.NOT_FOUND, "space", "'" + name + "' does not exist in the namespace; create it first");
        }
        return space;
    }

    /** Refuses a vector that cannot be compared with those of a space (contract V1). */
    static void check(VectorSpace space, Vector vector) {
        if (vector.dimensions() != space.dimensions()) {
            throw new InvalidRequestException(
                    "vector",
                    "has " + vector.dimensions() + " dimensions, space '" + space.name() + "' has "
                            + space.dimensions());
        }
        if (space.metric() == Metric.COSINE && vector.isZero()) {
            throw new InvalidRequestException("vector", "must not be zero in a space compared by cosine");
        }
    }
}
