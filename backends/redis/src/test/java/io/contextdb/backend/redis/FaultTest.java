package io.contextdb.backend.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.contextdb.ContextConnection;
import io.contextdb.ContextDriverManager;
import io.contextdb.spi.Backend;
import io.contextdb.spi.error.ContextClosedException;
import io.contextdb.spi.error.ContextException;
import io.contextdb.spi.error.ContextThrottledException;
import io.contextdb.spi.error.ContextTimeoutException;
import io.contextdb.spi.error.ContextUnavailableException;
import io.contextdb.spi.error.Outcome;
import io.contextdb.spi.value.CommitToken;
import io.contextdb.spi.value.Deadline;
import io.contextdb.spi.value.NamespaceName;
import io.contextdb.spi.value.ReadScope;
import io.contextdb.spi.write.KeyMutation;
import io.contextdb.spi.write.MutationResult;
import io.contextdb.spi.write.WriteBatch;
import io.contextdb.spi.write.WriteReceipt;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A network that loses answers, hangs and breaks. */
class FaultTest {
    private static final NamespaceName NAMESPACE = NamespaceName.of("n");
    private static final String COUNTER = "the-counter";

    private FaultProxy proxy;
    private String url;
    private Backend backend;

    @BeforeEach
    void open() {
        TestServer server = TestServer.get();
        proxy = server.proxy();
        url = server.through(proxy, TestServer.prefix("fault"));
        backend = TestServer.open(url);
        apply(increment("warm"), Duration.ofSeconds(10));
    }

    @AfterEach
    void close() {
        backend.close();
        proxy.close();
    }

    private static WriteBatch increment(String key) {
        return WriteBatch.of(NAMESPACE, List.of(new KeyMutation.Increment(key, 1)));
    }

    private WriteReceipt apply(WriteBatch batch, Duration timeout) {
        return backend.apply(batch, Deadline.after(timeout));
    }

    private String counter() {
        return backend.keys()
                .get(
                        new ReadScope(NAMESPACE, Deadline.after(Duration.ofSeconds(10)), CommitToken.NONE),
                        List.of(COUNTER))
                .get(0)
                .value()
                .utf8();
    }

    private <T> T eventually(java.util.function.Supplier<T> call) {
        long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        while (true) {
            try {
                return call.get();
            } catch (ContextUnavailableException | ContextTimeoutException down) {
                if (System.nanoTime() - end > 0) {
                    throw down;
                }
                Thread.onSpinWait();
            }
        }
    }

    @Test
    void aLostAnswerIsUnknownAndTheSameOperationFindsOut() {
        WriteBatch batch = increment(COUNTER);
        proxy.cutAfter(COUNTER);

        assertThatThrownBy(() -> apply(batch, Duration.ofSeconds(10)))
                .isInstanceOfSatisfying(ContextException.class, lost -> {
                    assertThat(lost.retrySafe()).isTrue();
                    assertThat(lost.outcome()).isEqualTo(Outcome.UNKNOWN);
                });
        assertThat(proxy.hasCut()).isTrue();

        WriteReceipt receipt = eventually(() -> apply(batch, Duration.ofSeconds(10)));
        assertThat(receipt.results()).containsExactly(new MutationResult.Counter(1, 1));
        assertThat(counter()).isEqualTo("1");
    }

    @Test
    void nothingIsSentAgainByItself() {
        backend.close();
        backend = TestServer.open(url + "&rememberOperations=false");
        proxy.cutAfter(COUNTER);

        assertThatThrownBy(() -> apply(increment(COUNTER), Duration.ofSeconds(2)))
                .isInstanceOf(ContextException.class);
        // Without operation ids a replay would count twice.
        assertThat(eventually(this::counter)).isEqualTo("1");
        eventually(() -> apply(increment("other"), Duration.ofSeconds(10)));
        assertThat(counter()).isEqualTo("1");
    }

    @Test
    void theDriverRepeatsWhatWasLostAndAppliesItOnce() {
        try (ContextConnection connection = ContextDriverManager.getConnection(url)) {
            connection.namespace("n").keys().get("k");
            proxy.cutAfter(COUNTER);
            assertThat(connection.namespace("n").keys().increment(COUNTER, 1)).isEqualTo(1);
            assertThat(proxy.hasCut()).isTrue();
            assertThat(connection.namespace("n").keys().increment(COUNTER, 1)).isEqualTo(2);
        }
    }

