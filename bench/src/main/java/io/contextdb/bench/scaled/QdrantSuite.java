package io.contextdb.bench.scaled;

import io.contextdb.ContextConnection;
import io.contextdb.ContextDriverManager;
import io.contextdb.Vectors;
import io.contextdb.bench.BenchmarkRun;
import io.contextdb.bench.Comparison;
import io.contextdb.bench.Servers;
import io.contextdb.bench.Side;
import io.contextdb.bench.Suite;
import io.contextdb.bench.VectorData;
import io.contextdb.spi.filter.Field;
import io.contextdb.spi.filter.Filter;
import io.contextdb.spi.vector.Hit;
import io.contextdb.spi.vector.Vector;
import io.contextdb.spi.vector.VectorPoint;
import io.contextdb.spi.vector.VectorQuery;
import io.contextdb.spi.vector.VectorSpace;
import java.util.List;
import java.util.UUID;

/** Vectors in Qdrant by way of the driver against the raw client. */
public final class QdrantSuite implements Suite {
    private static final String SPACE = "default";
    private static final Filter ONE_PERCENT = Filter.eq(Field.property("bucket"), VectorData.BUCKET);

    @Override
    public void run(BenchmarkRun run) throws Exception {
        Servers.Server server = Servers.qdrant();
        run.server(server);
        VectorData data = new VectorData(run.size(2_000, 10_000));
        try (ContextConnection connection =
                        ContextDriverManager.getConnection("contextdb:" + server.url() + "?prefix=bench_&timeout=5m");
                BareQdrant raw = new BareQdrant(server.address())) {
            // The server may have served an earlier run.
            connection.namespace("bench").drop();
            Vectors vectors = connection.namespace("bench").vectors();
            vectors.createSpace(VectorSpace.cosine(SPACE, VectorData.DIMENSIONS));
            for (int from = 0; from < data.size(); from += 500) {
                vectors.put(SPACE, data.points(from, from + 500));
                raw.add(data, from, from + 500);
            }
            compare(run, data, vectors, raw, server.kind());
        }
    }

    private static void compare(BenchmarkRun run, VectorData data, Vectors vectors, BareQdrant raw, String kind)
            throws Exception {
        String of = String.format("nearest 10 of %,d × %d", data.size(), VectorData.DIMENSIONS);
        String ours = "contextdb qdrant";
        String theirs = "raw client, one tenant of a collection";
        for (int callers : new int[] {1, 8}) {
            run.compare(Comparison.of(
                            "qdrant/search-" + callers,
                            of,
                            Side.of(
                                    ours,
                                    () -> search(vectors, data.query(), Filter.everything())
                                            .size()),
                            Side.of(theirs, () -> raw.search(data.query(), -1).size()))
                    .callers(callers)
                    .remark("server: " + kind + "; " + recall(data, vectors, raw, Filter.everything())));
        }
        run.compare(Comparison.of(
                        "qdrant/filtered",
                        of + ", with a filter that keeps 1 %",
                        Side.of(
                                ours,
                                () -> search(vectors, data.query(), ONE_PERCENT).size()),
                        Side.of(
                                theirs,
                                () -> raw.search(data.query(), VectorData.BUCKET)
                                        .size()))
                .remark("server: " + kind + "; " + recall(data, vectors, raw, ONE_PERCENT)));
        run.compare(Comparison.of(
                        "qdrant/put",
                        "put of a point",
                        Side.of(ours, () -> {
                            vectors.put(
                                    SPACE,
                                    VectorPoint.builder(UUID.randomUUID())
                                            .vector(data.query())
                                            .text(data.text(0))
                                            .property("bucket", "none")
                                            .build());
                            return 1;
                        }),
                        Side.of(theirs, () -> raw.put(data.query(), data.text(0))))
                .remark("server: " + kind + "; ours keeps the vector as it was written, too"));
    }

    private static List<Hit> search(Vectors vectors, float[] query, Filter filter) {
        return vectors.search(
                VectorQuery.nearest(SPACE, Vector.of(query), VectorData.K).where(filter));
    }

    private static String recall(VectorData data, Vectors vectors, BareQdrant raw, Filter filter) throws Exception {
        boolean filtered = !(filter instanceof Filter.Everything);
        return data.recalls(
                filtered,
                query -> search(vectors, query, filter).stream()
                        .map(hit -> hit.point().id())
                        .toList(),
                query -> raw.search(query, filtered ? VectorData.BUCKET : -1));
    }
}
