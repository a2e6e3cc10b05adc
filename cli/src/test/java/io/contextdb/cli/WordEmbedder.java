package io.contextdb.cli;

import io.contextdb.spi.embedding.Embedder;
import io.contextdb.spi.embedding.EmbeddingModel;
import io.contextdb.spi.value.Deadline;
import io.contextdb.spi.vector.Vector;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;

/** Embeds by counting words, so that texts with words in common are near; can be told to break. */
public final class WordEmbedder implements Embedder {
    private static final int DIMENSIONS = 64;

    private final AtomicInteger embedded = new AtomicInteger();
    private volatile int breaksAfter = Integer.MAX_VALUE;

    /** Fails every call after so many texts. */
    public WordEmbedder breakAfter(int texts) {
        breaksAfter = texts;
        return this;
    }

    /** Returns how many texts were embedded. */
    public int embedded() {
        return embedded.get();
    }

    @Override
    public EmbeddingModel model() {
        return new EmbeddingModel("words", DIMENSIONS, 1 << 20);
    }

    @Override
    public List<Vector> embed(List<String> texts, Deadline deadline) {
        if (embedded.addAndGet(texts.size()) > breaksAfter) {
            throw new IllegalStateException("the embedder broke");
        }
        return texts.stream().map(WordEmbedder::embed).toList();
    }

    private static Vector embed(String text) {
        float[] counts = new float[DIMENSIONS];
        counts[0] = 0.01f;
        for (String word : text.toLowerCase(Locale.ROOT).split("\\W+")) {
            counts[Math.floorMod(word.hashCode() * 31, DIMENSIONS)]++;
        }
        return Vector.of(counts);
    }

    @Override
    public void close() {}
}
