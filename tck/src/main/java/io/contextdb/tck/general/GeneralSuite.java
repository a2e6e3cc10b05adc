package io.contextdb.tck.general;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.contextdb.Batch;
import io.contextdb.ContextConnection;
import io.contextdb.Namespace;
import io.contextdb.spi.Health;
import io.contextdb.spi.NamespaceStatistics;
import io.contextdb.spi.capability.Capability;
import io.contextdb.spi.error.ContextClosedException;
import io.contextdb.spi.error.ContextTimeoutException;
import io.contextdb.spi.error.ErrorCode;
import io.contextdb.spi.error.InvalidRequestException;
import io.contextdb.spi.error.UnsupportedCapabilityException;
import io.contextdb.spi.event.Event;
import io.contextdb.spi.event.EventDraft;
import io.contextdb.spi.event.EventPosition;
import io.contextdb.spi.event.EventQuery;
import io.contextdb.spi.filter.Filter;
import io.contextdb.spi.graph.NodeContent;
import io.contextdb.spi.graph.NodeDraft;
import io.contextdb.spi.key.KeyEntry;
import io.contextdb.spi.value.Bytes;
import io.contextdb.spi.value.CommitToken;
import io.contextdb.spi.value.PropertyMap;
import io.contextdb.spi.value.UuidV7;
import io.contextdb.spi.vector.Metric;
import io.contextdb.spi.vector.VectorPoint;
import io.contextdb.spi.vector.VectorSpace;
import io.contextdb.spi.write.Condition;
import io.contextdb.spi.write.KeyMutation.PutKey;
import io.contextdb.spi.write.WriteReceipt;
import io.contextdb.tck.Kit;
import io.contextdb.tck.Needs;
import io.contextdb.tck.Proves;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Namespaces, batches, tokens, limits, deadlines, closing. */
public abstract class GeneralSuite {
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
    @Proves("G1")
    void namesOfNamespacesAreChecked(Kit kit) {
        for (String bad : List.of("", "a b", "a/b", "ä", "a%", "x".repeat(129), "a\0", "a\n")) {
            assertThatThrownBy(() -> kit.connection().namespace(bad))
                    .isInstanceOf(InvalidRequestException.class)
                    .hasMessageContaining("namespace");
        }
        assertThat(kit.connection().namespace("x".repeat(128)).name()).hasSize(128);
    }

    @Test
    @Needs(Capability.KEYS)
    @Proves("G1")
    void namespacesAreApartPrefixesAndCasesIncluded(Kit kit) {
        String base = kit.name();
        List<String> names =
                List.of(base, base + ".x", base + "-x", base + "x", base.toUpperCase(java.util.Locale.ROOT));
        for (String name : names) {
            kit.connection().namespace(name).keys().put("k", Bytes.utf8(name));
        }

        for (String name : names) {
            Namespace namespace = kit.connection().namespace(name);
            assertThat(namespace.keys().scan("").map(entry -> entry.value().utf8()))
                    .containsExactly(name);
            assertThat(namespace.statistics().keys()).isEqualTo(1);
        }
        assertThat(kit.connection().namespaces()).containsAll(names).isSorted();
        kit.connection().namespace(base).drop();
        assertThat(kit.connection().namespaces()).doesNotContain(base).contains(base + ".x");
        assertThat(kit.connection().namespace(base).keys().get("k")).isEmpty();
        assertThat(kit.connection().namespace(base).statistics()).isEqualTo(NamespaceStatistics.EMPTY);
        assertThat(kit.connection().namespace(base + "x").keys().get("k")).isPresent();
    }

    /** A batch over every model that is declared, which the tests of atomicity cut through. */
    private static Batch everything(Kit kit, Namespace namespace, int n) {
        Batch batch = namespace.batch();
        if (kit.info().offers(Capability.GRAPH)) {
            batch.put(NodeDraft.of(
                    new UUID(1, n), NodeContent.builder().property("n", n).build()));
        }
        if (kit.info().offers(Capability.VECTORS)) {
            batch.put(
                    "s",
                    VectorPoint.builder(new UUID(1, n))
                            .vector(1, n)
                            .text("n" + n)
                            .build());
        }
        if (kit.info().offers(Capability.EVENTS)) {
            batch.append(EventDraft.of("n", PropertyMap.of("n", n)));
        }
        if (kit.info().offers(Capability.DOCUMENTS)) {
            batch.put("c", "d" + n, PropertyMap.of("n", n));
        }
        batch.put("k" + n, Bytes.utf8("" + n));
        return batch.increment("counter", 1);
    }

