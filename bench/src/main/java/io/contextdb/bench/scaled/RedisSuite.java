package io.contextdb.bench.scaled;

import io.contextdb.ContextConnection;
import io.contextdb.ContextDriverManager;
import io.contextdb.Keys;
import io.contextdb.Limiter;
import io.contextdb.bench.BenchmarkRun;
import io.contextdb.bench.Comparison;
import io.contextdb.bench.Servers;
import io.contextdb.bench.Side;
import io.contextdb.bench.Suite;
import io.contextdb.spi.value.Bytes;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.api.sync.RedisCommands;
import io.lettuce.core.codec.ByteArrayCodec;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** Keys in Redis, alone and as the home of several stores' keys, against raw Lettuce on one shared connection. */
public final class RedisSuite implements Suite {
    private static final int[] CALLERS = {1, 64};
    private static final byte[] KEY = "bench-raw".getBytes(StandardCharsets.UTF_8);
    private static final Bytes VALUE = Bytes.of(new byte[200]);

    @Override
    public void run(BenchmarkRun run) throws Exception {
        Servers.Server redis = Servers.redis();
        run.server(redis);
        RedisClient client = RedisClient.create(RedisURI.create(redis.url()));
        try (ContextConnection connection =
                ContextDriverManager.getConnection("contextdb:" + redis.url() + "?prefix=bench:")) {
            RedisCommands<byte[], byte[]> raw =
                    client.connect(ByteArrayCodec.INSTANCE).sync();
            raw.set(KEY, VALUE.toArray());
            keys(run, "redis/", "contextdb redis", connection.namespace("bench").keys(), raw);
            Limiter limiter = connection.namespace("bench").limiter(1_000_000, Duration.ofSeconds(1));
            run.compare(Comparison.of(
                            "redis/limiter",
                            "permit of a sliding window, exact",
                            Side.of(
                                    "contextdb redis",
                                    () -> limiter.tryAcquire("l").allowed() ? 1 : 0),
                            Side.of(
                                    "raw Lettuce, a fixed window by INCR",
                                    () -> raw.incr("bench-window".getBytes(StandardCharsets.UTF_8))))
                    .remark("INCR alone promises less: twice the limit across a window's edge"));
            if (run.wantsLarge("redis/scaled")) {
                scaled(run, raw);
            }
        } finally {
            client.shutdown();
        }
    }

    private static void scaled(BenchmarkRun run, RedisCommands<byte[], byte[]> raw) throws Exception {
        Servers.Server postgresql = Servers.postgresql();
        run.server(postgresql);
        String url =
                ScaledUrl.of("bench_keys", postgresql.url(), Servers.redis().url());
        try (ContextConnection connection = ContextDriverManager.getConnection(url)) {
            keys(
                    run,
                    "redis/scaled/",
                    "contextdb scaled",
                    connection.namespace("bench").keys(),
                    raw);
        }
    }

    private static void keys(BenchmarkRun run, String prefix, String ours, Keys keys, RedisCommands<byte[], byte[]> raw)
            throws Exception {
        keys.put("key", VALUE);
        byte[] value = VALUE.toArray();
        for (int callers : CALLERS) {
            Comparison get = Comparison.of(
                            prefix + "get-" + callers,
                            "get of a key of 200 bytes",
                            Side.of(ours, () -> keys.get("key").orElseThrow().version()),
                            Side.of("raw Lettuce, GET", () -> raw.get(KEY).length))
                    .callers(callers);
            run.compare(callers == 1 ? get.inSmoke() : get);
            run.compare(Comparison.of(
                            prefix + "put-" + callers,
                            "put of a key of 200 bytes, on disk before it is acknowledged",
                            Side.of(ours, () -> keys.put("key", VALUE)),
                            Side.of(
                                    "raw Lettuce, SET",
                                    () -> raw.set(KEY, value).length()))
                    .callers(callers)
                    .remark("ours remembers each operation for 7 days and counts versions"));
        }
    }
}
