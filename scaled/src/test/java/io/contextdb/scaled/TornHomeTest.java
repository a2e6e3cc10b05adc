package io.contextdb.scaled;

import static org.assertj.core.api.Assertions.assertThat;

import io.contextdb.ContextConnection;
import io.contextdb.ContextDriverManager;
import io.contextdb.Namespace;
import io.contextdb.spi.error.ContextTransientException;
import io.contextdb.spi.event.Event;
import io.contextdb.spi.event.EventDraft;
import io.contextdb.spi.event.EventPosition;
import io.contextdb.spi.event.EventQuery;
import io.contextdb.spi.event.Payload;
import io.contextdb.spi.graph.NodeContent;
import io.contextdb.spi.graph.NodeDraft;
import io.contextdb.spi.value.Bytes;
import io.contextdb.spi.value.PropertyMap;
import io.contextdb.spi.value.UuidV7;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * The append-only file of a home is cut within its last batches, as a crash of a machine does. What the source decided is given to the home again, and is whole
 * and there once after a second crash, too; what the home alone wrote is whole or gone.
 */
class TornHomeTest {
    private static final int ROUNDS = Integer.getInteger("contextdb.torn.rounds", 3);
    private static final int BATCHES = 3;
    private static final Duration LIMIT = Duration.ofSeconds(60);

    /** A batch: its number, its operation id, and whether the source has a part in it. */
    private record Sent(int number, UUID operation, boolean decided) {}

    @Test
    void aTornFileBringsNoBatchBackInHalf() {
        long seed = Long.getLong("contextdb.seed", System.nanoTime());
        System.out.println("torn home: seed " + seed);
        Random random = new Random(seed);
        for (int round = 0; round < ROUNDS; round++) {
            try (OwnServer redis = OwnServer.redis("always")) {
                String url = "contextdb:scaled:?graph=memory:torn-" + UUID.randomUUID() + "&keys=" + redis.url()
                        + "&events=" + redis.url();
                // One connection all the time: the source lives as long as it does.
                try (ContextConnection connection =
                        ContextDriverManager.getConnection(url).withTimeout(LIMIT)) {
                    tear(redis, connection.namespace("n"), random, round % 2 == 0);
                }
            }
        }
        System.out.println("torn home: " + ROUNDS + " rounds");
    }

    private static void tear(OwnServer redis, Namespace namespace, Random random, boolean repeats) {
        List<Sent> batches = IntStream.range(0, BATCHES)
                .mapToObj(number -> new Sent(number, UuidV7.next(), random.nextInt(3) > 0))
                .toList();
        namespace.keys().put("before", Bytes.utf8("1"));
        long whole = RedisLog.length(redis.directory());
        batches.forEach(sent -> apply(namespace, sent));
        redis.kill();
        long written = RedisLog.length(redis.directory());
        RedisLog.cut(redis.directory(), whole + 1 + random.nextLong(written - whole - 1));
        redis.start();

        Set<Integer> left = onceItIsBack(() -> whole(namespace));
        Set<Integer> expected = new HashSet<>(left);
        batches.stream().filter(Sent::decided).forEach(sent -> assertThat(left).contains(sent.number()));
        if (repeats) {
            batches.forEach(sent -> apply(namespace, sent));
            batches.forEach(sent -> expected.add(sent.number()));
        }
        namespace.keys().put("after", Bytes.utf8("1"));
        apply(namespace, new Sent(BATCHES, UuidV7.next(), random.nextBoolean()));
        expected.add(BATCHES);
        assertThat(whole(namespace)).isEqualTo(expected);
        redis.kill();
        redis.start();

        assertThat(onceItIsBack(() -> whole(namespace))).isEqualTo(expected);
        assertThat(namespace.keys().get("after")).isPresent();
        batches.forEach(sent -> apply(namespace, sent));
        batches.forEach(sent -> expected.add(sent.number()));
        assertThat(whole(namespace)).isEqualTo(expected);
        assertThat(namespace.keys().get("balance").orElseThrow().value().utf8()).isEqualTo("" + expected.size());
    }

    private static void apply(Namespace namespace, Sent sent) {
        var batch = namespace
                .batch()
                .operationId(sent.operation())
                .put("k" + sent.number(), Bytes.utf8("" + sent.number()))
                .increment("balance", 1)
                .append(EventDraft.of("first", PropertyMap.of("n", sent.number())))
                .append(EventDraft.of("second", PropertyMap.of("n", sent.number())))
                .put("z" + sent.number(), Bytes.utf8("" + sent.number()));
        (sent.decided()
                        ? batch.put(NodeDraft.of(
                                sent.operation(),
                                NodeContent.builder().label("batch").build()))
                        : batch)
                .apply();
    }

    private static <T> T onceItIsBack(Supplier<T> read) {
        long end = System.nanoTime() + LIMIT.toNanos();
        while (true) {
            try {
                return read.get();
            } catch (ContextTransientException down) {
                if (System.nanoTime() - end > 0) {
                    throw down;
                }
                Eventually.pause(Duration.ofMillis(20));
            }
        }
    }

    /** Returns the numbers of the batches that are there; all of each must be, once. */
    private static Set<Integer> whole(Namespace namespace) {
        List<Event> events = namespace
                .events()
                .readAll(EventQuery.after(EventPosition.START, 1_000))
                .toList();
        List<Integer> first = numbers(events, "first");
        assertThat(first).doesNotHaveDuplicates();
        assertThat(numbers(events, "second")).isEqualTo(first);
        Set<Integer> numbers = Set.copyOf(first);
        assertThat(keys(namespace, "k")).isEqualTo(numbers);
        assertThat(keys(namespace, "z")).isEqualTo(numbers);
        return numbers;
    }

    private static List<Integer> numbers(List<Event> events, String type) {
        return events.stream()
                .filter(event -> event.type().equals(type))
                .map(event -> (int) (long)
                        ((Payload.Json) event.payload()).body().integer("n").orElseThrow())
                .toList();
    }

    private static Set<Integer> keys(Namespace namespace, String prefix) {
        return namespace
                .keys()
                .scan(prefix)
                .map(entry -> Integer.parseInt(entry.value().utf8()))
                .collect(Collectors.toSet());
    }
}
