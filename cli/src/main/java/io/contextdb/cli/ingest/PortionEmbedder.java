package io.contextdb.cli.ingest;

import io.contextdb.cli.chunk.Piece;
import io.contextdb.spi.embedding.Embedder;
import io.contextdb.spi.value.Deadline;
import io.contextdb.spi.vector.Vector;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/** Embeds portions; a text that was embedded lately is not embedded again. Thread-safe. */
final class PortionEmbedder {
    private static final int REMEMBERED = 8_192;
    private static final Duration TIMEOUT = Duration.ofMinutes(5);

    private final Optional<Embedder> embedder;
    private final AtomicLong repeated = new AtomicLong();
    private final Map<String, Vector> lately = Collections.synchronizedMap(new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Vector> eldest) {
            return size() > REMEMBERED;
        }
    });

    PortionEmbedder(Optional<Embedder> embedder) {
        this.embedder = embedder;
    }

    EmbeddedPortion embed(Portion portion) {
        if (embedder.isEmpty()) {
            return new EmbeddedPortion(portion, Map.of());
        }
        Map<String, Vector> vectors = new LinkedHashMap<>();
        List<String> missing = new ArrayList<>();
        for (Portion.Placed placed : portion.pieces()) {
            if (placed.piece() instanceof Piece.Chunk chunk) {
                String text = chunk.textInContext();
                Vector known = lately.get(text);
                if (known != null) {
                    vectors.put(text, known);
                    repeated.incrementAndGet();
                } else if (!missing.contains(text)) {
                    missing.add(text);
                }
            }
        }
        List<Vector> made = missing.isEmpty() ? List.of() : embedder.get().embed(missing, Deadline.after(TIMEOUT));
        for (int i = 0; i < missing.size(); i++) {
            vectors.put(missing.get(i), made.get(i));
            lately.put(missing.get(i), made.get(i));
        }
        return new EmbeddedPortion(portion, vectors);
    }

    /** Returns how many chunks had a text that was embedded before. */
    long repeated() {
        return repeated.get();
    }
}
