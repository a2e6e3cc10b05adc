package io.contextdb.backend.postgresql;

import static org.assertj.core.api.Assertions.assertThat;

import io.contextdb.ContextConnection;
import io.contextdb.ContextDriverManager;
import io.contextdb.Events;
import io.contextdb.Limiter;
import io.contextdb.spi.event.ConsumerGroup;
import io.contextdb.spi.event.Delivery;
import io.contextdb.spi.event.EventDraft;
import io.contextdb.spi.event.EventPosition;
import io.contextdb.spi.value.PropertyMap;
import io.contextdb.spi.write.MutationResult.Permits;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Nobody waits for hours because the server's clock was set back by hours (contract K4, E3). */
class ClockSetBackTest {
    private static final Duration WINDOW = Duration.ofSeconds(2);

    private static void setBack(String schema, Duration time) throws SQLException {
        ServerPair.execute(
                TestServer.get(),
                "CREATE OR REPLACE FUNCTION " + schema + ".clock() RETURNS bigint LANGUAGE sql VOLATILE AS $$"
                        + " SELECT (extract(epoch FROM clock_timestamp()) * 1000000)::bigint - "
                        + time.toNanos() / 1_000 + " $$");
    }

    @Test
    void aLimiterIsNotBlockedLongerThanItsWindow() throws Exception {
        String schema = TestServer.schema("clock_limiter");
        try (ContextConnection connection =
                ContextDriverManager.getConnection(TestServer.get().url(schema))) {
            Limiter limiter = connection.namespace("n").limiter(2, WINDOW);
            assertThat(limiter.tryAcquire("ada").allowed()).isTrue();

            setBack(schema, Duration.ofHours(5));
            assertThat(limiter.tryAcquire("ada").allowed()).isTrue();
            Permits refused = limiter.tryAcquire("ada");
            assertThat(refused.allowed()).isFalse();
            assertThat(refused.retryAfter()).isBetween(Duration.ofNanos(1_000), WINDOW);
            Thread.sleep(WINDOW.plusMillis(50));
            assertThat(limiter.tryAcquire("ada", 2).allowed()).isTrue();
            assertThat(limiter.tryAcquire("ada").allowed()).isFalse();
        }
    }

    @Test
    void whatWasClaimedIsDeliveredAgain() throws Exception {
        String schema = TestServer.schema("clock_claims");
        try (ContextConnection connection =
                ContextDriverManager.getConnection(TestServer.get().url(schema))) {
            Events events = connection.namespace("n").events();
            events.createGroup(new ConsumerGroup("workers", EventPosition.START, WINDOW, 5));
            events.append(EventDraft.of("seen", PropertyMap.empty()));
            assertThat(events.claim("workers", 1)).hasSize(1);

            setBack(schema, Duration.ofHours(5));
            assertThat(events.claim("workers", 1)).isEmpty();
            Thread.sleep(WINDOW.plusMillis(50));
            List<Delivery> again = events.claim("workers", 1);
            assertThat(again).singleElement().extracting(Delivery::attempt).isEqualTo(2);
            assertThat(events.release("workers", List.of(again.get(0).event().position())))
                    .isEqualTo(1);
            assertThat(events.claim("workers", 1)).hasSize(1);
        }
    }
}
