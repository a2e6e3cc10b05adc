package io.contextdb.spi.write;

import io.contextdb.spi.capability.Capability;
import io.contextdb.spi.filter.Filter;
import io.contextdb.spi.internal.Check;
import io.contextdb.spi.internal.TextRule;
import io.contextdb.spi.vector.Vector;
import io.contextdb.spi.vector.VectorPoint;
import io.contextdb.spi.vector.VectorSpace;
import java.util.UUID;

/** Changes of vector spaces (contract V). */
public sealed interface VectorMutation extends Mutation {
    /**
     * Creates a space, or does nothing if the same space exists; one of that name that differs fails the batch. Result:
     * {@link MutationResult.Done}.
     *
     * @param space the space
     */
    record CreateSpace(VectorSpace space) implements VectorMutation {
        /** Refuses null. */
        public CreateSpace {
            Check.notNull("createSpace.space", space);
        }

        @Override
        public Capability requires() {
            return switch (space.metric()) {
                case COSINE -> Capability.VECTORS;
                case DOT -> Capability.DOT_METRIC;
                case EUCLIDEAN -> Capability.EUCLIDEAN_METRIC;
            };
        }
    }

    /**
     * Removes a space with all its points; none of that name is no error. Result: {@link MutationResult.Removed} with 1 or
     * 0.
     *
     * @param space name of the space
     */
    record DropSpace(String space) implements VectorMutation {
        /** Checks the name. */
        public DropSpace {
            TextRule.SPACE.check("dropSpace.space", space);
        }
    }

    /**
     * Puts a point, vector and payload, in place of one with its id (V5). Result: {@link MutationResult.Done}.
     *
     * @param space name of the space, which must exist or be created earlier in the batch
     * @param point the point
     */
    record PutPoint(String space, VectorPoint point) implements VectorMutation {
        /** Checks the parts. */
        public PutPoint {
            TextRule.SPACE.check("putPoint.space", space);
            Check.notNull("putPoint.point", point);
        }

        @Override
        public long estimatedBytes() {
            return 128
                    + 4L * point.vector().map(Vector::dimensions).orElse(0)
                    + point.text().length()
                    + point.properties().estimatedBytes();
        }
    }

    /**
     * Removes a point; an absent one is no error. Result: {@link MutationResult.Removed} with 1 or 0.
     *
     * @param space name of the space
     * @param id the point
     */
    record DeletePoint(String space, UUID id) implements VectorMutation {
        /** Checks the parts. */
        public DeletePoint {
            TextRule.SPACE.check("deletePoint.space", space);
            Check.notNull("deletePoint.id", id);
        }
    }

    /**
     * Removes points that match, at most {@code limit} of them, in the order of their ids (V5a). Result:
     * {@link MutationResult.Removed}; as many as the limit means that more may match.
     *
     * @param space name of the space
     * @param filter which points
     * @param limit most points removed, 1 to 10,000
     */
    record DeletePoints(String space, Filter filter, int limit) implements VectorMutation {
        /** Checks the parts. */
        public DeletePoints {
            TextRule.SPACE.check("deletePoints.space", space);
            Check.notNull("deletePoints.filter", filter);
            Check.range("deletePoints.limit", limit, 1, 10_000);
        }
    }

    @Override
    default Capability requires() {
        return Capability.VECTORS;
    }

    @Override
    default long estimatedBytes() {
        return 64;
    }
}
