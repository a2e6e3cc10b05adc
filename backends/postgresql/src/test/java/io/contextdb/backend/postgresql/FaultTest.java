package io.contextdb.backend.postgresql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.contextdb.ContextConnection;
import io.contextdb.ContextDataSource;
import io.contextdb.Namespace;
import io.contextdb.spi.Backend;
import io.contextdb.spi.error.ContextException;
import io.contextdb.spi.error.ContextTimeoutException;
import io.contextdb.spi.error.ContextUnavailableException;
import io.contextdb.spi.error.Outcome;
import io.contextdb.spi.key.KeyEntry;
import io.contextdb.spi.value.Bytes;
import io.contextdb.spi.value.CommitToken;
import io.contextdb.spi.value.Deadline;
import io.contextdb.spi.value.NamespaceName;
import io.contextdb.spi.value.ReadScope;
import io.contextdb.spi.write.KeyMutation;
import io.contextdb.spi.write.MutationResult;
import io.contextdb.spi.write.WriteBatch;
import io.contextdb.spi.write.WriteReceipt;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A network and a server that fail. */
class FaultTest {
    private static final NamespaceName N = NamespaceName.of("n");

    private FaultProxy proxy;
    private String url;

    @BeforeEach
    void between() {
        proxy = TestServer.get().proxy();
        url = TestServer.get().through(proxy, TestServer.schema("fault"));
    }

    @AfterEach
    void away() {
        proxy.close();
    }

    private static List<KeyEntry> read(Backend backend, Duration timeout) {
        return backend.keys().get(new ReadScope(N, Deadline.after(timeout), CommitToken.NONE), List.of("counter"));
    }

    @Test
    void aCommitWhoseAnswerIsLostIsUnknownAndItsRepeatFindsOut() {
        try (Backend backend = TestServer.open(url)) {
            backend.apply(increment(), Deadline.after(Duration.ofSeconds(10)));
            WriteBatch batch = increment();
            proxy.cutAfter("COMMIT");

            assertThatThrownBy(() -> backend.apply(batch, Deadline.after(Duration.ofSeconds(10))))
                    .isInstanceOfSatisfying(ContextException.class, failed -> {
                        assertThat(failed.outcome()).isEqualTo(Outcome.UNKNOWN);
                        assertThat(failed.retrySafe()).isTrue();
                    });
            assertThat(proxy.hasCut()).isTrue();

            WriteReceipt receipt = backend.apply(batch, Deadline.after(Duration.ofSeconds(10)));
            assertThat(receipt.results())
                    .singleElement()
                    .isInstanceOfSatisfying(
                            MutationResult.Counter.class,
                            counter -> assertThat(counter.value()).isEqualTo(2));
            assertThat(read(backend, Duration.ofSeconds(5)).get(0).value().utf8())
                    .isEqualTo("2");
        }
    }

    @Test
    void theDriverRepeatsSuchACommitByItself() {
        try (ContextDataSource source = ContextDataSource.open(url);
                ContextConnection connection = source.getConnection()) {
            Namespace namespace = connection.namespace("n");
            for (int i = 1; i <= 5; i++) {
                proxy.cutAfter("COMMIT");
                assertThat(namespace.keys().increment("counter", 1)).isEqualTo(i);
                assertThat(proxy.hasCut()).isTrue();
            }
        }
    }

    private static WriteBatch increment() {
        return WriteBatch.of(N, List.of(new KeyMutation.Increment("counter", 1)));
    }

    @Test
    void callsEndByTheirDeadlineWhileTheServerIsSilentAndGoOnAfterwards() {
        try (Backend backend = TestServer.open(url)) {
            backend.apply(increment(), Deadline.after(Duration.ofSeconds(10)));
            proxy.stall();
            long start = System.nanoTime();

            assertThatThrownBy(() -> read(backend, Duration.ofMillis(300))).isInstanceOf(ContextTimeoutException.class);
            assertThatThrownBy(() -> backend.apply(increment(), Deadline.after(Duration.ofMillis(300))))
                    .isInstanceOf(ContextTimeoutException.class);
            // Far more than the second that the contract allows (G10), as machines for tests are; far less than a hang.
            assertThat(System.nanoTime() - start).isLessThan(TimeUnit.SECONDS.toNanos(15));

            proxy.flow();
            long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
            while (!answers(backend)) {
                assertThat(System.nanoTime()).isLessThan(end);
            }
        }
    }

    private static boolean answers(Backend backend) {
        try {
            return !read(backend, Duration.ofSeconds(2)).isEmpty();
        } catch (ContextException notYet) {
            return false;
        }
    }

    @Test
    void aServerThatIsGoneCostsCallersNoWaitingAndIsFoundAgain() {
        try (Backend backend = TestServer.open(url)) {
            backend.apply(increment(), Deadline.after(Duration.ofSeconds(10)));
            proxy.refuse();
            while (answers(backend)) {
                // Until the store has noticed.
            }
            long start = System.nanoTime();
            int calls = 200;
            for (int i = 0; i < calls; i++) {
                assertThatThrownBy(() -> read(backend, Duration.ofSeconds(30)))
                        .isInstanceOf(ContextUnavailableException.class);
            }
            // One of them at a time tries to connect, for five seconds; were it each, this would take a quarter of an
            // hour.
            assertThat(System.nanoTime() - start).isLessThan(TimeUnit.SECONDS.toNanos(60));

            proxy.accept();
            long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
            while (!answers(backend)) {
                assertThat(System.nanoTime()).isLessThan(end);
            }
        }
    }

    @Test
    void anInterruptEndsAReadThatHangs() throws InterruptedException {
        try (Backend backend = TestServer.open(url)) {
            backend.apply(increment(), Deadline.after(Duration.ofSeconds(10)));
            proxy.stall();
            Throwable[] failure = {null};
            Thread reader = new Thread(() -> {
                try {
                    read(backend, Duration.ofSeconds(60));
                } catch (ContextException ended) {
                    failure[0] = ended;
                }
            });
            reader.start();
            Thread.sleep(100);
            reader.interrupt();
            reader.join(TimeUnit.SECONDS.toMillis(10));

            assertThat(reader.isAlive()).isFalse();
            assertThat(failure[0]).isInstanceOf(ContextTimeoutException.class).hasMessageContaining("interrupted");
            proxy.flow();
        }
    }

    @Test
    void aServerThatIsNotThereIsAnErrorAtConnect() {
        int port = proxy.port();
        proxy.close();

        assertThatThrownBy(() -> ContextDataSource.open("contextdb:postgresql://127.0.0.1:" + port
                        + "/postgres?user=u&password=sesame&connectTimeout=1s"))
                .isInstanceOf(ContextUnavailableException.class)
                .hasMessageNotContaining("sesame");
    }

    @Test
    void closingLeavesNoConnectionBehind() throws Exception {
        String name = "left_" + System.nanoTime();
        try (Backend backend = TestServer.open(url + "&jdbc.ApplicationName=" + name)) {
            backend.apply(
                    WriteBatch.of(N, List.of(KeyMutation.PutKey.of("k", Bytes.EMPTY))),
                    Deadline.after(Duration.ofSeconds(10)));
            assertThat(TestServer.get().connections(name)).isPositive();
        }
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (TestServer.get().connections(name) > 0) {
            assertThat(System.nanoTime()).as("a connection was left behind").isLessThan(end);
            Thread.sleep(20);
        }
    }
}
