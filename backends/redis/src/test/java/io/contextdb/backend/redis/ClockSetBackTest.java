package io.contextdb.backend.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.contextdb.ContextConnection;
import io.contextdb.ContextDriverManager;
import io.contextdb.Events;
import io.contextdb.Limiter;
import io.contextdb.Namespace;
import io.contextdb.spi.event.ConsumerGroup;
import io.contextdb.spi.event.Delivery;
import io.contextdb.spi.event.EventDraft;
import io.contextdb.spi.event.EventPosition;
import io.contextdb.spi.value.PropertyMap;
import io.contextdb.spi.write.MutationResult.Permits;
import io.lettuce.core.ScoredValue;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Nobody waits for hours because the server's clock was set back by hours (contract K4, E3). What that leaves behind is written by hand:
 * permits and claims of a time that has not come yet.
 */
class ClockSetBackTest {
    private static final Duration WINDOW = Duration.ofSeconds(2);
    private static final Duration BACK = Duration.ofHours(5);

    private OwnServer server;
    private ContextConnection connection;
    private Namespace namespace;

    @BeforeEach
    void open() {
        server = new OwnServer();
        connection = ContextDriverManager.getConnection(server.url(""));
        namespace = connection.namespace("n");
    }

    @AfterEach
    void close() {
        connection.close();
        server.close();
    }

    /** Moves all times of a key ahead, as the clock leaves them that is set back. */
    private void moveAhead(String key, double by) {
        long moved = server.raw(redis -> {
            List<ScoredValue<String>> times = redis.zrangeWithScores(key, 0, -1).stream()
                    .filter(member -> member.getScore() > 0)
                    .toList();
            times.forEach(member -> redis.zadd(key, member.getScore() + by, member.getValue()));
            return (long) times.size();
        });
        assertThat(moved).isPositive();
    }

    @Test
    void aLimiterIsNotBlockedLongerThanItsWindow() throws InterruptedException {
        Limiter limiter = namespace.limiter(2, WINDOW);
        assertThat(limiter.tryAcquire("ada").allowed()).isTrue();
        moveAhead("contextdb:{n}:l:ada", BACK.toNanos() / 1_000.0);

        assertThat(limiter.tryAcquire("ada").allowed()).isTrue();
        Permits refused = limiter.tryAcquire("ada");
        assertThat(refused.allowed()).isFalse();
        assertThat(refused.retryAfter()).isBetween(Duration.ofNanos(1_000), WINDOW);
        Thread.sleep(WINDOW.plusMillis(50));
        assertThat(limiter.tryAcquire("ada", 2).allowed()).isTrue();
        assertThat(limiter.tryAcquire("ada").allowed()).isFalse();
    }

    @Test
    void whatWasClaimedIsDeliveredAgain() throws InterruptedException {
        Events events = namespace.events();
        events.createGroup(new ConsumerGroup("workers", EventPosition.START, WINDOW, 5));
        events.append(EventDraft.of("seen", PropertyMap.empty()));
        assertThat(events.claim("workers", 1)).hasSize(1);
        moveAhead("contextdb:{n}:h:workers", BACK.toMillis());

        assertThat(events.claim("workers", 1)).isEmpty();
        Thread.sleep(WINDOW.plusMillis(50));
        assertThat(events.claim("workers", 1))
                .singleElement()
                .extracting(Delivery::attempt)
                .isEqualTo(2);
    }
}