    @Test
    void aHangingServerEndsCallsAtTheirDeadline() {
        proxy.stall();
        long start = System.nanoTime();
        assertThatThrownBy(() -> apply(increment(COUNTER), Duration.ofMillis(300)))
                .isInstanceOfSatisfying(
                        ContextTimeoutException.class,
                        late -> assertThat(late.outcome()).isEqualTo(Outcome.UNKNOWN));
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofMillis(1_300));
        proxy.flow();
        eventually(() -> apply(increment("after"), Duration.ofSeconds(5)));
    }

    @Test
    void aConnectionThatIsDeadWithoutSayingSoIsReplaced() {
        proxy.freeze();

        long value = eventually(() -> {
            WriteReceipt receipt = apply(increment("alive"), Duration.ofMillis(500));
            return ((MutationResult.Counter) receipt.results().get(0)).value();
        });
        assertThat(value).isEqualTo(1);
    }

    @Test
    void withoutAConnectionCallsFailAtOnceAndNothingWaits() {
        proxy.close();
        proxy.cut();
        eventually(() -> {
            try {
                apply(increment(COUNTER), Duration.ofSeconds(5));
            } catch (ContextUnavailableException down) {
                return down.outcome() == Outcome.NOT_APPLIED ? down : retry(down);
            }
            throw new AssertionError("the server cannot be reached");
        });
        long start = System.nanoTime();
        assertThatThrownBy(() -> apply(increment(COUNTER), Duration.ofSeconds(30)))
                .isInstanceOf(ContextUnavailableException.class);
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(10));
        assertThat(backend.health(Deadline.after(Duration.ofSeconds(5))).status())
                .isEqualTo(io.contextdb.spi.Health.Status.DOWN);
    }

    private static <T> T retry(ContextUnavailableException down) {
        throw down;
    }

    @Test
    void onlySoManyCommandsWait() throws InterruptedException {
        backend.close();
        backend = TestServer.open(url + "&maxQueued=5");
        proxy.stall();
        Queue<Throwable> failures = new ConcurrentLinkedQueue<>();
        List<Thread> callers = new ArrayList<>();
        for (int i = 0; i < 500; i++) {
            callers.add(Thread.ofVirtual().start(() -> {
                try {
                    backend.keys()
                            .get(
                                    new ReadScope(NAMESPACE, Deadline.after(Duration.ofSeconds(1)), CommitToken.NONE),
                                    List.of("k"));
                } catch (ContextException failed) {
                    failures.add(failed);
                }
            }));
        }
        for (Thread caller : callers) {
            caller.join();
        }
        assertThat(failures).hasSize(500);
        // Threads that ask at the same moment may all find room, so a few more than five wait, but not with the
        // callers.
        assertThat(failures)
                .filteredOn(ContextTimeoutException.class::isInstance)
                .hasSizeBetween(5, 50);
        assertThat(failures)
                .filteredOn(failure -> !(failure instanceof ContextTimeoutException))
                .hasOnlyElementsOfType(ContextThrottledException.class);
    }

    @Test
    void aServerThatIsNotThereIsAnErrorAtConnect() {
        proxy.close();
        assertThatThrownBy(() -> TestServer.open(url)).isInstanceOf(ContextUnavailableException.class);
    }

    @Test
    void closingEndsWaitingCallsAndLeavesNoThreads() throws InterruptedException {
        Set<Thread> before = nettyThreads();
        Backend another = TestServer.open(url);
        proxy.stall();
        Thread closer = Thread.ofVirtual().start(() -> {
            WriteBatch batch = increment(COUNTER);
            assertThatThrownBy(() -> another.apply(batch, Deadline.after(Duration.ofSeconds(60))))
                    .isInstanceOf(ContextException.class);
        });
        another.close();
        another.close();
        closer.join(Duration.ofSeconds(20));

        assertThat(closer.isAlive()).isFalse();
        assertThatThrownBy(() -> another.apply(increment(COUNTER), Deadline.after(Duration.ofSeconds(5))))
                .isInstanceOf(ContextClosedException.class);
        long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        while (!before.containsAll(nettyThreads()) && System.nanoTime() - end < 0) {
            Thread.onSpinWait();
        }
        assertThat(before).containsAll(nettyThreads());
        proxy.flow();
    }

    private static Set<Thread> nettyThreads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("lettuce"))
                .collect(Collectors.toSet());
    }
}
