package io.contextdb.scaled;

import static org.assertj.core.api.Assertions.assertThat;

import io.contextdb.ContextConnection;
import io.contextdb.ContextDriverManager;
import io.contextdb.backend.memory.MemoryBackendProvider;
import io.contextdb.spi.Backend;
import io.contextdb.spi.BackendConfig;
import io.contextdb.spi.Health;
import io.contextdb.spi.journal.PointState;
import io.contextdb.spi.journal.PointVersion;
import io.contextdb.spi.journal.Projection;
import io.contextdb.spi.journal.SpaceRef;
import io.contextdb.spi.value.CommitToken;
import io.contextdb.spi.value.Deadline;
import io.contextdb.spi.value.NamespaceName;
import io.contextdb.spi.value.PageRequest;
import io.contextdb.spi.value.ReadScope;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The comparison in the background: it finds what differs, tells nothing untrue, mends nothing, and goes on where another left off. */
class ScrubTest {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final NamespaceName SYSTEM = NamespaceName.of("contextdb.system");

    private final MemoryBackendProvider memory = new MemoryBackendProvider();
    private final String name = "scrub-" + Long.toString(System.nanoTime(), 36);
    private TroubledStore trouble;
    private Backend graph;
    private Backend copy;

    @BeforeEach
    void open() {
        trouble = TroubledStore.over(memory);
        graph = memory.open(new BackendConfig("memory", name + "-graph", Map.of(), List.of()));
        copy = memory.open(new BackendConfig("memory", name + "-copy", Map.of(), List.of()));
    }

    @AfterEach
    void close() {
        copy.close();
        graph.close();
        trouble.close();
    }

    private ContextConnection connect(String scrub) {
        return ContextDriverManager.getConnection("contextdb:scaled:?graph=memory:" + name + "-graph&vectors=troubled:"
                        + name + "-copy&scrub=" + scrub)
                .withTimeout(LIMIT);
    }

    private static void fill(ContextConnection connection, long points) {
        Points.in(connection).createSpace(Points.SPACE);
        Points.in(connection)
                .put(
                        Points.SPACE.name(),
                        LongStream.range(0, points).mapToObj(Points::point).toList());
        Lag.awaitNone(connection, LIMIT);
    }

    private static Deadline soon() {
        return Deadline.after(LIMIT);
    }

    private Projection projection() {
        return copy.projection().orElseThrow();
    }

    private SpaceRef space() {
        long id = projection().spaces(soon()).iterator().next();
        return new SpaceRef(id, NamespaceName.of(Points.NAMESPACE), Points.SPACE);
    }

    private long version(long point) {
        return projection().versions(space(), PageRequest.first(10_000), soon()).items().stream()
                .filter(version -> version.point().equals(Points.id(point)))
                .mapToLong(PointVersion::version)
                .findFirst()
                .orElseThrow();
    }

    private void remove(long point) {
        long version = version(point);
        projection().apply(space(), List.of(PointState.deleted(Points.id(point), version)), soon());
        projection().purge(space(), List.of(new PointVersion(Points.id(point), version, true)), soon());
    }

    private void put(long point, long version) {
        projection().apply(space(), List.of(PointState.of(Points.point(point), version)), soon());
    }

    /** Has the copy lose a point, have another as of a commit that is not, and one that the source has not. */
    private void damage() {
        remove(1);
        put(2, version(2) + 1);
        put(1_000_000, 1);
    }

    private static Map<String, String> details(ContextConnection connection) {
        return connection.health().details();
    }

    private static void awaitPass(ContextConnection connection, Instant after) {
        Eventually.become("another pass has ended", LIMIT, () -> {
            String verified = details(connection).get("vectors.verified");
            return verified != null && Instant.parse(verified).isAfter(after);
        });
    }

    @Test
    void whatDiffersShowsUntilItIsMended() {
        try (ContextConnection connection = connect("50ms")) {
            fill(connection, 100);
            awaitPass(connection, Instant.now());
            assertThat(connection.health().status()).isEqualTo(Health.Status.UP);
            assertThat(details(connection)).containsEntry("vectors.different", "0");

            damage();
            Eventually.become(
                    "it is found", LIMIT, () -> "3".equals(details(connection).get("vectors.different")));
            assertThat(connection.health().status()).isEqualTo(Health.Status.DEGRADED);
            awaitPass(connection, Instant.now());
            assertThat(details(connection)).as("nothing was mended").containsEntry("vectors.different", "3");

            assertThat(connection.repair().copies().get("vectors").differences())
                    .isEqualTo(3);
            assertThat(connection.health().status()).isEqualTo(Health.Status.UP);
            awaitPass(connection, Instant.now());
            assertThat(details(connection)).containsEntry("vectors.different", "0");
        }
    }

    @Test
    void whatIsAboutToBeCopiedIsNoDifference() {
        try (ContextConnection connection = connect("1ms")) {
            Points.in(connection).createSpace(Points.SPACE);
            try (PointLoad load = new PointLoad(connection)) {
                for (int pass = 0; pass < 5; pass++) {
                    long before = load.written();
                    Eventually.become("points are written", LIMIT, () -> load.written() > before + 20);
                    awaitPass(connection, Instant.now());
                    assertThat(details(connection)).containsEntry("vectors.different", "0");
                }
                load.requireRight();
            }
        }
    }

    @Test
    void itGoesOnWhereAnotherLeftOff() {
        try (ContextConnection connection = connect("0s")) {
            fill(connection, 3_000);
            long lost = version(1);
            long stale = version(2);
            damage();
            assertThat(details(connection)).doesNotContainKey("vectors.verified");
            Set<String> pages = ConcurrentHashMap.newKeySet();
            trouble.failWhere((call, arguments) -> {
                if (!call.equals("versions")) {
                    return false;
                }
                String page = ((PageRequest) arguments[1]).cursor();
                return !pages.contains(page) && (pages.size() >= 2 || !pages.add(page));
            });
            try (ContextConnection first = connect("24h")) {
                Eventually.become("its first step is done", LIMIT, () -> saved().contains("\n2\n"));
                assertThat(details(first)).doesNotContainKey("vectors.verified");
            }
            trouble.recover();
            put(1, lost);
            remove(2);
            put(2, stale);
            try (ContextConnection second = connect("24h")) {
                awaitPass(second, Instant.EPOCH);
                assertThat(details(second))
                        .as("two that the first had found, and one behind them")
                        .containsEntry("vectors.different", "3");
            }
        }
    }

    /** Returns how far a pass is, as drivers tell each other. */
    private String saved() {
        ReadScope scope = new ReadScope(SYSTEM, soon(), CommitToken.NONE);
        return graph.keys().get(scope, List.of("scrub/vectors/pass")).stream()
                .map(entry -> entry.value().utf8())
                .findFirst()
                .orElse("");
    }
}
