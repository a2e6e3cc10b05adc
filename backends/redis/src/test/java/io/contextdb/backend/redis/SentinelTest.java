package io.contextdb.backend.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.contextdb.ContextConnection;
import io.contextdb.ContextDriverManager;
import io.contextdb.spi.error.ContextTransientException;
import io.contextdb.spi.value.Bytes;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisURI;
import io.lettuce.core.sentinel.api.StatefulRedisSentinelConnection;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Sentinels say where the primary is, also after it has moved. */
@Tag("slow")
class SentinelTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @Test
    void writesGoOnAfterAFailover() {
        try (OwnServer primary = new OwnServer();
                OwnServer replica = new OwnServer("--replicaof", "127.0.0.1 " + primary.port());
                OwnServer sentinel = OwnServer.sentinel(port -> """
                        port %d
                        bind 127.0.0.1
                        sentinel monitor main 127.0.0.1 %d 1
                        sentinel down-after-milliseconds main 2000
                        sentinel failover-timeout main 10000
                        """.formatted(port, primary.port()))) {
            await(() -> primary.raw(redis -> redis.info("replication")).contains("state=online"));
            String url = "contextdb:redis://127.0.0.1:" + sentinel.port() + "?sentinel=main";
            try (ContextConnection connection = ContextDriverManager.getConnection(url)) {
                var keys = connection.namespace("n").keys();
                keys.put("k", Bytes.utf8("before"));
                await(() -> replica.raw(redis -> redis.info("keyspace")).contains("keys="));
                await(() -> failOver(sentinel));
                await(() -> replica.raw(redis -> redis.info("replication")).contains("role:master"));
                // Until it is told to follow, the old primary takes writes, which are lost: Redis promises no more.
                await(() -> {
                    keys.put("k", Bytes.utf8("after"));
                    return replica.raw(redis -> redis.get("contextdb:{n}:k:k")).endsWith("after");
                });
                assertThat(keys.get("k").orElseThrow().value().utf8()).isEqualTo("after");
            }
        }
    }

    private static boolean failOver(OwnServer sentinel) {
        RedisClient client = RedisClient.create();
        try (StatefulRedisSentinelConnection<String, String> connection =
                client.connectSentinel(RedisURI.create("127.0.0.1", sentinel.port()))) {
            connection.sync().failover("main");
            return true;
        } catch (RedisCommandExecutionException early) {
            return false;
        } finally {
            client.shutdown(0, 2, TimeUnit.SECONDS);
        }
    }

    private static void await(BooleanSupplier condition) {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            try {
                if (condition.getAsBoolean()) {
                    return;
                }
            } catch (ContextTransientException moving) {
                if (System.nanoTime() - end > 0) {
                    throw moving;
                }
            }
            assertThat(System.nanoTime() - end).as("patience").isNegative();
            Thread.onSpinWait();
        }
    }
}
