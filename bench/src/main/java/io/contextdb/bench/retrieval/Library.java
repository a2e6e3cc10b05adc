package io.contextdb.bench.retrieval;

import io.contextdb.ContextConnection;
import io.contextdb.ContextDriverManager;
import io.contextdb.HybridQuery;
import io.contextdb.Namespace;
import io.contextdb.bench.VectorData;
import io.contextdb.embedder.minilm.MiniLmEmbedder;
import io.contextdb.memory.MemoryDraft;
import io.contextdb.memory.MemoryQuery;
import io.contextdb.memory.MemorySettings;
import io.contextdb.spi.filter.Filter;
import io.contextdb.spi.value.Deadline;
import io.contextdb.spi.vector.TextQuery;
import io.contextdb.spi.vector.Vector;
import io.contextdb.spi.vector.VectorQuery;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.function.BiFunction;
import java.util.stream.Stream;

/**
 * The corpus as memories of a store that searches exactly: each paragraph is one, related to the one before it in its document and to
 * the statements that it mentions. Embedded by the model that runs in the process.
 */
final class Library implements AutoCloseable {
    private static final int K = Quality.CUT;
    private static final String SPACE = MemorySettings.SPACE;

    private final Corpus corpus;
    private final Map<UUID, String> names = new HashMap<>();
    private final Map<String, Vector> questions = new HashMap<>();
    private final ContextConnection connection = ContextDriverManager.getConnection("contextdb:memory:");
    private final Namespace namespace = connection.namespace("library");

    Library() throws IOException {
        corpus = Corpus.read();
        try (MiniLmEmbedder embedder = new MiniLmEmbedder(2)) {
            fill(embed(embedder, corpus.passages().stream().map(Corpus.Passage::text)));
            List<String> asked =
                    corpus.questions().stream().map(Corpus.Question::text).toList();
            List<Vector> vectors = embed(embedder, asked.stream());
            for (int i = 0; i < asked.size(); i++) {
                questions.put(asked.get(i), vectors.get(i));
            }
        }
    }

    private static List<Vector> embed(MiniLmEmbedder embedder, Stream<String> texts) {
        return embedder.embed(texts.toList(), Deadline.after(Duration.ofMinutes(5)));
    }

    private void fill(List<Vector> vectors) {
        Map<String, UUID> byName = new HashMap<>();
        corpus.passages().forEach(passage -> {
            byName.put(passage.name(), passage.id());
            names.put(passage.id(), passage.name());
        });
        List<MemoryDraft> drafts = new ArrayList<>();
        for (int i = 0; i < vectors.size(); i++) {
            Corpus.Passage passage = corpus.passages().get(i);
            MemoryDraft draft = MemoryDraft.of(passage.text())
                    .id(passage.id())
                    .vector(vectors.get(i))
                    .asIs();
            if (i > 0 && corpus.passages().get(i - 1).document().equals(passage.document())) {
                draft = draft.relation("follows", corpus.passages().get(i - 1).id(), 0.5);
            }
            for (String mentioned : passage.mentions()) {
                UUID to = byName.get(mentioned);
                if (to != null && !to.equals(passage.id())) {
                    draft = draft.relation("mentions", to, 0.8);
                }
            }
            drafts.add(draft);
        }
        namespace.memory().configure(MemorySettings.forVectors(VectorData.DIMENSIONS));
        namespace.memory().write(drafts);
    }

    /** Returns the quality of each way to ask. */
    Map<String, Quality> measure() {
        Map<String, Quality> found = new LinkedHashMap<>();
        found.put(
                "vector only",
                quality((text, vector) -> namespace.vectors().search(VectorQuery.nearest(SPACE, vector, K)).stream()
                        .map(hit -> hit.point().id())));
        found.put(
                "text only",
                quality((text, vector) -> namespace.vectors().searchText(TextQuery.of(SPACE, text, K)).stream()
                        .map(hit -> hit.point().id())));
        found.put(
                "fused by rank",
                quality((text, vector) ->
                        namespace
                                .vectors()
                                .searchHybrid(new HybridQuery(SPACE, vector, text, K, Filter.everything()))
                                .stream()
                                .map(hit -> hit.point().id())));
        found.put(
                "memory, without walk",
                quality((text, vector) -> recall(query(text, vector).withoutWalk())));
        found.put("memory, with walk", quality((text, vector) -> recall(query(text, vector))));
        return found;
    }

    private static MemoryQuery query(String text, Vector vector) {
        return MemoryQuery.of(text).vector(vector).k(K).exactly();
    }

    private Stream<UUID> recall(MemoryQuery query) {
        return namespace.memory().retrieve(query).items().stream()
                .map(item -> item.node().id());
    }

    private Quality quality(BiFunction<String, Vector, Stream<UUID>> search) {
        return Quality.mean(corpus.questions().stream()
                .map(question -> Quality.of(
                        search.apply(question.text(), Objects.requireNonNull(questions.get(question.text())))
                                .map(id -> Objects.requireNonNull(names.get(id)))
                                .toList(),
                        question.answers()))
                .toList());
    }

    Corpus corpus() {
        return corpus;
    }

    @Override
    public void close() {
        connection.close();
    }
}
