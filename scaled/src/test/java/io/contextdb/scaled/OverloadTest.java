package io.contextdb.scaled;

import static org.assertj.core.api.Assertions.assertThat;

import io.contextdb.ContextConnection;
import io.contextdb.ContextDriverManager;
import io.contextdb.spi.error.ContextThrottledException;
import io.contextdb.spi.value.Bytes;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The copy is away for so long that the journal grows beyond what was allowed. */
@Tag("slow")
class OverloadTest {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final long BACKLOG = 1_000;
    private static final long MORE = 50;

    @Test
    void pointsAreRefusedUntilItHasCaughtUpAndNothingElseIs() {
        try (OwnServer qdrant = OwnServer.qdrant();
                ContextConnection connection = open(qdrant, "reject")) {
            Points.in(connection).createSpace(Points.SPACE);
            Lag.awaitNone(connection, LIMIT);
            qdrant.kill();
            long[] number = {0};
            while (number[0] < BACKLOG + MORE && !isRefused(connection, ++number[0])) {
                // The count that is gone by is looked at now and then, so some more may pass.
            }
            Eventually.become("points are refused", LIMIT, () -> isRefused(connection, ++number[0]));
            assertThat(number[0]).isGreaterThan(BACKLOG);
            connection.namespace(Points.NAMESPACE).keys().put("k", Bytes.utf8("v"));
            assertThat(connection.health().details().get("vectors.behind")).containsPattern("^1\\d{3} batches or more");

            qdrant.start();
            Eventually.become("points are taken again", LIMIT, () -> !isRefused(connection, ++number[0]));
            assertThat(Points.isFound(connection, number[0])).isTrue();
        }
    }

    @Test
    void pointsAreSlowedAndTakenAllTheSame() {
        try (OwnServer qdrant = OwnServer.qdrant();
                ContextConnection connection = open(qdrant, "slow")) {
            Points.in(connection).createSpace(Points.SPACE);
            Lag.awaitNone(connection, LIMIT);
            qdrant.kill();
            for (long number = 1; number < BACKLOG + MORE; number++) {
                Points.in(connection).put(Points.SPACE.name(), Points.point(number));
            }
            assertThat(Points.isFound(connection, BACKLOG + 1)).isTrue();
        }
    }

    private static ContextConnection open(OwnServer qdrant, String overload) {
        String url = Servers.url(
                "overload", Servers.postgresql().url(), Servers.redis().url(), qdrant.url());
        return ContextDriverManager.getConnection(url + "&backlog=" + BACKLOG + "&overload=" + overload)
                .withTimeout(LIMIT);
    }

    private static boolean isRefused(ContextConnection connection, long number) {
        try {
            Points.in(connection).put(Points.SPACE.name(), Points.point(number));
            return false;
        } catch (ContextThrottledException refused) {
            assertThat(refused).hasMessageContaining("backlog");
            return true;
        }
    }
}
