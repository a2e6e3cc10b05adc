package io.contextdb.embedder.openai;

import io.contextdb.spi.embedding.Embedder;
import io.contextdb.spi.embedding.EmbeddingModel;
import io.contextdb.spi.error.ContextException;
import io.contextdb.spi.error.ContextTimeoutException;
import io.contextdb.spi.error.Outcome;
import io.contextdb.spi.value.Deadline;
import io.contextdb.spi.vector.Vector;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionService;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Cuts texts into requests and puts their vectors together. */
final class OpenAiEmbedder implements Embedder {
    /** OpenAI takes 300,000 tokens a request; a token is at least one byte. */
    private static final int BATCH_BYTES = 1 << 18;

    private final Settings settings;
    private final Wire wire;
    private final Endpoint endpoint;

    OpenAiEmbedder(Settings settings) {
        this.settings = settings;
        this.wire = new Wire(settings);
        this.endpoint = new Endpoint(settings);
    }

    @Override
    public EmbeddingModel model() {
        return settings.model();
    }

    @Override
    public List<Vector> embed(List<String> texts, Deadline deadline) {
        List<String> checked = settings.model().fit(texts);
        if (endpoint.isClosed()) {
            throw Endpoint.closed();
        }
        deadline.check("openai");
        List<List<String>> batches = batches(checked);
        return batches.size() == 1 ? embedBatch(batches.get(0), deadline) : embedAll(batches, deadline);
    }

    private List<List<String>> batches(List<String> texts) {
        List<List<String>> batches = new ArrayList<>();
        int from = 0;
        int bytes = 0;
        for (int i = 0; i < texts.size(); i++) {
            int size = texts.get(i).getBytes(StandardCharsets.UTF_8).length;
            if (i > from && (i - from == settings.batchSize() || bytes + size > BATCH_BYTES)) {
                batches.add(texts.subList(from, i));
                from = i;
                bytes = 0;
            }
            bytes += size;
        }
        if (from < texts.size()) {
            batches.add(texts.subList(from, texts.size()));
        }
        return batches;
    }

    private List<Vector> embedBatch(List<String> batch, Deadline deadline) {
        byte[] answer = endpoint.post(wire.request(batch), wire.maxAnswerBytes(batch.size()), deadline);
        return wire.vectors(answer, batch.size());
    }

    /** Requests run side by side, as many as the endpoint lets; the first failure ends the others. */
    private List<Vector> embedAll(List<List<String>> batches, Deadline deadline) {
        try (ExecutorService requests = Executors.newThreadPerTaskExecutor(
                Thread.ofVirtual().name("contextdb-openai-", 1).factory())) {
            CompletionService<List<Vector>> done = new ExecutorCompletionService<>(requests);
            List<Future<List<Vector>>> running = batches.stream()
                    .map(batch -> done.submit(() -> embedBatch(batch, deadline)))
                    .toList();
            try {
                for (int i = 0; i < running.size(); i++) {
                    done.take().get();
                }
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
                throw new ContextTimeoutException(
                        "openai: the thread was interrupted", Outcome.NOT_APPLIED, interrupted);
            } catch (ExecutionException failed) {
                if (failed.getCause() instanceof ContextException known) {
                    throw known;
                }
                throw new IllegalStateException("a request failed in a way that none should", failed);
            } finally {
                requests.shutdownNow();
            }
            return running.stream().flatMap(batch -> batch.resultNow().stream()).toList();
        }
    }

    @Override
    public void close() {
        endpoint.close();
    }

    @Override
    public String toString() {
        return "OpenAiEmbedder[" + settings.model().id() + " at " + settings.endpoint() + "]";
    }
}
