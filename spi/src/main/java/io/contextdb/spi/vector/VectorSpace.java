package io.contextdb.spi.vector;

import io.contextdb.spi.internal.Check;
import io.contextdb.spi.internal.TextRule;

/**
 * A named set of points that are compared with each other. Fixed once created (contract V1).
 *
 * @param name 1 to 128 bytes
 * @param dimensions length of its vectors; 0 for a space of texts only
 * @param metric how vectors are compared
 * @param model id of the embedding model that makes its vectors, 0 to 256 bytes; "" if unstated
 */
public record VectorSpace(String name, int dimensions, Metric metric, String model) {
    /** Checks the parts. */
    public VectorSpace {
        TextRule.SPACE.check("space.name", name);
        Check.range("space.dimensions", dimensions, 0, Vector.MAX_DIMENSIONS);
        Check.notNull("space.metric", metric);
        TextRule.MODEL.check("space.model", model);
    }

    /** Returns a cosine space without a stated model. */
    public static VectorSpace cosine(String name, int dimensions) {
        return new VectorSpace(name, dimensions, Metric.COSINE, "");
    }
}
