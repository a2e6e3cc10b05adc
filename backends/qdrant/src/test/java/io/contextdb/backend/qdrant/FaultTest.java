package io.contextdb.backend.qdrant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.contextdb.spi.Backend;
import io.contextdb.spi.BackendConfig;
import io.contextdb.spi.Health;
import io.contextdb.spi.error.ContextClosedException;
import io.contextdb.spi.error.ContextException;
import io.contextdb.spi.error.ContextTimeoutException;
import io.contextdb.spi.error.ContextUnavailableException;
import io.contextdb.spi.error.Outcome;
import io.contextdb.spi.value.CommitToken;
import io.contextdb.spi.value.Deadline;
import io.contextdb.spi.value.NamespaceName;
import io.contextdb.spi.value.ReadScope;
import io.contextdb.spi.vector.VectorPoint;
import io.contextdb.spi.vector.VectorSpace;
import io.contextdb.spi.write.VectorMutation;
import io.contextdb.spi.write.WriteBatch;
import io.contextdb.tck.NetworkStore;
import io.contextdb.tck.fault.Fault;
import io.contextdb.tck.fault.FaultProxy;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A network that loses answers, hangs and breaks. */
class FaultTest {
    private static final NamespaceName NAMESPACE = NamespaceName.of("n");
    private static final Duration LONG = Duration.ofSeconds(20);
    private static final Duration SHORT = Duration.ofMillis(500);

    private NetworkStore store;
    private FaultProxy proxy;
    private Backend backend;

    @BeforeEach
    void open() {
        store = TestServer.get().network(TestServer.prefix("fault"));
        proxy = FaultProxy.before(store.address(), 1);
        backend = TestServer.open(store.url().apply(proxy.address()));
        backend.apply(
                WriteBatch.of(NAMESPACE, List.of(new VectorMutation.CreateSpace(VectorSpace.cosine("s", 2)))),
                Deadline.after(LONG));
    }

    @AfterEach
    void close() {
        backend.close();
        proxy.close();
    }

    private static WriteBatch put(UUID id) {
        return WriteBatch.of(
                NAMESPACE,
                List.of(new VectorMutation.PutPoint(
                        "s", VectorPoint.builder(id).vector(1, 2).build())));
    }

    private static boolean there(Backend backend, UUID id, Duration timeout) {
        ReadScope scope = new ReadScope(NAMESPACE, Deadline.after(timeout), CommitToken.NONE);
        return !backend.vectors().get(scope, "s", List.of(id)).isEmpty();
    }

    private static <T> T eventually(Supplier<T> call) {
        Deadline end = Deadline.after(LONG);
        while (true) {
            try {
                return call.get();
            } catch (ContextUnavailableException | ContextTimeoutException down) {
                if (end.passed()) {
                    throw down;
                }
                Thread.onSpinWait();
            }
        }
    }

    @Test
    void anAnswerThatIsLostLeavesTheOutcomeUnknown() {
        UUID id = UUID.randomUUID();
        ContextTimeoutException lost;
        Deadline found = Deadline.after(LONG);
        do {
            // The space is known for a moment only; where it must be asked for again, the write is not sent at all.
            found.check("a write is sent");
            proxy.heal();
            eventually(() -> backend.apply(put(UUID.randomUUID()), Deadline.after(LONG)));
            proxy.make(new Fault.OneWay(Fault.Direction.TO_STORE));
            lost = catchThrowableOfType(
                    ContextTimeoutException.class, () -> backend.apply(put(id), Deadline.after(SHORT)));
        } while (lost.outcome() == Outcome.NOT_APPLIED);
        assertThat(lost.retrySafe()).isTrue();
        assertThat(lost.outcome()).isEqualTo(Outcome.UNKNOWN);
        try (Backend direct = TestServer.open(store.url().apply(store.address()))) {
            Deadline end = Deadline.after(LONG);
            while (!there(direct, id, LONG)) {
                end.check("the point arrives");
            }
        }
        proxy.heal();
        eventually(() -> backend.apply(put(id), Deadline.after(LONG)));
        assertThat(eventually(() -> there(backend, id, LONG))).isTrue();
    }

