package io.contextdb.backend.postgresql;

import static org.assertj.core.api.Assertions.assertThat;

import io.contextdb.spi.filter.Field;
import io.contextdb.spi.filter.Filter;
import io.contextdb.spi.value.CommitToken;
import io.contextdb.spi.value.Deadline;
import io.contextdb.spi.value.NamespaceName;
import io.contextdb.spi.value.ReadScope;
import io.contextdb.spi.vector.Hit;
import io.contextdb.spi.vector.Metric;
import io.contextdb.spi.vector.Vector;
import io.contextdb.spi.vector.VectorPoint;
import io.contextdb.spi.vector.VectorQuery;
import io.contextdb.spi.vector.VectorSpace;
import io.contextdb.spi.write.Mutation;
import io.contextdb.spi.write.VectorMutation;
import io.contextdb.spi.write.WriteBatch;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Searches through HNSW indexes, which spaces get once they are large. */
@Tag("slow")
class VectorIndexTest {
    private static final NamespaceName N = NamespaceName.of("n");
    private static final int POINTS = 3_000;

    private final String schema = TestServer.schema("index");
    private PostgresBackend backend;

    @BeforeEach
    void open() {
        backend = openOnce();
    }

    private PostgresBackend openOnce() {
        return TestServer.quiet(TestServer.get().url(schema) + "&vectorIndexFrom=1000"
                // The planner would rather sort so few points, as it should.
                + "&jdbc.options=-c%20enable_sort%3Doff");
    }

    @AfterEach
    void close() {
        backend.close();
    }

    private static ReadScope scope() {
        return new ReadScope(N, Deadline.after(Duration.ofSeconds(60)), CommitToken.NONE);
    }

    private void apply(List<Mutation> mutations) {
        backend.apply(WriteBatch.of(N, mutations), Deadline.after(Duration.ofSeconds(60)));
    }

    private static Vector vector(Random random, int dimensions) {
        // Clusters: what indexes are for, and where they err.
        float[] values = new float[dimensions];
        Random centre = new Random(random.nextInt(30));
        for (int i = 0; i < dimensions; i++) {
            values[i] = (float) (centre.nextGaussian() + 0.35 * random.nextGaussian());
        }
        return Vector.of(values);
    }

    private void fill(VectorSpace space, Random random) {
        apply(List.of(new VectorMutation.CreateSpace(space)));
        for (int from = 0; from < POINTS; from += 500) {
            List<Mutation> batch = new ArrayList<>();
            for (int i = from; i < from + 500; i++) {
                batch.add(new VectorMutation.PutPoint(
                        space.name(),
                        VectorPoint.builder(new UUID(7, i))
                                .vector(vector(random, space.dimensions()))
                                .property("bucket", i % 100)
                                .build()));
            }
            apply(batch);
        }
    }

