package io.contextdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.contextdb.spi.capability.Atomicity;
import io.contextdb.spi.capability.Idempotency;
import io.contextdb.spi.error.ContextClosedException;
import io.contextdb.spi.error.ContextException;
import io.contextdb.spi.error.ContextThrottledException;
import io.contextdb.spi.error.ContextTimeoutException;
import io.contextdb.spi.error.ContextUnavailableException;
import io.contextdb.spi.error.CorruptDataException;
import io.contextdb.spi.error.InvalidRequestException;
import io.contextdb.spi.error.UnsupportedCapabilityException;
import io.contextdb.spi.value.Bytes;
import io.contextdb.spi.value.CommitToken;
import io.contextdb.spi.value.Deadline;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class CallPathTest {
    private final ScriptedBackend backend = new ScriptedBackend();
    private ContextDataSource source;
    private ContextConnection connection;

    @BeforeEach
    void open() {
        source = backend.source().option("timeout", "5s").build();
        connection = source.getConnection();
    }

    @AfterEach
    void close() {
        source.close();
        ContextDriverManager.deregister(backend);
    }

    private Keys keys() {
        return connection.namespace("n").keys();
    }

    @Test
    void repeatsTransientFailuresOfReadsAndOfWritesWithOperationIds() {
        backend.failures.add(() -> new ContextUnavailableException("down"));
        backend.failures.add(() -> new ContextUnavailableException("down"));
        assertThat(keys().get("k")).isEmpty();
        assertThat(backend.calls).hasValue(3);

        backend.failures.add(() -> new ContextUnavailableException("down"));
        assertThat(keys().put("k", Bytes.EMPTY)).isEqualTo(1);
        assertThat(backend.calls).hasValue(5);
    }

    @Test
    void callsOfABoundedNamespaceShareItsDeadline() throws InterruptedException {
        Namespace bounded = connection.namespace("n").until(Deadline.after(Duration.ofMillis(20)));
        Thread.sleep(21);

        assertThatThrownBy(() -> bounded.keys().get("k")).isInstanceOf(ContextTimeoutException.class);
        assertThatThrownBy(() -> bounded.keys().put("k", Bytes.EMPTY)).isInstanceOf(ContextTimeoutException.class);
        assertThat(backend.calls).hasValue(0);
        assertThat(keys().get("k")).isEmpty();
    }

    @Test
    void doesNotRepeatWhatIsNotSafeOrNotTransient() {
        backend.idempotency = Idempotency.NATURAL;
        backend.failures.add(() -> new ContextUnavailableException("down"));
        assertThatThrownBy(() -> keys().increment("k", 1)).isInstanceOf(ContextUnavailableException.class);
        assertThat(backend.calls).hasValue(1);

        backend.failures.add(() -> new CorruptDataException("broken", null));
        assertThatThrownBy(() -> keys().get("k")).isInstanceOf(CorruptDataException.class);
        assertThat(backend.calls).hasValue(2);

        backend.failures.add(() -> new ContextTimeoutException("late"));
        assertThatThrownBy(() -> keys().get("k")).isInstanceOf(ContextTimeoutException.class);
        assertThat(backend.calls).hasValue(3);
    }

    @Test
    void aStoreInTroubleIsNotFloodedWithRepeats() {
        for (int i = 0; i < 10_000; i++) {
            backend.failures.add(() -> new ContextThrottledException("busy"));
        }
        for (int i = 0; i < 60; i++) {
            assertThatThrownBy(() -> keys().get("k")).isInstanceOf(ContextThrottledException.class);
        }
        // 60 calls, a full account of 20 repeats, and a tenth of a repeat earned by each call.
        assertThat(backend.calls.get()).isBetween(80, 87);
    }

    @Test
    void errorsSayWhere() {
        backend.failures.add(() -> new CorruptDataException("broken", null));

        assertThatThrownBy(() -> keys().get("k")).isInstanceOfSatisfying(ContextException.class, failed -> {
            assertThat(failed.namespace()).contains("n");
            assertThat(failed.url()).contains("contextdb:scripted:?timeout=5s");
        });
    }

    @Test
    void whatIsNotOfferedOrDoesNotFitIsRefusedBeforeAnythingIsSent() {
        assertThatThrownBy(() -> connection.namespace("n").graph().sources(List.of()))
                .isInstanceOfSatisfying(
                        UnsupportedCapabilityException.class,
                        missing -> assertThat(missing.capability()).isEqualTo("GRAPH"));
        assertThatThrownBy(() -> keys().put("k", Bytes.of(new byte[101])))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("value")
                .hasMessageContaining("101")
                .hasMessageContaining("100");
        assertThatThrownBy(() -> keys().deleteAll(List.of("a", "b", "c", "d")))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("batch.mutations");
        backend.atomicity = Atomicity.ENTITY;
        assertThatThrownBy(() -> keys().deleteAll(List.of("a", "b")))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("single mutations");
        assertThat(backend.calls).hasValue(0);
    }

    @Test
    void readsCarryTheNewestCommitSeen() {
        keys().put("k", Bytes.EMPTY);
        assertThat(connection.token()).isEqualTo(new CommitToken(0, 1, 0));

        connection.present(new CommitToken(0, 7, 0));
        connection.present(new CommitToken(0, 3, 0));
        keys().get("k");

        assertThat(backend.lastScope.atLeast()).isEqualTo(new CommitToken(0, 7, 0));
    }

    @Test
    void timeoutsReachTheBackend() {
        connection.withTimeout(Duration.ofMillis(700)).namespace("n").keys().get("k");

        assertThat(backend.lastScope.deadline().remaining()).isLessThanOrEqualTo(Duration.ofMillis(700));
    }

    @Test
    void aClosedConnectionRefusesAndClosesOnlyItself() {
        Keys keys = keys();
        connection.close();
        connection.close();

        assertThatThrownBy(() -> keys.get("k")).isInstanceOf(ContextClosedException.class);
        assertThat(backend.closes).hasValue(0);
        assertThat(source.getConnection().namespace("n").keys().get("k")).isEmpty();
        source.close();
        source.close();
        assertThat(backend.closes).hasValue(1);
    }

    @Test
    void theSoleConnectionClosesItsStore() {
        ContextDriverManager.getConnection("contextdb:scripted:").close();

        assertThat(backend.closes).hasValue(1);
    }

    @Test
    void asynchronousCallsAreBoundedAndEndWhenCancelled() throws Exception {
        CountDownLatch release = new CountDownLatch(1);
        CountDownLatch interrupted = new CountDownLatch(1);
        List<CompletableFuture<Object>> waiting = java.util.stream.IntStream.range(0, AsyncConnection.MAX_CALLS)
                .mapToObj(i -> connection.async().call(c -> {
                    try {
                        release.await();
                    } catch (InterruptedException cancelled) {
                        interrupted.countDown();
                    }
                    return (Object) i;
                }))
                .toList();

        assertThatThrownBy(() -> connection.async().call(c -> 1)).isInstanceOf(ContextThrottledException.class);
        waiting.get(0).cancel(true);
        assertThat(interrupted.await(10, TimeUnit.SECONDS)).isTrue();
        release.countDown();
        assertThat(waiting.get(1).get(10, TimeUnit.SECONDS)).isEqualTo(1);
    }

    @Test
    void unknownSchemesNameWhatIsThere() {
        assertThatThrownBy(() -> ContextDriverManager.getConnection("contextdb:nosuch:"))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("contextdb-nosuch")
                .hasMessageContaining("scripted");
    }
}
