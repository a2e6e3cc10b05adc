package io.contextdb.spi.embedding;

import io.contextdb.spi.value.Deadline;
import io.contextdb.spi.vector.Vector;
import java.util.List;

/**
 * Turns texts into vectors. The same text gives the same vector, bit by bit where the model runs in the process. Thread-safe.
 */
public interface Embedder extends AutoCloseable {
    /** Returns the model; does no I/O. */
    EmbeddingModel model();

    /**
     * Returns one vector per text, in their order.
     *
     * @param texts at most 10,000; an empty or blank text is refused
     * @param deadline when the call must have ended
     * @throws io.contextdb.spi.error.ContextException if not all could be embedded
     */
    List<Vector> embed(List<String> texts, Deadline deadline);

    /** Gives its resources back. Does nothing the second time. */
    @Override
    void close();
}