    private static void prepare(Kit kit, Namespace namespace) {
        namespace.keys().put("there", Bytes.EMPTY);
        if (kit.info().offers(Capability.VECTORS)) {
            namespace.vectors().createSpace(VectorSpace.cosine("s", 2));
        }
    }

    @Test
    @Needs(value = Capability.KEYS, batches = true)
    @Proves("G5")
    void aBatchThatFailsAtItsEndLeavesNothing(Kit kit) {
        Namespace namespace = kit.namespace();
        prepare(kit, namespace);
        NamespaceStatistics before = namespace.statistics();

        assertThatThrownBy(() -> everything(kit, namespace, 1)
                        .add(PutKey.of("there", Bytes.EMPTY).onlyIf(Condition.absent()))
                        .apply())
                .hasMessageContaining("mutation");

        assertThat(namespace.statistics()).isEqualTo(before);
        assertThat(namespace.keys().get("counter")).isEmpty();
        if (kit.info().offers(Capability.VECTORS)) {
            assertThat(namespace.vectors().count("s", Filter.everything())).isZero();
        }
        everything(kit, namespace, 1).apply();
        assertThat(namespace.keys().get("k1")).isPresent();
    }

    @Test
    @Needs(value = Capability.KEYS, batches = true)
    @Proves({"G5", "G13"})
    void readersNeverSeeHalfABatch(Kit kit) {
        Namespace namespace = kit.namespace();
        prepare(kit, namespace);
        AtomicBoolean done = new AtomicBoolean();
        int rounds = 60;

        kit.together(4, i -> {
            if (i == 0) {
                try {
                    for (int n = 0; n < rounds; n++) {
                        Batch batch = namespace.batch();
                        for (int k = 0; k < 10; k++) {
                            batch.put("half" + k, Bytes.utf8("" + n));
                        }
                        batch.apply();
                    }
                } finally {
                    done.set(true);
                }
                return i;
            }
            List<String> names =
                    IntStream.range(0, 10).mapToObj(k -> "half" + k).toList();
            while (!done.get()) {
                List<KeyEntry> entries = namespace.keys().get(names);
                assertThat(entries.isEmpty() || entries.size() == 10).isTrue();
                assertThat(entries.stream().map(KeyEntry::value).distinct().count())
                        .isLessThanOrEqualTo(1);
            }
            return i;
        });
    }

    @Test
    @Needs(value = Capability.KEYS, batches = true)
    @Proves({"G5", "G4"})
    void laterMutationsSeeEarlierOnesAndEachHasAResult(Kit kit) {
        Namespace namespace = kit.namespace();

        WriteReceipt receipt = namespace
                .batch()
                .put("k", Bytes.utf8("41"))
                .increment("k", 1)
                .add(PutKey.of("k", Bytes.EMPTY).onlyIf(Condition.absent().orSkip()))
                .apply();

        assertThat(receipt.results()).hasSize(3);
        assertThat(namespace.keys().get("k").orElseThrow().value().utf8()).isEqualTo("42");
    }

    @Test
    @Needs(value = Capability.KEYS, batches = true, operationIds = true)
    @Proves("G6")
    void aRepeatedOperationReturnsTheFirstReceiptAndChangesNothing(Kit kit) {
        String name = kit.name();
        Namespace namespace = kit.connection().namespace(name);
        prepare(kit, namespace);
        Batch batch = everything(kit, namespace, 1);
        WriteReceipt first = batch.apply();
        namespace.keys().put("k1", Bytes.utf8("later"));
        NamespaceStatistics before = namespace.statistics();

        try (ContextConnection other = kit.another()) {
            WriteReceipt again = everything(kit, other.namespace(name), 1)
                    .operationId(first.operationId())
                    .apply();
            assertThat(again).isEqualTo(first);
        }
        assertThat(batch.apply()).isEqualTo(first);
        assertThat(namespace.statistics()).isEqualTo(before);
        assertThat(namespace.keys().get("counter").orElseThrow().value().utf8()).isEqualTo("1");
        assertThat(namespace.keys().get("k1").orElseThrow().value().utf8()).isEqualTo("later");
        assertThatThrownBy(() -> everything(kit, namespace, 2)
                        .operationId(first.operationId())
                        .apply())
                .isInstanceOfSatisfying(
                        InvalidRequestException.class,
                        reused -> assertThat(reused.code()).isEqualTo(ErrorCode.OPERATION_ID_REUSED));
        assertThat(namespace.keys().get("k2")).isEmpty();
    }

