package io.contextdb.tck.general;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.contextdb.ContextConnection;
import io.contextdb.Namespace;
import io.contextdb.spi.Health;
import io.contextdb.spi.capability.Capability;
import io.contextdb.spi.error.ContextClosedException;
import io.contextdb.spi.error.ContextTimeoutException;
import io.contextdb.spi.error.InvalidRequestException;
import io.contextdb.spi.error.UnsupportedCapabilityException;
import io.contextdb.spi.key.KeyEntry;
import io.contextdb.spi.value.Bytes;
import io.contextdb.spi.value.CommitToken;
import io.contextdb.spi.value.UuidV7;
import io.contextdb.spi.vector.Metric;
import io.contextdb.spi.vector.VectorSpace;
import io.contextdb.tck.Kit;
import io.contextdb.tck.Needs;
import io.contextdb.tck.Proves;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Connections: what they declare, refuse, wait for and leave behind. */
public abstract class ConnectionSuite {
    @Test
    @Proves("G0")
    void whatIsNotDeclaredIsRefusedByName(Kit kit) {
        Namespace namespace = kit.namespace();
        Map<Capability, Consumer<Namespace>> calls = new EnumMap<>(Capability.class);
        calls.put(Capability.GRAPH, n -> n.graph().get(List.of(UuidV7.next())));
        calls.put(Capability.VECTORS, n -> n.vectors().spaces());
        calls.put(Capability.DOT_METRIC, n -> n.vectors().createSpace(new VectorSpace("d", 2, Metric.DOT, "")));
        calls.put(
                Capability.EUCLIDEAN_METRIC,
                n -> n.vectors().createSpace(new VectorSpace("e", 2, Metric.EUCLIDEAN, "")));
        calls.put(Capability.KEYS, n -> n.keys().put("k", Bytes.EMPTY));
        calls.put(
                Capability.RATE_LIMITS, n -> n.limiter(1, Duration.ofSeconds(1)).tryAcquire("k"));
        calls.put(Capability.EVENTS, n -> n.events().last());
        calls.put(Capability.CONSUMER_GROUPS, n -> n.events().groups());
        calls.put(Capability.DOCUMENTS, n -> n.documents("c").get("id"));
        calls.put(Capability.ERASURE, n -> n.erase(List.of(UuidV7.next())));

        calls.forEach((capability, call) -> {
            if (kit.info().offers(capability)) {
                call.accept(namespace);
            } else {
                assertThatThrownBy(() -> call.accept(namespace))
                        .isInstanceOfSatisfying(
                                UnsupportedCapabilityException.class,
                                missing -> assertThat(missing.capability()).isEqualTo(capability.name()));
            }
        });
        assertThat(kit.info().limits().valueBytes()).isGreaterThanOrEqualTo(1 << 20);
        assertThat(kit.info().product()).isNotBlank();
    }

    @Test
    @Needs(Capability.KEYS)
    @Proves("G7")
    void writesAreReadAndTokensCarryThemOver(Kit kit) {
        String name = kit.name();
        try (ContextConnection writer = kit.another();
                ContextConnection reader = kit.another()) {
            CommitToken last = CommitToken.NONE;
            for (int i = 0; i < 30; i++) {
                writer.namespace(name).keys().put("k", Bytes.utf8("" + i));
                assertThat(writer.namespace(name)
                                .keys()
                                .get("k")
                                .orElseThrow()
                                .value()
                                .utf8())
                        .isEqualTo("" + i);
                assertThat(writer.token()).isGreaterThan(last);
                last = writer.token();
                reader.present(last);
                assertThat(reader.namespace(name)
                                .keys()
                                .get("k")
                                .orElseThrow()
                                .value()
                                .utf8())
                        .isEqualTo("" + i);
            }
            assertThat(CommitToken.parse(last.toString())).isEqualTo(last);
            reader.present(new CommitToken(last.epoch(), last.commit() + 1_000_000, 0));
            assertThatThrownBy(() -> reader.namespace(name).keys().get("k"))
                    .isInstanceOf(InvalidRequestException.class)
                    .hasMessageContaining("token");
        }
    }

