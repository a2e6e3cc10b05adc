package io.contextdb.scaled;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.contextdb.ContextConnection;
import io.contextdb.ContextDriverManager;
import io.contextdb.ContextUrl;
import io.contextdb.CopyReport;
import io.contextdb.backend.qdrant.QdrantProvider;
import io.contextdb.spi.Backend;
import io.contextdb.spi.BackendConfig;
import io.contextdb.spi.journal.PointState;
import io.contextdb.spi.journal.PointVersion;
import io.contextdb.spi.journal.Projection;
import io.contextdb.spi.journal.SpaceRef;
import io.contextdb.spi.value.Deadline;
import io.contextdb.spi.value.NamespaceName;
import io.contextdb.spi.value.PageRequest;
import io.contextdb.spi.vector.Hit;
import io.contextdb.spi.vector.VectorPoint;
import io.contextdb.spi.vector.VectorQuery;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A copy that is not what the source has: searches do not believe it, verify counts it, repair mends it. */
class CopyRepairTest {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final long POINTS = 200;
    private static final Map<String, CopyReport> CLEAN = Map.of("vectors", new CopyReport(0, 0, 0));

    private ContextConnection connection;
    private Backend copy;
    private Projection projection;

    @BeforeEach
    void open() {
        String url = Servers.url("repair");
        connection = ContextDriverManager.getConnection(url).withTimeout(LIMIT);
        Points.in(connection).createSpace(Points.SPACE);
        ContextUrl vectors = ContextUrl.parse(Servers.store(url, "vectors"));
        copy = new QdrantProvider()
                .open(new BackendConfig(vectors.scheme(), vectors.location(), vectors.options(), List.of()));
        projection = copy.projection().orElseThrow();
    }

    @AfterEach
    void close() {
        copy.close();
        connection.close();
    }

    private static Deadline soon() {
        return Deadline.after(LIMIT);
    }

    private static List<Long> numbers(long from, long to) {
        return LongStream.range(from, to).boxed().toList();
    }

    private void fill() {
        Points.in(connection)
                .put(
                        Points.SPACE.name(),
                        numbers(0, POINTS).stream().map(Points::point).toList());
        Lag.awaitNone(connection, LIMIT);
    }

    private SpaceRef space() {
        long id = projection.spaces(soon()).iterator().next();
        return new SpaceRef(id, NamespaceName.of(Points.NAMESPACE), Points.SPACE);
    }

    private Map<UUID, PointVersion> copied() {
        return projection.versions(space(), PageRequest.first(10_000), soon()).items().stream()
                .collect(Collectors.toMap(PointVersion::point, Function.identity()));
    }

    private void remove(List<Long> numbers) {
        Map<UUID, PointVersion> there = copied();
        List<PointVersion> marks = numbers.stream()
                .map(number -> there.get(Points.id(number)))
                .map(version -> new PointVersion(version.point(), version.version(), true))
                .toList();
        projection.apply(
                space(),
                marks.stream()
                        .map(mark -> PointState.deleted(mark.point(), mark.version()))
                        .toList(),
                soon());
        projection.purge(space(), marks, soon());
    }

    /** Gives points the vectors of others. */
    private void replace(List<Long> numbers) {
        Map<UUID, PointVersion> there = copied();
        projection.apply(
                space(),
                numbers.stream()
                        .map(number -> PointState.of(
                                VectorPoint.builder(Points.id(number))
                                        .vector(Points.vector(number + 1))
                                        .build(),
                                there.get(Points.id(number)).version() + 1))
                        .toList(),
                soon());
    }

    private void add(List<Long> numbers) {
        projection.apply(
                space(),
                numbers.stream()
                        .map(number -> PointState.of(Points.point(number), 1))
                        .toList(),
                soon());
    }

    /** Each hit must be a point of the source, with the score that its vector has there. */
    private void requireTrue(long number) {
        List<Hit> hits =
                Points.in(connection).search(VectorQuery.nearest(Points.SPACE.name(), Points.vector(number), 5));
        assertThat(hits).hasSize(5);
        for (Hit hit : hits) {
            long found = hit.point().id().getLeastSignificantBits();
            assertThat(found).isBetween(0L, POINTS - 1);
            double score = Points.SPACE.metric().similarity(Points.vector(number), Points.vector(found));
            assertThat(hit.score()).isCloseTo(score, within(1e-4));
        }
        assertThat(hits).isSortedAccordingTo(Hit.ORDER);
    }

    @Test
    void whatDiffersIsNotBelievedIsCountedAndIsMended() {
        fill();
        assertThat(connection.verify().copies()).isEqualTo(CLEAN);
        List<Long> missing = numbers(10, 15);
        List<Long> stale = numbers(20, 27);
        List<Long> extra = numbers(1_000, 1_004);
        remove(missing);
        replace(stale);
        add(extra);

        assertThat(missing).as("the copy is asked").noneMatch(number -> Points.isFound(connection, number));
        extra.forEach(this::requireTrue);
        stale.forEach(this::requireTrue);
        assertThat(connection.verify().copies()).isEqualTo(Map.of("vectors", new CopyReport(5, 7, 4)));
        assertThat(connection.repair().copies()).isEqualTo(Map.of("vectors", new CopyReport(5, 7, 4)));
        assertThat(connection.verify().copies()).isEqualTo(CLEAN);
        assertThat(numbers(0, POINTS)).allMatch(number -> Points.isFound(connection, number));
        extra.forEach(this::requireTrue);
    }

    @Test
    void whatIsAboutToBeCopiedIsNoDifference() {
        fill();
        try (PointLoad load = new PointLoad(connection)) {
            long enough = load.written() + 500;
            Eventually.become("verified while points are written", LIMIT, () -> {
                assertThat(connection.verify().copies()).isEqualTo(CLEAN);
                return load.written() > enough;
            });
            load.requireRight();
        }
    }
}