    @Test
    void callsEndInTimeWhateverTheNetworkDoes() {
        for (Fault fault : List.of(
                new Fault.BlackHole(),
                new Fault.OneWay(Fault.Direction.TO_STORE),
                new Fault.StallAt(Fault.Direction.TO_DRIVER, 3))) {
            proxy.make(fault);
            for (Supplier<Object> call : List.<Supplier<Object>>of(
                    () -> there(backend, UUID.randomUUID(), SHORT),
                    () -> backend.apply(put(UUID.randomUUID()), Deadline.after(SHORT)),
                    () -> backend.namespaces().list(io.contextdb.spi.value.PageRequest.first(), Deadline.after(SHORT)),
                    () -> backend.projection().orElseThrow().watermark(Deadline.after(SHORT)))) {
                long start = System.nanoTime();
                assertThatThrownBy(call::get).isInstanceOf(ContextException.class);
                assertThat(Duration.ofNanos(System.nanoTime() - start))
                        .as("%s", fault)
                        .isLessThan(SHORT.plusSeconds(1));
            }
            assertThat(backend.health(Deadline.after(SHORT)).status()).isEqualTo(Health.Status.DOWN);
            proxy.heal();
            eventually(() -> there(backend, UUID.randomUUID(), LONG));
        }
    }

    @Test
    void anInterruptEndsACall() {
        proxy.make(new Fault.BlackHole());
        Thread caller = Thread.currentThread();
        CompletableFuture<Void> interruption = CompletableFuture.runAsync(() -> {
            while (!waits(caller)) {
                Thread.onSpinWait();
            }
            caller.interrupt();
        });
        long start = System.nanoTime();

        assertThatThrownBy(() -> there(backend, UUID.randomUUID(), LONG)).isInstanceOf(ContextTimeoutException.class);
        assertThat(Thread.interrupted()).isTrue();
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(LONG);
        interruption.join();
    }

    @Test
    void aStoreThatComesBackIsUsedAtOnce() throws IOException {
        proxy.make(new Fault.Refuse());
        try (ServerSocket door = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            AtomicInteger knocks = new AtomicInteger();
            Thread.ofVirtual().start(() -> turnAway(door, knocks));
            // By itself a channel tries again after one second, then ever later: six times until the deadline.
            Deadline end = Deadline.after(LONG);
            Link link = new Link(Channels.open(
                    Settings.of(new BackendConfig("qdrant", "//127.0.0.1:" + door.getLocalPort(), Map.of(), List.of())),
                    new BackendConfig("qdrant", "", Map.of(), List.of())));
            try (link) {
                while (knocks.get() < 15) {
                    end.check("calls knock");
                    assertThatThrownBy(() -> Server.ask(link, end)).isInstanceOf(ContextUnavailableException.class);
                }
            }
        }
        assertThatThrownBy(() -> backend.apply(put(UUID.randomUUID()), Deadline.after(LONG)))
                .isInstanceOf(ContextUnavailableException.class);
        proxy.heal();
        UUID id = UUID.randomUUID();
        eventually(() -> backend.apply(put(id), Deadline.after(LONG)));
        assertThat(there(backend, id, LONG)).isTrue();
    }

    private static void turnAway(ServerSocket door, AtomicInteger knocks) {
        while (!door.isClosed()) {
            try {
                door.accept().close();
                knocks.incrementAndGet();
            } catch (IOException closed) {
                return;
            }
        }
    }

    @Test
    void closingEndsWhatRunsAndLeavesNoThread() throws InterruptedException {
        proxy.make(new Fault.BlackHole());
        AtomicReference<Throwable> ended = new AtomicReference<>();
        Thread caller = Thread.ofPlatform().start(() -> {
            try {
                there(backend, UUID.randomUUID(), LONG);
            } catch (ContextException closed) {
                ended.set(closed);
            }
        });
        Deadline end = Deadline.after(LONG);
        while (!waits(caller)) {
            end.check("the call waits");
        }
        backend.close();

        caller.join(LONG);
        assertThat(ended.get()).isInstanceOf(ContextClosedException.class);
        // A thread may take a moment to go after it has said that it is done.
        while (Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .anyMatch(name -> name.startsWith("contextdb-qdrant") || name.startsWith("grpc-default"))) {
            end.check("the threads end");
        }
    }

    private static boolean waits(Thread thread) {
        return thread.getState() == Thread.State.WAITING || thread.getState() == Thread.State.TIMED_WAITING;
    }
}