    @Test
    @Needs(Capability.KEYS)
    @Proves("G10")
    void interruptedAndLateCallsEnd(Kit kit) {
        Namespace namespace = kit.namespace();
        namespace.keys().put("k", Bytes.EMPTY);

        Thread.currentThread().interrupt();
        assertThatThrownBy(() -> namespace.keys().get("k")).isInstanceOf(ContextTimeoutException.class);
        assertThat(Thread.interrupted()).isTrue();
        Thread.currentThread().interrupt();
        assertThatThrownBy(() -> namespace.keys().put("k", Bytes.utf8("x")))
                .isInstanceOf(ContextTimeoutException.class);
        assertThat(Thread.interrupted()).isTrue();
        assertThat(namespace.keys().get("k").orElseThrow().value()).isEqualTo(Bytes.EMPTY);
        assertThatThrownBy(() -> kit.connection().withTimeout(Duration.ZERO))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("timeout");
    }

    @Test
    @Needs(Capability.KEYS)
    @Proves("G11")
    void aClosedConnectionRefusesEverything(Kit kit) {
        ContextConnection connection = kit.another();
        Namespace namespace = connection.namespace(kit.name());
        connection.close();
        connection.close();

        assertThat(connection.isClosed()).isTrue();
        List<Runnable> calls = List.of(
                () -> connection.namespace("n"),
                () -> connection.info(),
                () -> connection.health(),
                () -> connection.namespaces().forEach(name -> {}),
                () -> namespace.keys().get("k"),
                () -> namespace.keys().put("k", Bytes.EMPTY),
                () -> namespace.statistics(),
                () -> namespace.drop(),
                () -> namespace.batch().put("k", Bytes.EMPTY).apply());
        for (Runnable call : calls) {
            assertThatThrownBy(call::run).isInstanceOf(ContextClosedException.class);
        }
    }

    @Test
    @Needs(Capability.KEYS)
    @Proves("G11")
    void openingAndClosingLeavesNoThreads(Kit kit) {
        Runnable cycle = () -> {
            try (ContextConnection connection = kit.another()) {
                connection.namespace(kit.name()).keys().put("k", Bytes.EMPTY);
                connection.async().call(c -> c.health()).join();
            }
        };
        cycle.run();
        int before = Thread.activeCount();
        IntStream.range(0, 50).forEach(i -> cycle.run());

        kit.await("threads are back where they were", () -> Thread.activeCount() <= before + 1);
    }

    @Test
    @Proves("G14")
    void healthIsAsked(Kit kit) {
        Health health = kit.connection().health();

        assertThat(health.status()).isNotEqualTo(Health.Status.DOWN);
        assertThat(health.roundTrip()).isLessThan(Duration.ofSeconds(20));
    }

    @Test
    @Proves("G14")
    void wrongOptionsAreErrorsAtConnect(Kit kit) {
        String url = kit.url() + (kit.url().contains("?") ? "&" : "?") + "noSuchOption=1";

        assertThatThrownBy(() -> io.contextdb.ContextDriverManager.getConnection(url))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("noSuchOption");
    }

    @Test
    @Needs(Capability.KEYS)
    @Proves({"G10", "G13"})
    void asynchronousCallsAnswer(Kit kit) {
        Namespace namespace = kit.namespace();
        List<java.util.concurrent.CompletableFuture<Long>> futures = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            futures.add(kit.connection()
                    .async()
                    .call(c -> c.namespace(namespace.name()).keys().increment("n", 1)));
        }
        futures.forEach(future -> future.join());

        Optional<KeyEntry> read = namespace.keys().get("n");
        assertThat(read.orElseThrow().value().utf8()).isEqualTo("50");
    }

    @Test
    @Proves({"G11", "G14"})
    void openingAndClosingTheStoreLeavesNoThreads(Kit kit) {
        Runnable cycle = () -> {
            try (ContextConnection connection = io.contextdb.ContextDriverManager.getConnection(kit.url())) {
                assertThat(connection.health().status()).isNotEqualTo(Health.Status.DOWN);
            }
        };
        cycle.run();
        int before = Thread.activeCount();
        IntStream.range(0, 10).forEach(i -> cycle.run());

        kit.await("threads are back where they were", () -> Thread.activeCount() <= before + 1);
    }
}
