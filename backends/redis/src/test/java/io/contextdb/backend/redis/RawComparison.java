package io.contextdb.backend.redis;

import io.contextdb.ContextConnection;
import io.contextdb.ContextDriverManager;
import io.contextdb.Keys;
import io.contextdb.Limiter;
import io.contextdb.spi.value.Bytes;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.api.sync.RedisCommands;
import io.lettuce.core.codec.ByteArrayCodec;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/** Prints calls per second through the driver and through raw Lettuce, alternating, with the median of the rounds. */
final class RawComparison {
    private static final int ROUNDS = 7;
    private static final Duration SPAN = Duration.ofMillis(700);

    private RawComparison() {}

    public static void main(String[] args) throws InterruptedException {
        try (OwnServer server = new OwnServer("--appendonly", "no");
                ContextConnection connection = ContextDriverManager.getConnection(server.url(""));
                ContextConnection forgetful =
                        ContextDriverManager.getConnection(server.url("prefix=forgetful:&rememberOperations=false"))) {
            RedisClient client = RedisClient.create(RedisURI.builder()
                    .withHost("127.0.0.1")
                    .withPort(server.port())
                    .build());
            RedisCommands<byte[], byte[]> raw =
                    client.connect(ByteArrayCodec.INSTANCE).sync();
            byte[] key = "contextdb:{n}:k:k".getBytes(StandardCharsets.UTF_8);
            Bytes value = Bytes.of(new byte[200]);
            byte[] bytes = value.toArray();
            byte[] rawKey = "raw".getBytes(StandardCharsets.UTF_8);
            Keys keys = connection.namespace("n").keys();
            Keys light = forgetful.namespace("n").keys();
            Limiter limiter = connection.namespace("n").limiter(1_000_000, Duration.ofSeconds(1));
            keys.put("k", value);
            raw.set(rawKey, bytes);
            Map<String, Runnable> calls = new LinkedHashMap<>();
            calls.put("raw GET", () -> raw.get(rawKey));
            calls.put("driver get", () -> keys.get("k"));
            calls.put("raw SET", () -> raw.set(rawKey, bytes));
            calls.put("driver put", () -> keys.put("k", value));
            calls.put("driver put, rememberOperations=false", () -> light.put("k", value));
            calls.put("driver limiter", () -> limiter.tryAcquire("l"));
            for (int threads : new int[] {1, 64}) {
                Map<String, List<Double>> rates = new LinkedHashMap<>();
                for (int round = 0; round < ROUNDS; round++) {
                    for (Map.Entry<String, Runnable> call : calls.entrySet()) {
                        rates.computeIfAbsent(call.getKey(), name -> new ArrayList<>())
                                .add(rate(threads, call.getValue()));
                    }
                }
                rates.forEach((name, measured) ->
                        System.out.printf("%2d callers  %-40s %9.0f/s%n", threads, name, median(measured)));
            }
            String costs = server.raw(redis -> redis.info("commandstats"));
            System.out.println(costs);
            client.shutdown();
        }
    }

    private static double rate(int threads, Runnable call) throws InterruptedException {
        LongAdder done = new LongAdder();
        long start = System.nanoTime();
        long end = start + SPAN.toNanos();
        List<Thread> callers = new ArrayList<>();
        for (int i = 0; i < threads; i++) {
            callers.add(Thread.ofPlatform().start(() -> {
                while (System.nanoTime() - end < 0) {
                    call.run();
                    done.increment();
                }
            }));
        }
        for (Thread caller : callers) {
            caller.join();
        }
        return done.sum() * 1e9 / (System.nanoTime() - start);
    }

    private static double median(List<Double> values) {
        double[] sorted = values.stream().mapToDouble(Double::doubleValue).toArray();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }
}
