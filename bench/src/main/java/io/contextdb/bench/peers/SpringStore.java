package io.contextdb.bench.peers;

import io.contextdb.bench.VectorData;
import java.util.List;
import java.util.UUID;
import javax.sql.DataSource;
import org.springframework.ai.document.Document;
import org.springframework.ai.vectorstore.SearchRequest;
import org.springframework.ai.vectorstore.SimpleVectorStore;
import org.springframework.ai.vectorstore.VectorStore;
import org.springframework.ai.vectorstore.filter.FilterExpressionBuilder;
import org.springframework.ai.vectorstore.pgvector.PgVectorStore;
import org.springframework.jdbc.core.JdbcTemplate;

/** Any store of Spring AI. They embed texts themselves: the model that they are given knows all vectors already. */
final class SpringStore implements PeerStore {
    private final String name;
    private final KnownVectors model;
    private final VectorStore store;

    private SpringStore(String name, KnownVectors model, VectorStore store) {
        this.name = name;
        this.model = model;
        this.store = store;
    }

    static SpringStore simple() {
        KnownVectors model = new KnownVectors();
        return new SpringStore(
                "Spring AI SimpleVectorStore",
                model,
                SimpleVectorStore.builder(model).build());
    }

    static SpringStore pgvector(DataSource server) {
        KnownVectors model = new KnownVectors();
        PgVectorStore store = PgVectorStore.builder(new JdbcTemplate(server), model)
                .vectorTableName("spring_peer")
                .dimensions(VectorData.DIMENSIONS)
                .distanceType(PgVectorStore.PgDistanceType.COSINE_DISTANCE)
                .indexType(PgVectorStore.PgIndexType.HNSW)
                .removeExistingVectorStoreTable(true)
                .initializeSchema(true)
                .build();
        store.afterPropertiesSet();
        return new SpringStore("Spring AI PgVectorStore, HNSW", model, store);
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public void add(List<Stored> points) {
        points.forEach(point -> model.know(point.text(), point.vector()));
        store.add(points.stream()
                .map(point -> Document.builder()
                        .id(point.id().toString())
                        .text(point.text())
                        .metadata("bucket", point.bucket())
                        .build())
                .toList());
    }

    @Override
    public List<UUID> search(float[] query, int bucket) {
        model.know("query", query);
        SearchRequest.Builder request =
                SearchRequest.builder().query("query").topK(VectorData.K).similarityThresholdAll();
        if (bucket >= 0) {
            request.filterExpression(
                    new FilterExpressionBuilder().eq("bucket", bucket).build());
        }
        return store.similaritySearch(request.build()).stream()
                .map(found -> UUID.fromString(found.getId()))
                .toList();
    }

    @Override
    public void delete(List<UUID> ids) {
        store.delete(ids.stream().map(UUID::toString).toList());
    }

    @Override
    public void close() {
        // It holds nothing that has an end; the pool is closed by whoever opened it.
    }
}
