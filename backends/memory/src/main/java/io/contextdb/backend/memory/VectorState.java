package io.contextdb.backend.memory;

import io.contextdb.spi.value.CodePointOrder;
import io.contextdb.spi.value.UuidOrder;
import io.contextdb.spi.vector.VectorPoint;
import io.contextdb.spi.vector.VectorSpace;
import java.util.UUID;
import org.pcollections.TreePMap;

/**
 * The vector spaces of a snapshot.
 *
 * @param spaces spaces by name
 */
record VectorState(TreePMap<String, Space> spaces) {
    static final VectorState EMPTY = new VectorState(TreePMap.empty(CodePointOrder.INSTANCE));

    /**
     * A space with its points.
     *
     * @param definition as it was created
     * @param points points by id
     * @param texts the words of their texts
     * @param subjects points by subject
     */
    record Space(
            VectorSpace definition,
            TreePMap<UUID, StoredPoint> points,
            InvertedIndex texts,
            SubjectIndex<UUID> subjects) {
        static Space of(VectorSpace definition) {
            return new Space(
                    definition,
                    TreePMap.empty(UuidOrder.INSTANCE),
                    InvertedIndex.EMPTY,
                    SubjectIndex.empty(UuidOrder.INSTANCE));
        }

        Space plus(VectorPoint point) {
            Space without = minus(point.id());
            return new Space(
                    definition,
                    without.points.plus(point.id(), StoredPoint.of(point)),
                    point.text().isEmpty() ? without.texts : without.texts.plus(point.id(), point.text()),
                    without.subjects.plus(point.subject(), point.id()));
        }

        Space minus(UUID id) {
            StoredPoint old = points.get(id);
            if (old == null) {
                return this;
            }
            VectorPoint point = old.point();
            return new Space(
                    definition,
                    points.minus(id),
                    point.text().isEmpty() ? texts : texts.minus(id, point.text()),
                    subjects.minus(point.subject(), id));
        }
    }

    long size() {
        return spaces.values().stream()
                .mapToLong(space -> space.points().size())
                .sum();
    }
}
