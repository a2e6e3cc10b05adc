package io.contextdb.spi.embedding;

import io.contextdb.spi.internal.Check;
import io.contextdb.spi.vector.Vector;

/**
 * Which model makes the vectors. Vectors of different models are never compared: a namespace keeps the model that it was
 * begun with.
 *
 * @param id stable name, 1 to 256 bytes, for example {@code "all-minilm-l6-v2-q"}
 * @param dimensions length of its vectors
 * @param maxTextBytes longest text that it takes whole, in bytes; what is longer is cut by the model
 */
public record EmbeddingModel(String id, int dimensions, int maxTextBytes) {
    /** Checks the parts. */
    public EmbeddingModel {
        Check.text("model.id", id, 1, 256);
        Check.range("model.dimensions", dimensions, 1, Vector.MAX_DIMENSIONS);
        Check.range("model.maxTextBytes", maxTextBytes, 1, Integer.MAX_VALUE);
    }
}
