package io.contextdb.tck.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.contextdb.Batch;
import io.contextdb.ContextDataSource;
import io.contextdb.Namespace;
import io.contextdb.spi.capability.Capability;
import io.contextdb.spi.error.ContextException;
import io.contextdb.spi.error.ContextTransientException;
import io.contextdb.spi.error.Outcome;
import io.contextdb.spi.key.KeyEntry;
import io.contextdb.spi.value.Bytes;
import io.contextdb.spi.write.WriteReceipt;
import io.contextdb.tck.Kit;
import io.contextdb.tck.Needs;
import io.contextdb.tck.Proves;
import io.contextdb.tck.fault.Fault.Direction;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * What must hold when the network between the driver and the store fails: no acknowledged write is lost, no batch is half
 * there, no call outlives its deadline, an unknown outcome is found out by the operation id, and afterwards all is as before.
 */
@Needs(network = true)
public abstract class FaultSuite {
    private static final Duration DEADLINE = Duration.ofSeconds(1);
    private static final int WRITERS = 3;
    private static final int CUTS = 60;

    private static List<Fault> faults(Kit kit) {
        return List.of(
                new Fault.Latency(Duration.ofMillis(30), Duration.ofMillis(60)),
                new Fault.Bandwidth(20_000),
                new Fault.SlowDrip(Duration.ofMillis(1)),
                new Fault.BlackHole(),
                new Fault.OneWay(Direction.TO_STORE),
                new Fault.OneWay(Direction.TO_DRIVER),
                new Fault.StallAt(Direction.TO_STORE, kit.random().nextInt(2_000)),
                new Fault.StallAt(Direction.TO_DRIVER, kit.random().nextInt(300)),
                new Fault.CutAfter(Direction.TO_STORE, kit.random().nextInt(2_000)),
                new Fault.CutAfter(Direction.TO_DRIVER, kit.random().nextInt(300)),
                new Fault.Reset(),
                new Fault.Refuse());
    }

    @Test
    @Needs(batches = true, operationIds = true)
    @Proves({"G5", "G6", "G7"})
    void nothingAcknowledgedIsLostUnderAnyFault(Kit kit) {
        for (Fault fault : faults(kit)) {
            Namespace direct = kit.namespace();
            try (Faulted store = Faulted.open(kit)) {
                CountDownLatch begun = new CountDownLatch(WRITERS);
                CompletableFuture<Void> healed = new CompletableFuture<>();
                Thread weather = Thread.ofVirtual().start(() -> {
                    awaitAll(begun);
                    store.proxy().make(fault);
                    // Long enough for calls to run into it, shorter than their deadline for some to survive it.
                    healed.completeOnTimeout(null, 400, TimeUnit.MILLISECONDS).join();
                    store.proxy().heal();
                });
                List<TrailWriter> writers = kit.together(WRITERS, i -> {
                    TrailWriter writer = new TrailWriter(kit.info(), direct.name(), "w" + i);
                    try {
                        writer.write(store.within(DEADLINE));
                    } finally {
                        begun.countDown();
                    }
                    while (!healed.isDone()) {
                        writer.write(store.within(DEADLINE));
                    }
                    kit.await("writes succeed after " + fault, () -> writer.write(store.within(DEADLINE)));
                    return writer;
                });
                join(weather);
                settle(kit, direct, writers);
            }
        }
    }

    private static void settle(Kit kit, Namespace direct, List<TrailWriter> writers) {
        long applied =
                writers.stream().mapToLong(writer -> writer.settle(direct)).sum();
        if (kit.info().offers(Capability.KEYS)) {
            assertThat(direct.keys().get(Trail.COUNTER).map(KeyEntry::value))
                    .as("each batch was applied once")
                    .contains(Bytes.utf8(Long.toString(applied)));
        }
        assertThat(writers)
                .allSatisfy(writer -> assertThat(writer.acknowledged())
                        .as("acknowledged at the latest after the fault")
                        .isPositive());
    }