    @Test
    @Needs(value = Capability.KEYS, operationIds = true)
    @Proves({"G6", "G13"})
    void ofManyWhoRepeatOneOperationOneApplies(Kit kit) {
        Namespace namespace = kit.namespace();
        UUID operation = UuidV7.next();

        List<WriteReceipt> receipts = kit.together(
                16,
                i -> namespace
                        .batch()
                        .operationId(operation)
                        .increment("counter", 1)
                        .apply());

        assertThat(receipts.stream().distinct()).hasSize(1);
        assertThat(namespace.keys().get("counter").orElseThrow().value().utf8()).isEqualTo("1");
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
    @Needs(value = Capability.KEYS, batches = true)
    @Proves("G9")
    void whatDoesNotFitIsRefusedWithTheLimitAndTheValue(Kit kit) {
        Namespace namespace = kit.namespace();
        int limit = kit.info().limits().valueBytes();
        if (limit <= 64 << 20) {
            namespace.keys().put("fits", Bytes.of(new byte[Math.min(limit, 8 << 20)]));
            assertThatThrownBy(() -> namespace.keys().put("big", Bytes.of(new byte[limit + 1])))
                    .isInstanceOfSatisfying(
                            InvalidRequestException.class,
                            refused -> assertThat(refused.code()).isEqualTo(ErrorCode.LIMIT_EXCEEDED))
                    .hasMessageContaining("" + limit)
                    .hasMessageContaining("" + (limit + 1));
        }
        int most = kit.info().limits().batchMutations();
        Batch batch = namespace.batch();
        for (int i = 0; i <= most && i < 100_000; i++) {
            batch.increment("counter", 1);
        }
        if (most < 100_000) {
            assertThatThrownBy(batch::apply)
                    .isInstanceOf(InvalidRequestException.class)
                    .hasMessageContaining("" + most);
            assertThat(namespace.keys().get("counter")).isEmpty();
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
    @Needs(value = Capability.KEYS, batches = true)
    @Proves("G13")
    void oneConnectionServesManyThreadsOnEveryModel(Kit kit) {
        Namespace namespace = kit.namespace();
        prepare(kit, namespace);

        kit.together(8, i -> {
            for (int n = 0; n < 10; n++) {
                everything(kit, namespace, i * 10 + n).apply();
                assertThat(namespace.keys().get("k" + (i * 10 + n))).isPresent();
            }
            return i;
        });

        NamespaceStatistics statistics = namespace.statistics();
        assertThat(statistics.keys()).isEqualTo(82);
        assertThat(namespace.keys().get("counter").orElseThrow().value().utf8()).isEqualTo("80");
        if (kit.info().offers(Capability.GRAPH)) {
            assertThat(statistics.nodes()).isEqualTo(80);
        }
    }

    @Test
    @Needs(Capability.EVENTS)
    @Proves({"G5", "E1"})
    void eventsOfABatchShareItsCommitAndKeepTheirOrder(Kit kit) {
        Namespace namespace = kit.namespace();
        Batch batch = namespace.batch();
        IntStream.range(0, 5).forEach(n -> batch.append(EventDraft.of("t" + n, PropertyMap.empty())));
        WriteReceipt receipt = batch.apply();

        List<Event> events = namespace.events().read(EventQuery.after(EventPosition.START, 10));
        assertThat(events).extracting(Event::type).containsExactly("t0", "t1", "t2", "t3", "t4");
        assertThat(events).extracting(Event::appendedAt).containsOnly(receipt.committedAt());
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
}
