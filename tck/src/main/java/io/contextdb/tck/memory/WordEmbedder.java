package io.contextdb.tck.memory;

import io.contextdb.spi.embedding.Embedder;
import io.contextdb.spi.embedding.EmbeddingModel;
import io.contextdb.spi.value.Deadline;
import io.contextdb.spi.vector.Vector;
import java.util.List;
import java.util.Locale;

/** Texts as bags of words in few dimensions: texts with words in common are near, and everyone can tell how near. */
final class WordEmbedder implements Embedder {
    private final EmbeddingModel model;

    WordEmbedder(String id, int dimensions) {
        model = new EmbeddingModel(id, dimensions, 100_000);
    }

    @Override
    public EmbeddingModel model() {
        return model;
    }

    @Override
    public List<Vector> embed(List<String> texts, Deadline deadline) {
        return texts.stream().map(this::vector).toList();
    }

    private Vector vector(String text) {
        float[] counts = new float[model.dimensions()];
        for (String word : text.toLowerCase(Locale.ROOT).split("\\W+", -1)) {
            if (!word.isEmpty()) {
                counts[Math.floorMod(word.hashCode() * 31, counts.length)] += 1;
            }
        }
        return Vector.of(counts);
    }

    @Override
    public void close() {}
}
