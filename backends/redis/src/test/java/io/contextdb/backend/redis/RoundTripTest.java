package io.contextdb.backend.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.contextdb.Batch;
import io.contextdb.ContextConnection;
import io.contextdb.ContextDataSource;
import io.contextdb.Namespace;
import io.contextdb.spi.event.ConsumerGroup;
import io.contextdb.spi.event.EventDraft;
import io.contextdb.spi.event.EventPosition;
import io.contextdb.spi.event.EventQuery;
import io.contextdb.spi.event.LatestQuery;
import io.contextdb.spi.value.Bytes;
import io.contextdb.spi.value.PropertyMap;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** How often each operation waits for the server, counted on the wire. */
class RoundTripTest {
    @Test
    void eachOperationTakesOneRoundTrip() {
        TestServer server = TestServer.get();
        try (FaultProxy proxy = server.proxy();
                ContextDataSource source = ContextDataSource.open(server.through(proxy, TestServer.prefix("trips")));
                ContextConnection connection = source.getConnection()) {
            Namespace namespace = connection.namespace("n");
            namespace.events().createGroup(ConsumerGroup.named("g"));
            Map<String, Runnable> operations = operations(namespace);
            // The server meets each script once before it is counted.
            operations.values().forEach(Runnable::run);
            Map<String, Long> trips = new LinkedHashMap<>();
            operations.forEach((name, operation) -> {
                long before = proxy.turns();
                operation.run();
                trips.put(name, proxy.turns() - before);
            });

            System.out.println("round trips: " + trips);
            assertThat(trips.keySet()).hasSize(16);
            assertThat(trips.values()).containsOnly(1L);
        }
    }

    private static Map<String, Runnable> operations(Namespace namespace) {
        List<String> hundred = IntStream.range(0, 100).mapToObj(i -> "k" + i).toList();
        Map<String, Runnable> operations = new LinkedHashMap<>();
        operations.put("get a key", () -> namespace.keys().get("k"));
        operations.put("get 100 keys", () -> namespace.keys().get(hundred));
        operations.put("put a key", () -> namespace.keys().put("k", Bytes.utf8("v")));
        operations.put("increment", () -> namespace.keys().increment("n", 1));
        operations.put("compare and set", () -> namespace.keys().compareAndSet("k", 1, Bytes.EMPTY));
        operations.put("a batch of keys, events and a limit", () -> {
            Batch batch = namespace.batch();
            hundred.forEach(key -> batch.put(key, Bytes.utf8("v")));
            batch.append(EventDraft.of("t", PropertyMap.empty())).apply();
        });
        operations.put("scan", () -> assertThat(namespace.keys().scan("k")).hasSizeGreaterThan(10));
        operations.put(
                "ask a limiter",
                () -> namespace.limiter(1_000, Duration.ofSeconds(1)).tryAcquire("k"));
        operations.put("append", () -> namespace.events().append(EventDraft.of("t", PropertyMap.empty())));
        operations.put("read events", () -> namespace.events().read(EventQuery.after(EventPosition.START, 10)));
        operations.put("latest events", () -> namespace.events().latest(LatestQuery.of(10)));
        operations.put(
                "latest events about a subject",
                () -> namespace.events().latest(LatestQuery.of(10).about("s")));
        operations.put("last event", () -> namespace.events().last());
        operations.put("claim", () -> namespace.events().claim("g", 5));
        operations.put("groups", () -> namespace.events().groups());
        operations.put("statistics", () -> namespace.statistics());
        return operations;
    }
}