    private static void awaitAll(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private static void join(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    @Needs(batches = true, operationIds = true)
    @Proves({"G5", "G6"})
    void aCutAtAnyByteLeavesABatchWholeOrAbsent(Kit kit) {
        Namespace direct = kit.namespace();
        TrailWriter writer = new TrailWriter(kit.info(), direct.name(), "w");
        try (Faulted store = Faulted.open(kit)) {
            writer.write(store.within(DEADLINE));
            for (int i = 0; i < CUTS; i++) {
                Direction direction = i % 3 == 0 ? Direction.TO_DRIVER : Direction.TO_STORE;
                int bytes = kit.random().nextInt(direction == Direction.TO_STORE ? 4_000 : 200);
                store.proxy().make(new Fault.CutAfter(direction, bytes));
                writer.write(store.within(Duration.ofMillis(300)));
                store.proxy().heal();
            }
            kit.await("writes succeed after the cuts", () -> writer.write(store.within(DEADLINE)));
        }

        settle(kit, direct, List.of(writer));
    }

    @Test
    @Tag("slow")
    @Proves("G10")
    void noCallOutlivesItsDeadline(Kit kit) {
        List<Fault> silent = List.of(
                new Fault.BlackHole(),
                new Fault.OneWay(Direction.TO_STORE),
                new Fault.OneWay(Direction.TO_DRIVER),
                new Fault.StallAt(Direction.TO_STORE, 20),
                new Fault.StallAt(Direction.TO_DRIVER, 5),
                new Fault.SlowDrip(Duration.ofMillis(500)));
        List<Consumer<Namespace>> calls = List.of(
                Namespace::statistics,
                namespace ->
                        new Trail(kit.info(), "late").addTo(namespace.batch()).apply());
        for (Fault fault : silent) {
            for (Consumer<Namespace> call : calls.subList(0, kit.info().limits().batchMutations() > 5 ? 2 : 1)) {
                try (Faulted store = Faulted.open(kit)) {
                    Namespace namespace = store.within(DEADLINE).namespace(kit.name());
                    namespace.statistics();
                    store.proxy().make(fault);
                    assertEndsInTime(fault, () -> call.accept(namespace));
                }
            }
        }
    }

    /** A call ends within its deadline and a second, and says that it was too late, or that the store is not there. */
    private static void assertEndsInTime(Fault fault, Runnable call) {
        CompletableFuture<Void> done = new CompletableFuture<>();
        Thread.ofVirtual().start(() -> {
            try {
                call.run();
                done.complete(null);
            } catch (RuntimeException failed) {
                done.completeExceptionally(failed);
            }
        });
        try {
            done.get(DEADLINE.plusSeconds(1).toMillis(), TimeUnit.MILLISECONDS);
            throw new AssertionError("a call through " + fault + " succeeded");
        } catch (ExecutionException failed) {
            assertThat(failed.getCause()).as("through %s", fault).isInstanceOf(ContextTransientException.class);
        } catch (TimeoutException late) {
            throw new AssertionError("a call through " + fault + " outlives its deadline of " + DEADLINE, late);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted while waiting", interrupted);
        }
    }

    @Test
    @Needs(value = Capability.KEYS, batches = true, operationIds = true)
    @Proves({"G6", "G4"})
    void anUnknownOutcomeIsFoundOutByTheOperationId(Kit kit) {
        Namespace direct = kit.namespace();
        try (Faulted store = Faulted.open(kit)) {
            Namespace namespace = store.within(DEADLINE).namespace(direct.name());
            namespace.keys().put("warm", Bytes.EMPTY);
            // A store may ask something before it sends the first, and nothing before the second.
            for (Batch batch : List.of(
                    namespace.batch().increment("n", 1).put("k", Bytes.utf8("v")),
                    namespace.batch().put("n", Bytes.utf8("1")).put("k", Bytes.utf8("v")))) {
                direct.keys().delete("n");
                direct.keys().delete("k");
                store.proxy().make(new Fault.OneWay(Direction.TO_STORE));
                assertThatThrownBy(batch::apply)
                        .isInstanceOfSatisfying(
                                ContextTransientException.class,
                                failed -> assertThat(failed.outcome())
                                        .as("what is known of the outcome")
                                        .isIn(possible(direct)));

                store.proxy().heal();
                kit.await(
                        "the connection is usable",
                        () -> succeeds(() -> namespace.keys().get("warm")));
                WriteReceipt receipt = batch.apply();
                assertThat(batch.apply()).isEqualTo(receipt);
                assertThat(direct.keys().get("n").map(KeyEntry::value)).contains(Bytes.utf8("1"));
            }
        }
    }

    /** What a store may say of a batch that puts k: that nothing was applied only if that is so. */
    private static List<Outcome> possible(Namespace namespace) {
        return namespace.keys().get("k").isPresent()
                ? List.of(Outcome.UNKNOWN)
                : List.of(Outcome.UNKNOWN, Outcome.NOT_APPLIED);
    }

    private static boolean succeeds(Runnable call) {
        try {
            call.run();
            return true;
        } catch (ContextTransientException notYet) {
            return false;
        }
    }

    @Test
    @Needs(Capability.KEYS)
    @Proves({"G5", "G13"})
    void aReadThroughFaultsIsRightOrAnError(Kit kit) {
        Namespace direct = kit.namespace();
        List<String> keys =
                IntStream.range(0, 250).mapToObj(i -> "key/" + (1000 + i)).toList();
        keys.forEach(key -> direct.keys().put(key, Bytes.utf8(key)));
        try (Faulted store = Faulted.open(kit)) {
            Namespace namespace = store.within(Duration.ofMillis(500)).namespace(direct.name());
            List<Fault> faults = new ArrayList<>(faults(kit));
            for (int i = 0; i < 10; i++) {
                faults.add(new Fault.CutAfter(Direction.TO_DRIVER, kit.random().nextInt(20_000)));
            }
            for (Fault fault : faults) {
                store.proxy().make(fault);
                try {
                    assertThat(namespace.keys().scan("key/").map(KeyEntry::key))
                            .as("through %s", fault)
                            .containsExactlyElementsOf(keys);
                } catch (ContextTransientException failed) {
                    // An error is an answer, too; a part of the keys would not be.
                }
                store.proxy().heal();
            }
            kit.await(
                    "reads succeed after the faults",
                    () -> succeeds(
                            () -> assertThat(namespace.keys().scan("key/")).hasSize(keys.size())));
        }
    }

    @Test
    @Proves("G14")
    void aStoreThatIsNotThereIsAnErrorAtConnect(Kit kit) {
        try (FaultProxy proxy = FaultProxy.before(kit.network().address(), kit.seed())) {
            String url = kit.network().url().apply(proxy.address());
            for (Fault fault : List.of(new Fault.Refuse(), new Fault.Reset())) {
                proxy.make(fault);
                assertThatThrownBy(() -> ContextDataSource.open(url).close())
                        .as("through %s", fault)
                        .isInstanceOf(ContextException.class);
            }
        }
    }
}
