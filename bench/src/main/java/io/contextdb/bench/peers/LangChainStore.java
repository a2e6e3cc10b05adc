package io.contextdb.bench.peers;

import dev.langchain4j.data.document.Metadata;
import dev.langchain4j.data.embedding.Embedding;
import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.store.embedding.EmbeddingSearchRequest;
import dev.langchain4j.store.embedding.EmbeddingStore;
import dev.langchain4j.store.embedding.filter.MetadataFilterBuilder;
import dev.langchain4j.store.embedding.inmemory.InMemoryEmbeddingStore;
import dev.langchain4j.store.embedding.pgvector.PgVectorEmbeddingStore;
import io.contextdb.bench.VectorData;
import java.util.List;
import java.util.UUID;
import javax.sql.DataSource;

/** Any store of LangChain4j. */
final class LangChainStore implements PeerStore {
    private final String name;
    private final EmbeddingStore<TextSegment> store;

    private LangChainStore(String name, EmbeddingStore<TextSegment> store) {
        this.name = name;
        this.store = store;
    }

    static LangChainStore inMemory() {
        return new LangChainStore("LangChain4j InMemoryEmbeddingStore", new InMemoryEmbeddingStore<>());
    }

    /** Without its index, as it is by default: the only one that it makes is made of an empty table, and finds too little. */
    static LangChainStore pgvector(DataSource server) {
        return new LangChainStore(
                "LangChain4j PgVectorEmbeddingStore, exact as by default",
                PgVectorEmbeddingStore.datasourceBuilder()
                        .datasource(server)
                        .table("langchain_peer")
                        .dimension(VectorData.DIMENSIONS)
                        .createTable(true)
                        .dropTableFirst(true)
                        .skipCreateVectorExtension(true)
                        .build());
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public void add(List<Stored> points) {
        store.addAll(
                points.stream().map(point -> point.id().toString()).toList(),
                points.stream().map(point -> Embedding.from(point.vector())).toList(),
                points.stream()
                        .map(point -> TextSegment.from(point.text(), new Metadata().put("bucket", point.bucket())))
                        .toList());
    }

    @Override
    public List<UUID> search(float[] query, int bucket) {
        EmbeddingSearchRequest.EmbeddingSearchRequestBuilder request = EmbeddingSearchRequest.builder()
                .queryEmbedding(Embedding.from(query))
                .maxResults(VectorData.K);
        if (bucket >= 0) {
            request.filter(MetadataFilterBuilder.metadataKey("bucket").isEqualTo(bucket));
        }
        return store.search(request.build()).matches().stream()
                .map(match -> UUID.fromString(match.embeddingId()))
                .toList();
    }

    @Override
    public void delete(List<UUID> ids) {
        store.removeAll(ids.stream().map(UUID::toString).toList());
    }

    @Override
    public void close() {
        // It holds nothing that has an end; the pool is closed by whoever opened it.
    }
}
