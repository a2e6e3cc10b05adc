package io.contextdb.backend.qdrant;

import io.contextdb.ContextConnection;
import io.contextdb.ContextDriverManager;
import io.contextdb.Vectors;
import io.contextdb.spi.filter.Field;
import io.contextdb.spi.filter.Filter;
import io.contextdb.spi.vector.Vector;
import io.contextdb.spi.vector.VectorPoint;
import io.contextdb.spi.vector.VectorQuery;
import io.contextdb.spi.vector.VectorSpace;
import io.qdrant.client.QdrantClient;
import io.qdrant.client.QdrantGrpcClient;
import io.qdrant.client.grpc.Points.PointStruct;
import io.qdrant.client.grpc.Points.QueryPoints;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.LongAdder;

/** Prints calls per second through the driver and through the raw client, alternating, with the median of the rounds. */
final class RawComparison {
    private static final int ROUNDS = Integer.getInteger("rounds", 9);
    private static final int POINTS = Integer.getInteger("points", 20_000);
    private static final int DIMENSIONS = Integer.getInteger("dimensions", 384);
    private static final int QUERIES = 256;
    private static final Duration SPAN = Duration.ofMillis(700);

    private RawComparison() {}

    /** What a thread does with its n-th query. */
    private interface Call {
        void run(int n) throws ExecutionException, InterruptedException;
    }

    public static void main(String[] args) throws InterruptedException, ExecutionException {
        try (OwnServer server = new OwnServer();
                ContextConnection connection = ContextDriverManager.getConnection(server.url(""));
                Raw look = new Raw(server);
                QdrantClient raw = new QdrantClient(QdrantGrpcClient.newBuilder("127.0.0.1", server.port(), false)
                        .build())) {
            Random random = new Random(1);
            Vectors vectors = connection.namespace("n").vectors();
            vectors.createSpace(VectorSpace.cosine("s", DIMENSIONS));
            UUID first = new UUID(0, 0);
            vectors.put("s", point(first, random));
            String collection = "contextdb_points_" + DIMENSIONS + "_cosine";
            String key =
                    look.points(collection).get(0).getPayloadMap().get("space").getStringValue();
            load(raw, collection, key, random);
            List<Vector> queries = new ArrayList<>();
            for (int i = 0; i < QUERIES; i++) {
                queries.add(vector(random));
            }
            Map<String, Call> calls = new LinkedHashMap<>();
            for (Filter filter : List.of(Filter.everything(), Filter.eq(Field.property("n"), 7))) {
                List<QueryPoints> requests = queries.stream()
                        .map(query -> Searches.nearest(
                                        collection,
                                        query,
                                        10,
                                        Searches.filter(key, filter).orElseThrow(),
                                        false)
                                .setWithPayload(Requests.POINT)
                                .build())
                        .toList();
                String what = filter.equals(Filter.everything()) ? "search" : "filtered search";
                calls.put(
                        "raw " + what,
                        n -> raw.queryAsync(requests.get(n % QUERIES)).get());
                calls.put(
                        "driver " + what,
                        n -> vectors.search(VectorQuery.nearest("s", queries.get(n % QUERIES), 10)
                                .where(filter)));
            }
            for (int threads : new int[] {1, 8}) {
                Map<String, List<Double>> rates = new LinkedHashMap<>();
                for (int round = 0; round <= ROUNDS; round++) {
                    for (Map.Entry<String, Call> call : calls.entrySet()) {
                        double rate = rate(threads, call.getValue());
                        if (round > 0) {
                            rates.computeIfAbsent(call.getKey(), name -> new ArrayList<>())
                                    .add(rate);
                        }
                    }
                }
                rates.forEach((name, measured) ->
                        System.out.printf("%2d callers  %-24s %7.0f/s%n", threads, name, median(measured)));
                for (String what : List.of("search", "filtered search")) {
                    List<Double> ratios = new ArrayList<>();
                    for (int i = 0; i < ROUNDS; i++) {
                        ratios.add(rates.get("driver " + what).get(i)
                                / rates.get("raw " + what).get(i));
                    }
                    System.out.printf("%2d callers  %-24s %7.3f of raw%n", threads, what, median(ratios));
                }
            }
        }
    }

    private static Vector vector(Random random) {
        float[] values = new float[DIMENSIONS];
        for (int i = 0; i < DIMENSIONS; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return Vector.of(values);
    }

    private static VectorPoint point(UUID id, Random random) {
        return VectorPoint.builder(id)
                .vector(vector(random))
                .text("a text of some length, as memories have; it says what was seen and by whom")
                .labels(List.of("seen"))
                .source("someone")
                .property("n", random.nextInt(100))
                .property("city", "Oslo")
                .build();
    }

    private static void load(QdrantClient raw, String collection, String key, Random random)
            throws ExecutionException, InterruptedException {
        List<PointStruct> portion = new ArrayList<>();
        for (int i = 1; i < POINTS; i++) {
            VectorPoint point = point(UUID.randomUUID(), random);
            portion.add(PointStruct.newBuilder()
                    .setId(Names.point(key, point.id()))
                    .setVectors(StoredVectors.kept(
                            io.contextdb.spi.vector.Metric.COSINE,
                            point.vector().orElseThrow()))
                    .putAllPayload(PointPayload.whole(key, point))
                    .build());
            if (portion.size() == 500 || i == POINTS - 1) {
                raw.upsertAsync(Requests.upsert(collection, portion).build()).get();
                portion.clear();
            }
        }
    }

    private static double rate(int threads, Call call) throws InterruptedException {
        LongAdder done = new LongAdder();
        long start = System.nanoTime();
        long end = start + SPAN.toNanos();
        List<Thread> callers = new ArrayList<>();
        for (int i = 0; i < threads; i++) {
            int offset = i * 31;
            callers.add(Thread.ofPlatform().start(() -> {
                try {
                    for (int n = offset; System.nanoTime() - end < 0; n++) {
                        call.run(n);
                        done.increment();
                    }
                } catch (ExecutionException | InterruptedException failed) {
                    throw new IllegalStateException(failed);
                }
            }));
        }
        for (Thread caller : callers) {
            caller.join();
        }
        return done.sum() * 1e9 / (System.nanoTime() - start);
    }

    private static double median(List<Double> values) {
        double[] sorted =
                values.stream().mapToDouble(Double::doubleValue).sorted().toArray();
        return sorted[sorted.length / 2];
    }
}
