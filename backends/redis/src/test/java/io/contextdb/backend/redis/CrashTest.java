package io.contextdb.backend.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.contextdb.ContextConnection;
import io.contextdb.ContextDriverManager;
import io.contextdb.Namespace;
import io.contextdb.spi.capability.Capability;
import io.contextdb.spi.error.ContextTransientException;
import io.contextdb.spi.event.Event;
import io.contextdb.spi.event.EventDraft;
import io.contextdb.spi.event.EventPosition;
import io.contextdb.spi.event.EventQuery;
import io.contextdb.spi.event.Payload;
import io.contextdb.spi.value.Bytes;
import io.contextdb.spi.value.PropertyMap;
import io.contextdb.spi.write.WriteReceipt;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** A server that syncs each write is killed again and again under load: nothing acknowledged is lost, no batch is halved. */
class CrashTest {
    private static final int ROUNDS = Integer.getInteger("contextdb.crash.rounds", 5);
    private static final int WRITERS = 4;

    /** A batch that was sent: its number and its operation id. */
    private record Sent(int number, UUID operation) {}

    @Test
    void killingTheServerLosesNothingThatWasAcknowledged() throws InterruptedException {
        Set<Integer> acknowledged = ConcurrentHashMap.newKeySet();
        Map<Integer, Sent> unknown = new ConcurrentHashMap<>();
        AtomicInteger numbers = new AtomicInteger();
        try (OwnServer server = new OwnServer("--appendonly", "yes", "--appendfsync", "always")) {
            for (int round = 0; round < ROUNDS; round++) {
                AtomicBoolean stop = new AtomicBoolean();
                try (ContextConnection connection = ContextDriverManager.getConnection(server.url(""))) {
                    assertThat(connection.info().backend().offers(Capability.CRASH_SAFE))
                            .isTrue();
                    List<Thread> writers = IntStream.range(0, WRITERS)
                            .mapToObj(i -> Thread.ofPlatform().start(() -> {
                                while (!stop.get()) {
                                    write(connection.namespace("n"), numbers.incrementAndGet(), acknowledged, unknown);
                                }
                            }))
                            .toList();
                    int before = acknowledged.size();
                    while (acknowledged.size() < before + 20) {
                        Thread.onSpinWait();
                    }
                    TimeUnit.MILLISECONDS.sleep(ThreadLocalRandom.current().nextInt(100));
                    server.kill();
                    stop.set(true);
                    for (Thread writer : writers) {
                        writer.join();
                    }
                }
                server.start();
                check(server, acknowledged, unknown);
            }
        }
        System.out.println("crash: " + ROUNDS + " rounds, " + acknowledged.size() + " batches acknowledged");
    }

    private static WriteReceipt send(Namespace namespace, Sent sent) {
        return namespace
                .batch()
                .operationId(sent.operation())
                .put("k" + sent.number(), Bytes.utf8("" + sent.number()))
                .increment("counter", 1)
                .append(EventDraft.of("n", PropertyMap.of("n", sent.number())))
                .apply();
    }

    private static void write(Namespace namespace, int number, Set<Integer> acknowledged, Map<Integer, Sent> unknown) {
        Sent sent = new Sent(number, io.contextdb.spi.value.UuidV7.next());
        try {
            send(namespace, sent);
            acknowledged.add(number);
        } catch (ContextTransientException lost) {
            unknown.put(number, sent);
        }
    }

    private static void check(OwnServer server, Set<Integer> acknowledged, Map<Integer, Sent> unknown) {
        try (ContextConnection connection = open(server)) {
            Namespace namespace = connection.namespace("n");
            // Sent again under their operation ids, those of unknown outcome are there exactly once.
            unknown.values().forEach(sent -> {
                send(namespace, sent);
                acknowledged.add(sent.number());
            });
            unknown.clear();
            List<Integer> events = namespace
                    .events()
                    .readAll(EventQuery.after(EventPosition.START, 1_000))
                    .map(CrashTest::number)
                    .toList();
            Set<Integer> keys = namespace
                    .keys()
                    .scan("k")
                    .map(entry -> Integer.parseInt(entry.value().utf8()))
                    .collect(Collectors.toSet());
            assertThat(events).doesNotHaveDuplicates();
            assertThat(Set.copyOf(events)).isEqualTo(acknowledged);
            assertThat(keys).isEqualTo(acknowledged);
            assertThat(namespace.keys().get("counter").orElseThrow().value().utf8())
                    .isEqualTo("" + acknowledged.size());
        }
    }

    private static ContextConnection open(OwnServer server) {
        server.raw(redis -> {
            while (redis.info("persistence").contains("loading:1")) {
                Thread.onSpinWait();
            }
            return true;
        });
        return ContextDriverManager.getConnection(server.url(""));
    }

    private static int number(Event event) {
        return (int) (long) ((Payload.Json) event.payload()).body().integer("n").orElseThrow();
    }
}
