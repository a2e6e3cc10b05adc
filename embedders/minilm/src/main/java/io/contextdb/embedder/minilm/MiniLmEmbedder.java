package io.contextdb.embedder.minilm;

import io.contextdb.spi.embedding.Embedder;
import io.contextdb.spi.embedding.EmbeddingModel;
import io.contextdb.spi.error.ContextClosedException;
import io.contextdb.spi.error.ContextException;
import io.contextdb.spi.error.ContextTimeoutException;
import io.contextdb.spi.error.ContextUnavailableException;
import io.contextdb.spi.error.Outcome;
import io.contextdb.spi.value.Deadline;
import io.contextdb.spi.vector.Vector;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Sentence embeddings by all-MiniLM-L6-v2 (quantised, English) inside the process: 384 dimensions, vectors of length 1, no
 * network.
 *
 * <p>Texts of up to 254 word pieces, about 190 English words, are embedded whole. Longer ones are cut between words into
 * windows of that size, whose vectors are averaged by their word pieces; what is beyond 65,536 bytes of UTF-8 is left out.
 *
 * <p>The model is loaded by the first text, once for all embedders of the JVM, and kept: about 90 MB of native memory.
 * Native code is unpacked to {@code ~/.djl.ai}; so that nothing leaves the machine, the system properties
 * {@code OPT_OUT_TRACKING} and {@code ai.djl.offline} are set where they are unset.
 */
public final class MiniLmEmbedder implements Embedder {
    private static final EmbeddingModel MODEL =
            new EmbeddingModel("all-minilm-l6-v2-q", SentenceModel.DIMENSIONS, 65_536);
    private static final AtomicInteger THREADS_STARTED = new AtomicInteger();

    private final int threads;
    private final ThreadPoolExecutor workers;
    private volatile boolean closed;

    /**
     * Creates an embedder.
     *
     * @param threads texts that it embeds at the same time, at least 1; idle threads end after a second
     */
    public MiniLmEmbedder(int threads) {
        this.threads = threads;
        this.workers = new ThreadPoolExecutor(
                threads, threads, 1, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), MiniLmEmbedder::thread);
        workers.allowCoreThreadTimeOut(true);
    }

    private static Thread thread(Runnable work) {
        return Thread.ofPlatform()
                .daemon()
                .name("contextdb-minilm-" + THREADS_STARTED.incrementAndGet())
                .unstarted(work);
    }

    @Override
    public EmbeddingModel model() {
        return MODEL;
    }

    @Override
    public List<Vector> embed(List<String> texts, Deadline deadline) {
        List<String> checked = MODEL.fit(texts);
        if (closed) {
            throw new ContextClosedException("minilm embedder");
        }
        deadline.check("minilm");
        float[][] rows = new float[checked.size()][];
        AtomicInteger next = new AtomicInteger();
        AtomicBoolean stop = new AtomicBoolean();
        try {
            List<Future<?>> parts = new ArrayList<>();
            for (int i = 0; i < Math.min(threads, rows.length); i++) {
                parts.add(workers.submit(() -> embedSome(checked, rows, next, stop)));
            }
            for (Future<?> part : parts) {
                part.get(deadline.remaining().toNanos(), TimeUnit.NANOSECONDS);
            }
        } catch (RejectedExecutionException closing) {
            throw new ContextClosedException("minilm embedder");
        } catch (TimeoutException late) {
            throw new ContextTimeoutException("minilm: the deadline passed after about "
                    + Math.max(0, Math.min(next.get(), rows.length) - threads) + " of " + rows.length + " texts");
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new ContextTimeoutException("minilm: the thread was interrupted", Outcome.NOT_APPLIED, interrupted);
        } catch (ExecutionException failed) {
            throw failed.getCause() instanceof ContextException known
                    ? known
                    : new ContextUnavailableException("minilm: the model failed", Outcome.NOT_APPLIED, failed);
        } finally {
            stop.set(true);
        }
        return Arrays.stream(rows).map(Vector::of).toList();
    }

    private void embedSome(List<String> texts, float[][] rows, AtomicInteger next, AtomicBoolean stop) {
        try {
            SentenceModel loaded = SharedModel.get();
            for (int i = next.getAndIncrement(); i < rows.length && !stop.get(); i = next.getAndIncrement()) {
                rows[i] = loaded.embed(texts.get(i), () -> closed || stop.get());
                if (closed) {
                    throw new ContextClosedException("minilm embedder");
                }
            }
        } catch (RuntimeException failed) {
            stop.set(true);
            throw failed;
        }
    }

    /** Ends calls that run, after the window that they are in, and its threads. The model stays for the next embedder. */
    @Override
    public void close() {
        closed = true;
        workers.close();
    }
}
