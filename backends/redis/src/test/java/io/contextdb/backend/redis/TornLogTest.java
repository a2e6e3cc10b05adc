package io.contextdb.backend.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.contextdb.ContextConnection;
import io.contextdb.ContextDriverManager;
import io.contextdb.Namespace;
import io.contextdb.spi.capability.Capability;
import io.contextdb.spi.event.Event;
import io.contextdb.spi.event.EventDraft;
import io.contextdb.spi.event.EventPosition;
import io.contextdb.spi.event.EventQuery;
import io.contextdb.spi.event.Payload;
import io.contextdb.spi.value.Bytes;
import io.contextdb.spi.value.PropertyMap;
import io.contextdb.spi.value.UuidV7;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * The append-only file is cut within its last batches, as a crash of a machine does; what was cut off is repeated or not, more is written, and
 * the server is killed again. Nothing is there in half or twice, and what was written after the first crash stays.
 */
class TornLogTest {
    private static final int ROUNDS = Integer.getInteger("contextdb.torn.rounds", 5);
    private static final int BATCHES = 3;

    /** A batch: its number and its operation id. */
    private record Sent(int number, UUID operation) {
        static Sent of(int number) {
            return new Sent(number, UuidV7.next());
        }
    }

    @Test
    void aTornFileBringsNoBatchBackInHalf() {
        long seed = Long.getLong("contextdb.seed", System.nanoTime());
        System.out.println("torn log: seed " + seed);
        Random random = new Random(seed);
        int repeated = 0;
        for (int round = 0; round < ROUNDS; round++) {
            try (OwnServer server = new OwnServer("--appendonly", "yes", "--appendfsync", "always")) {
                repeated += tear(server, random, round % 2 == 0);
            }
        }
        System.out.println("torn log: " + ROUNDS + " rounds, " + repeated + " batches were cut off and repeated");
    }

    /** Tears the file once, and returns how many batches had to be repeated. */
    private static int tear(OwnServer server, Random random, boolean repeats) {
        List<Sent> batches = new ArrayList<>();
        try (ContextConnection connection = open(server)) {
            assertThat(connection.info().backend().offers(Capability.CRASH_SAFE))
                    .isTrue();
            connection.namespace("n").keys().put("before", Bytes.utf8("1"));
            long whole = server.logLength();
            for (int i = 0; i < BATCHES; i++) {
                batches.add(Sent.of(i));
                apply(connection.namespace("n"), batches.get(i));
            }
            server.kill();
            server.cutLog(whole + 1 + random.nextLong(server.logLength() - whole - 1));
        }
        server.start();

        Set<Integer> expected;
        List<Sent> lost;
        try (ContextConnection connection = open(server)) {
            Namespace namespace = connection.namespace("n");
            Set<Integer> left = whole(namespace);
            lost = batches.stream()
                    .filter(sent -> !left.contains(sent.number()))
                    .toList();
            expected = new HashSet<>(left);
            if (repeats) {
                batches.forEach(sent -> apply(namespace, sent));
                batches.forEach(sent -> expected.add(sent.number()));
            }
            namespace.keys().put("after", Bytes.utf8("1"));
            apply(namespace, Sent.of(BATCHES));
            expected.add(BATCHES);
            assertThat(whole(namespace)).isEqualTo(expected);
        }
        server.kill();
        server.start();

        try (ContextConnection connection = open(server)) {
            Namespace namespace = connection.namespace("n");
            assertThat(whole(namespace)).isEqualTo(expected);
            assertThat(namespace.keys().get("after")).isPresent();
            assertThat(namespace.keys().get("before")).isPresent();
            lost.forEach(sent -> apply(namespace, sent));
            lost.forEach(sent -> expected.add(sent.number()));
            assertThat(whole(namespace)).isEqualTo(expected);
            assertThat(namespace.keys().get("balance").orElseThrow().value().utf8())
                    .isEqualTo("" + expected.size());
        }
        return repeats ? lost.size() : 0;
    }

    private static void apply(Namespace namespace, Sent sent) {
        namespace
                .batch()
                .operationId(sent.operation())
                .put("k" + sent.number(), Bytes.utf8("" + sent.number()))
                .increment("balance", 1)
                .append(EventDraft.of("first", PropertyMap.of("n", sent.number())))
                .append(EventDraft.of("second", PropertyMap.of("n", sent.number())))
                .put("z" + sent.number(), Bytes.utf8("" + sent.number()))
                .apply();
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

    private static ContextConnection open(OwnServer server) {
        server.awaitLoaded();
        return ContextDriverManager.getConnection(server.url(""));
    }
}
