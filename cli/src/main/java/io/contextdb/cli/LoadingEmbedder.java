package io.contextdb.cli;

import io.contextdb.spi.embedding.Embedder;
import io.contextdb.spi.embedding.EmbeddingModel;
import io.contextdb.spi.error.ContextTimeoutException;
import io.contextdb.spi.error.Outcome;
import io.contextdb.spi.value.Deadline;
import io.contextdb.spi.vector.Vector;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/** An embedder that is opened in the background, while the store is; calls wait for it. Thread-safe. */
final class LoadingEmbedder implements Embedder {
    private static final Duration LONGEST_LOAD = Duration.ofMinutes(5);

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

    /** Waits for the model; who must not wait is to ask after a call with a deadline. */
    @Override
    public EmbeddingModel model() {
        return embedder(Deadline.after(LONGEST_LOAD)).model();
    }

    @Override
    public List<Vector> embed(List<String> texts, Deadline deadline) {
        return embedder(deadline).embed(texts, deadline);
    }

    /** Closes the embedder, or lets it be closed as soon as it is there. */
    // The dependent future carries nothing: a failure to load is told to who asks.
    @SuppressWarnings("FutureReturnValueIgnored")
    @Override
    public void close() {
        loading.whenComplete((embedder, failed) -> {
            if (embedder != null) {
                embedder.close();
            }
        });
    }

    private Embedder embedder(Deadline deadline) {
        try {
            return loading.get(deadline.remaining().toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException late) {
            throw new ContextTimeoutException("the embedder was not loaded by the deadline", Outcome.NOT_APPLIED, late);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new ContextTimeoutException(
                    "the thread was interrupted while the embedder was loaded", Outcome.NOT_APPLIED, interrupted);
        } catch (ExecutionException failed) {
            throw failed.getCause() instanceof RuntimeException known
                    ? known
                    : new CompletionException("the embedder cannot be loaded", failed.getCause());
        }
    }
}
