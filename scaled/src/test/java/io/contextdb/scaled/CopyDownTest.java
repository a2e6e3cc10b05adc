package io.contextdb.scaled;

import static org.assertj.core.api.Assertions.assertThat;

import io.contextdb.ContextConnection;
import io.contextdb.ContextDriverManager;
import io.contextdb.CopyReport;
import io.contextdb.spi.Health;
import java.time.Duration;
import java.util.Map;
import java.util.OptionalLong;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The copy of the vectors is gone for a while, under load, with or without what it had: nobody who writes or searches notices. */
@Tag("slow")
class CopyDownTest {
    private static final Duration OUTAGE = Duration.ofSeconds(Integer.getInteger("contextdb.outage.seconds", 5));
    private static final Duration LIMIT = Duration.ofSeconds(120);
    private static final long BEFORE = 300;
    private static final long NEARLY = 20;

    @Test
    void afterAnOutageItCatchesUp() {
        outage(false);
    }

    @Test
    void emptiedItIsFilledAgain() {
        outage(true);
    }

    private static void outage(boolean emptied) {
        try (OwnServer qdrant = OwnServer.qdrant();
                ContextConnection connection = ContextDriverManager.getConnection(Servers.url(
                                "down",
                                Servers.postgresql().url(),
                                Servers.redis().url(),
                                qdrant.url()))
                        .withTimeout(LIMIT)) {
            Points.in(connection).createSpace(Points.SPACE);
            try (PointLoad load = new PointLoad(connection)) {
                Eventually.become("points are written", LIMIT, () -> load.written() > BEFORE);
                long start = System.nanoTime();
                long first = load.written();
                qdrant.kill();
                Eventually.become(
                        "health tells of it", LIMIT, () -> connection.health().status() == Health.Status.DEGRADED);
                // How long the copy is away is the test's subject.
                Eventually.pause(OUTAGE);
                Health health = connection.health();
                assertThat(health.status()).isEqualTo(Health.Status.DEGRADED);
                assertThat(health.details())
                        .containsEntry("vectors", "DOWN")
                        .containsKeys("vectors.behind", "vectors.trouble");
                report("writes while it is away", load.written() - first, start);
                load.requireRight();
                if (emptied) {
                    qdrant.empty();
                }
                catchUp(qdrant, connection, load, first);
                load.requireRight();
            }
            Lag.awaitNone(connection, LIMIT);
            assertThat(connection.health().status()).isEqualTo(Health.Status.UP);
            assertThat(connection.verify().copies()).isEqualTo(Map.of("vectors", new CopyReport(0, 0, 0)));
        }
    }

    private static void catchUp(OwnServer qdrant, ContextConnection connection, PointLoad load, long copied) {
        qdrant.start();
        long start = System.nanoTime();
        Eventually.become("the copy has caught up under load", LIMIT, () -> {
            OptionalLong behind = Lag.ofVectors(connection);
            return behind.isPresent() && behind.getAsLong() < NEARLY;
        });
        report("copied until it has caught up with them", load.written() - copied, start);
    }

    private static void report(String what, long number, long start) {
        double seconds = (System.nanoTime() - start) / 1e9;
        System.out.printf("%s: %d in %.1f s, %.0f/s%n", what, number, seconds, number / seconds);
    }
}
