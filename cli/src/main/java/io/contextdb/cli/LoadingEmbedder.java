package io.contextdb.cli;

import io.contextdb.spi.embedding.Embedder;
import io.contextdb.spi.embedding.EmbeddingModel;
import io.contextdb.spi.value.Deadline;
import io.contextdb.spi.vector.Vector;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;

/** An embedder that is opened in the background, while the store is; calls wait for it. Thread-safe. */
final class LoadingEmbedder implements Embedder {
    private final CompletableFuture<Embedder> loading = new CompletableFuture<>();

    LoadingEmbedder(Supplier<Embedder> open) {
        Thread.ofPlatform().name("contextdb-model").daemon().start(() -> {
            try {
                loading.complete(open.get());
            } catch (RuntimeException | Error failed) {
                loading.completeExceptionally(failed);
            }
        });
    }

    @Override
    public EmbeddingModel model() {
        return embedder().model();
    }

    @Override
    public List<Vector> embed(List<String> texts, Deadline deadline) {
        return embedder().embed(texts, deadline);
    }

    @Override
    public void close() {
        if (!loading.isCompletedExceptionally()) {
            embedder().close();
        }
    }

    private Embedder embedder() {
        try {
            return loading.join();
        } catch (CompletionException failed) {
            if (failed.getCause() instanceof RuntimeException known) {
                throw known;
            }
            throw failed;
        }
    }
}
