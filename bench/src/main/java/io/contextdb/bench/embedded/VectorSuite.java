package io.contextdb.bench.embedded;

import io.contextdb.ContextConnection;
import io.contextdb.ContextDriverManager;
import io.contextdb.Vectors;
import io.contextdb.bench.BareLucene;
import io.contextdb.bench.BenchmarkRun;
import io.contextdb.bench.Clock;
import io.contextdb.bench.Comparison;
import io.contextdb.bench.Side;
import io.contextdb.bench.Suite;
import io.contextdb.bench.TemporaryDirectory;
import io.contextdb.bench.VectorData;
import io.contextdb.spi.filter.Field;
import io.contextdb.spi.filter.Filter;
import io.contextdb.spi.vector.Hit;
import io.contextdb.spi.vector.TextQuery;
import io.contextdb.spi.vector.Vector;
import io.contextdb.spi.vector.VectorPoint;
import io.contextdb.spi.vector.VectorQuery;
import io.contextdb.spi.vector.VectorSpace;
import java.util.List;
import java.util.UUID;

/** Searches of the embedded store against bare Lucene with the same vectors, texts and breadth. */
public final class VectorSuite implements Suite {
    private static final String SPACE = "default";
    private static final Filter ONE_PERCENT = Filter.eq(Field.property("bucket"), VectorData.BUCKET);

    @Override
    public void run(BenchmarkRun run) throws Exception {
        VectorData data = new VectorData(run.size(10_000, 50_000));
        try (TemporaryDirectory directory = new TemporaryDirectory();
                ContextConnection connection = ContextDriverManager.getConnection(
                        "contextdb:embedded:" + directory.path().resolve("ours") + "?durability=os");
                BareLucene lucene = new BareLucene(directory.path().resolve("lucene"))) {
            Vectors vectors = connection.namespace("bench").vectors();
            vectors.createSpace(VectorSpace.cosine(SPACE, VectorData.DIMENSIONS));
            for (int from = 0; from < data.size(); from += 1_000) {
                vectors.put(SPACE, data.points(from, from + 1_000));
                lucene.add(data, from, from + 1_000);
            }
            lucene.refresh();
            searches(run, data, vectors, lucene);
            readYourWrites(run, data, vectors, lucene);
        }
    }

    private static void searches(BenchmarkRun run, VectorData data, Vectors vectors, BareLucene lucene)
            throws Exception {
        String of = String.format("%,d × %d", data.size(), VectorData.DIMENSIONS);
        if (run.wants("vectors/search")) {
            run.compare(Comparison.of(
                            "vectors/search",
                            "nearest 10 of " + of,
                            Side.of(
                                    "contextdb embedded",
                                    () -> search(vectors, data.query(), Filter.everything())
                                            .size()),
                            Side.of(
                                    "bare Lucene, as broad",
                                    () -> lucene.search(data.query(), -1).size()))
                    .by(Clock.CPU)
                    .inSmoke()
                    .remark(recall(data, vectors, lucene, Filter.everything())));
        }
        if (run.wants("vectors/filtered")) {
            run.compare(Comparison.of(
                            "vectors/filtered",
                            "the same with a filter that keeps 1 %",
                            Side.of(
                                    "contextdb embedded",
                                    () -> search(vectors, data.query(), ONE_PERCENT)
                                            .size()),
                            Side.of(
                                    "bare Lucene, as broad",
                                    () -> lucene.search(data.query(), VectorData.BUCKET)
                                            .size()))
                    .by(Clock.CPU)
                    .inSmoke()
                    .remark(recall(data, vectors, lucene, ONE_PERCENT)));
        }
        run.compare(Comparison.of(
                        "vectors/text",
                        "10 best texts of 3 words, BM25",
                        Side.of(
                                "contextdb embedded",
                                () -> vectors.searchText(TextQuery.of(SPACE, data.question(), VectorData.K))
                                        .size()),
                        Side.of(
                                "bare Lucene",
                                () -> lucene.searchText(data.question()).size()))
                .by(Clock.CPU)
                .inSmoke());
    }

    private static void readYourWrites(BenchmarkRun run, VectorData data, Vectors vectors, BareLucene lucene)
            throws Exception {
        run.compare(Comparison.of(
                        "vectors/read-your-writes",
                        "a point is written, and found by the next search",
                        Side.of("contextdb embedded", () -> {
                            float[] vector = data.query();
                            vectors.put(
                                    SPACE,
                                    VectorPoint.builder(UUID.randomUUID())
                                            .vector(vector)
                                            .text(data.text(0))
                                            .build());
                            return search(vectors, vector, Filter.everything()).size();
                        }),
                        Side.of("bare Lucene, a refresh for each", () -> {
                            lucene.put(UUID.randomUUID(), data.query(), data.text(0), 1);
                            lucene.refresh();
                            return lucene.search(data.query(), -1).size();
                        }))
                .by(Clock.CPU)
                .remark("Lucene's is not durable"));
    }

    private static List<Hit> search(Vectors vectors, float[] query, Filter filter) {
        return vectors.search(
                VectorQuery.nearest(SPACE, Vector.of(query), VectorData.K).where(filter));
    }

    private static String recall(VectorData data, Vectors vectors, BareLucene lucene, Filter filter) throws Exception {
        boolean filtered = !(filter instanceof Filter.Everything);
        return data.recalls(
                filtered,
                query -> search(vectors, query, filter).stream()
                        .map(hit -> hit.point().id())
                        .toList(),
                query -> lucene.search(query, filtered ? VectorData.BUCKET : -1));
    }
}
