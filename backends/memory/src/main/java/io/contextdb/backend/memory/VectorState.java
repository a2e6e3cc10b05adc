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
     * @param id its number, never given to another
     * @param definition as it was created
     * @param points points by id
     * @param texts the words of their texts
     * @param subjects points by subject
     */
    record Space(
            long id,
            VectorSpace definition,
            TreePMap<UUID, StoredPoint> points,
            InvertedIndex texts,
            SubjectIndex<UUID> subjects) {
        static Space of(long id, VectorSpace definition) {
            return new Space(
                    id,
                    definition,
                    TreePMap.empty(UuidOrder.INSTANCE),
                    InvertedIndex.EMPTY,
                    SubjectIndex.empty(UuidOrder.INSTANCE));
        }

        Space plus(VectorPoint point, long version) {
            Space without = minus(point.id());
            return new Space(
                    id,
                    definition,
                    without.points.plus(point.id(), StoredPoint.of(point, version)),
                    point.text().isEmpty() ? without.texts : without.texts.plus(point.id(), point.text()),
                    without.subjects.plus(point.subject(), point.id()));
        }

        Space minus(UUID point) {
            StoredPoint old = points.get(point);
            if (old == null) {
                return this;
            }
            VectorPoint content = old.point();
            return new Space(
                    id,
                    definition,
                    points.minus(point),
                    content.text().isEmpty() ? texts : texts.minus(point, content.text()),
                    subjects.minus(content.subject(), point));
        }
    }

    long size() {
        return spaces.values().stream()
                .mapToLong(space -> space.points().size())
                .sum();
    }
}
