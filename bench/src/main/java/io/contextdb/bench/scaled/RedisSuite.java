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
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.api.sync.RedisCommands;
import io.lettuce.core.codec.ByteArrayCodec;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.UUID;

/** Keys in Redis, alone and as the home of several stores' keys, against raw Lettuce on one shared connection. */
public final class RedisSuite implements Suite {
    private static final int[] CALLERS = {1, 64};
    private static final byte[] KEY = "bench-raw".getBytes(StandardCharsets.UTF_8);
    /** What somebody writes by hand who counts versions and commits and knows a repeated operation. */
    private static final String SCRIPT = """
            if not redis.call('SET', KEYS[2], ARGV[1], 'PX', 604800000, 'NX') then return { 0, 0 } end
            local version = (tonumber(redis.call('GETRANGE', KEYS[1], 0, 15):match('^%d+')) or 0) + 1
            redis.call('SET', KEYS[1], version .. ' ' .. ARGV[2])
            return { version, redis.call('HINCRBY', KEYS[3], 'commit', 1) }
            """;

    private static final byte[] VERSIONED = "bench-versioned".getBytes(StandardCharsets.UTF_8);
    private static final byte[] COMMITS = "bench-commits".getBytes(StandardCharsets.UTF_8);
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
            String script = raw.scriptLoad(SCRIPT);
            run.compare(
                    Comparison.of(
                                    prefix + "put-versioned-" + callers,
                                    "the same",
                                    Side.of(ours, () -> keys.put("key", VALUE)),
                                    Side.of("raw Lettuce, a script", () -> versioned(raw, script, value)))
                            .callers(callers)
                            .remark(
                                    "the script remembers the operation and counts versions; no expiry, no conditions, no receipt for a repeat"));
        }
    }

    private static long versioned(RedisCommands<byte[], byte[]> raw, String script, byte[] value) {
        byte[] operation = ("bench-op:" + UUID.randomUUID()).getBytes(StandardCharsets.UTF_8);
        List<Long> answer =
                raw.evalsha(script, ScriptOutputType.MULTI, new byte[][] {VERSIONED, operation, COMMITS}, KEY, value);
        return answer.get(0);
    }
}
