package io.contextdb;

import io.contextdb.internal.call.Arguments;
import io.contextdb.spi.embedding.Embedder;
import io.contextdb.spi.embedding.EmbeddingModel;
import io.contextdb.spi.key.KeyEntry;
import io.contextdb.spi.value.Bytes;
import io.contextdb.spi.value.Deadline;
import io.contextdb.spi.vector.Vector;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * An embedder that keeps what it embedded in the keys of a namespace, by model and content hash, so that no text is embedded
 * twice, in any process. Keys are {@code embedding/<model>/<SHA-256 of the text>}, values the components as little-endian
 * 32-bit floats. Thread-safe.
 */
public final class CachingEmbedder implements Embedder {
    private final Embedder embedder;
    private final Keys keys;

    /** Keeps in some keys what an embedder makes; closing this closes that embedder, not the namespace. */
    public CachingEmbedder(Embedder embedder, Keys keys) {
        this.embedder = Arguments.required("embedder", embedder);
        this.keys = Arguments.required("keys", keys);
    }

    @Override
    public EmbeddingModel model() {
        return embedder.model();
    }

    @Override
    public List<Vector> embed(List<String> texts, Deadline deadline) {
        Keys bounded = keys.until(Arguments.required("deadline", deadline));
        Map<String, String> textByKey = new LinkedHashMap<>();
        List<String> checked = Arguments.texts("texts", texts);
        checked.forEach(text -> textByKey.put(key(text), text));
        Map<String, Vector> vectors = new HashMap<>();
        for (KeyEntry entry : textByKey.isEmpty() ? List.<KeyEntry>of() : bounded.get(textByKey.keySet())) {
            if (entry.value().size() == 4 * model().dimensions()) {
                vectors.put(entry.key(), decode(entry.value()));
            }
        }
        List<String> missing = textByKey.keySet().stream()
                .filter(key -> !vectors.containsKey(key))
                .toList();
        if (!missing.isEmpty()) {
            List<Vector> made = embedder.embed(
                    missing.stream().map(key -> textByKey.getOrDefault(key, "")).toList(), deadline);
            Map<String, Bytes> kept = new LinkedHashMap<>();
            for (int i = 0; i < missing.size(); i++) {
                vectors.put(missing.get(i), made.get(i));
                kept.put(missing.get(i), encode(made.get(i)));
            }
            bounded.putAll(kept);
        }
        List<Vector> inOrder = new ArrayList<>(checked.size());
        for (String text : checked) {
            inOrder.add(Arguments.required("vector", vectors.get(key(text))));
        }
        return inOrder;
    }

    @Override
    public void close() {
        embedder.close();
    }

    private String key(String text) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return "embedding/" + model().id() + "/" + HexFormat.of().formatHex(hash);
        } catch (NoSuchAlgorithmException impossible) {
            throw new AssertionError("every Java platform has SHA-256", impossible);
        }
    }

    private static Bytes encode(Vector vector) {
        ByteBuffer buffer = ByteBuffer.allocate(4 * vector.dimensions()).order(ByteOrder.LITTLE_ENDIAN);
        buffer.asFloatBuffer().put(vector.toArray());
        return Bytes.of(buffer.array());
    }

    private static Vector decode(Bytes bytes) {
        float[] values = new float[bytes.size() / 4];
        ByteBuffer.wrap(bytes.toArray())
                .order(ByteOrder.LITTLE_ENDIAN)
                .asFloatBuffer()
                .get(values);
        return Vector.of(values);
    }
}
