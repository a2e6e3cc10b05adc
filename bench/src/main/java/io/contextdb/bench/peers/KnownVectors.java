package io.contextdb.bench.peers;

import io.contextdb.bench.VectorData;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.springframework.ai.document.Document;
import org.springframework.ai.embedding.Embedding;
import org.springframework.ai.embedding.EmbeddingModel;
import org.springframework.ai.embedding.EmbeddingRequest;
import org.springframework.ai.embedding.EmbeddingResponse;

/** An embedding model that was told the vector of each text, so that embedding takes no time. Not thread-safe. */
final class KnownVectors implements EmbeddingModel {
    private final Map<String, float[]> vectors = new HashMap<>();

    /** Remembers the vector of a text, in place of an earlier one. */
    void know(String text, float[] vector) {
        vectors.put(text, vector);
    }

    private float[] vector(String text) {
        return Objects.requireNonNull(vectors.get(text), text);
    }

    @Override
    public EmbeddingResponse call(EmbeddingRequest request) {
        List<Embedding> embedded = new ArrayList<>();
        for (String text : request.getInstructions()) {
            embedded.add(new Embedding(vector(text), embedded.size()));
        }
        return new EmbeddingResponse(embedded);
    }

    @Override
    public int dimensions() {
        return VectorData.DIMENSIONS;
    }

    @Override
    public float[] embed(String text) {
        return vector(text);
    }

    @Override
    public float[] embed(Document document) {
        return vector(Objects.requireNonNull(document.getText()));
    }
}
