package io.contextdb.tck.memory;

import io.contextdb.spi.embedding.Embedder;
import io.contextdb.spi.embedding.EmbeddingModel;
import io.contextdb.spi.value.Deadline;
import io.contextdb.spi.vector.Vector;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Answers as another embedder does, but not before the deadline has passed. */
final class LateEmbedder implements Embedder {
    private final Embedder embedder;

    LateEmbedder(Embedder embedder) {
        this.embedder = embedder;
    }

    @Override
    public EmbeddingModel model() {
        return embedder.model();
    }

    @Override
    public List<Vector> embed(List<String> texts, Deadline deadline) {
        try {
            TimeUnit.NANOSECONDS.sleep(deadline.remaining().toNanos() + 1);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
        return embedder.embed(texts, deadline);
    }

    @Override
    public void close() {}
}