    @ParameterizedTest
    @CsvSource({"COSINE, 32", "DOT, 32", "EUCLIDEAN, 32", "COSINE, 2500"})
    void anIndexedSpaceFindsTheNearestFiltersWithinAndShowsWritesAtOnce(Metric metric, int dimensions)
            throws SQLException {
        Random random = new Random(42);
        VectorSpace space = new VectorSpace("s", dimensions, metric, "");
        fill(space, random);
        VectorQuery nearest = VectorQuery.nearest("s", vector(random, dimensions), 10);
        backend.vectors().search(scope(), List.of(nearest));
        assertThat(indexes()).isZero();
        backend.upkeep().run();
        assertThat(indexes()).isEqualTo(1);

        double found = 0;
        int queries = 20;
        Filter usual = Filter.lt(Field.property("bucket"), 80);
        double foundUsual = 0;
        Filter rare = Filter.eq(Field.property("bucket"), 3);
        double foundRare = 0;
        for (int q = 0; q < queries; q++) {
            VectorQuery query = VectorQuery.nearest("s", vector(random, dimensions), 10);
            found += shared(query);
            foundUsual += shared(query.where(usual));
            foundRare += shared(query.where(rare));
        }

        assertThat(found / (10 * queries)).as("recall@10").isGreaterThanOrEqualTo(0.95);
        assertThat(foundUsual / (10 * queries))
                .as("recall@10 with a filter that keeps most")
                .isGreaterThanOrEqualTo(0.90);
        assertThat(foundRare / (10 * queries)).as("recall@10 with a filter").isGreaterThanOrEqualTo(0.90);
        awaitIndexScans(2 * queries);
        for (int k : new int[] {1, 10, 29, 30, 31, 500, 3_000, 5_000}) {
            assertThat(search(new VectorQuery("s", nearest.vector(), k, Filter.everything(), false, false)))
                    .hasSize(Math.min(k, POINTS));
            assertThat(search(new VectorQuery("s", nearest.vector(), k, rare, false, false)))
                    .hasSize(Math.min(k, POINTS / 100))
                    .isSortedAccordingTo(Hit.ORDER);
        }
        UUID late = new UUID(8, 0);
        apply(List.of(new VectorMutation.PutPoint(
                "s", VectorPoint.builder(late).vector(nearest.vector()).build())));
        if (metric != Metric.DOT) {
            assertThat(search(nearest).get(0).point().id()).isEqualTo(late);
        }
        apply(List.of(new VectorMutation.DropSpace("s")));
        backend.upkeep().run();
        assertThat(indexes()).as("the index goes after its space").isZero();
    }

    /** The server ends one of two that build an index of one table at the same time. */
    @Test
    void processesTakeTurnsWithIndexes() throws Exception {
        try (PostgresBackend other = openOnce()) {
            for (int round = 0; round < 3; round++) {
                String one = "one" + round;
                String two = "two" + round;
                fill(VectorSpace.cosine(one, 2), new Random(round));
                fill(VectorSpace.cosine(two, 2), new Random(round));
                scan(backend, one);
                scan(other, two);

                CompletableFuture<Void> beside = CompletableFuture.runAsync(other.upkeep()::run);
                backend.upkeep().run();
                beside.get(1, TimeUnit.MINUTES);

                scan(backend, one);
                scan(other, two);
                backend.upkeep().run();
                other.upkeep().run();
                assertThat(indexes()).isEqualTo(2 * (round + 1));
            }
        }
    }

    private static void scan(PostgresBackend backend, String space) {
        backend.vectors().search(scope(), List.of(VectorQuery.nearest(space, Vector.of(1, 1), 3)));
    }

    private List<Hit> search(VectorQuery query) {
        return backend.vectors().search(scope(), List.of(query)).get(0);
    }

    private long shared(VectorQuery query) {
        List<UUID> exact =
                search(query.exactly()).stream().map(hit -> hit.point().id()).toList();
        List<UUID> found = search(query).stream().map(hit -> hit.point().id()).toList();
        return IntStream.range(0, found.size())
                .filter(i -> exact.contains(found.get(i)))
                .count();
    }

    private long indexes() throws SQLException {
        return number("SELECT count(*) FROM pg_indexes WHERE schemaname = ? AND indexname LIKE 'point_hnsw_%'");
    }

    /** Sessions report what they did when they have been idle for a moment. */
    private void awaitIndexScans(int least) throws SQLException {
        long end = System.nanoTime() + Duration.ofSeconds(30).toNanos();
        long scans = 0;
        while (scans < least) {
            assertThat(System.nanoTime())
                    .as("the index was used %d times", scans)
                    .isLessThan(end);
            scans = number("SELECT coalesce(sum(idx_scan), 0) FROM pg_stat_user_indexes"
                    + " WHERE schemaname = ? AND indexrelname LIKE 'point_hnsw_%'");
        }
    }

    private long number(String sql) throws SQLException {
        try (Connection connection =
                        DriverManager.getConnection(TestServer.get().jdbcUrl());
                PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setString(1, schema);
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                return row.getLong(1);
            }
        }
    }
}
