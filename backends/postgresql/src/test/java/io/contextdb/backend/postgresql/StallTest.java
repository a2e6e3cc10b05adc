package io.contextdb.backend.postgresql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.contextdb.spi.error.ContextTransientException;
import io.contextdb.spi.event.EventDraft;
import io.contextdb.spi.value.CommitToken;
import io.contextdb.spi.value.Deadline;
import io.contextdb.spi.value.NamespaceName;
import io.contextdb.spi.value.PropertyMap;
import io.contextdb.spi.value.ReadScope;
import io.contextdb.spi.write.EventMutation;
import io.contextdb.spi.write.KeyMutation;
import io.contextdb.spi.write.WriteBatch;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Many more threads than connections, and a server that stands still in the middle of it, its sockets open. The length is
 * {@code -Dcontextdb.stall.seconds}, of which it stands still for a sixth.
 */
@Tag("slow")
class StallTest {
    private static final String NAME = "stall";
    private static final int THREADS = 64;
    private static final int POOL = 8;
    private static final Duration TIMEOUT = Duration.ofSeconds(1);

    /** What all threads share. */
    private static final class Watch {
        /** When who is still not served gives up. */
        private final long end;

        private final AtomicBoolean stop = new AtomicBoolean();
        private final AtomicLong longest = new AtomicLong();
        /** When the server went on; 0 before. */
        private final AtomicLong goneOn = new AtomicLong();

        Watch(Duration length) {
            end = System.nanoTime() + length.plusSeconds(30).toNanos();
        }
    }

    /** A thread that counts in a key of its own, and reads it now and then. */
    private static final class Counter {
        private final PostgresBackend backend;
        private final NamespaceName namespace;
        private final String key;
        private final Watch watch;
        /** Of acknowledged batches. */
        private final AtomicInteger acknowledged = new AtomicInteger();

        /** When a call first succeeded since the server went on; 0 before. */
        private final AtomicLong recovered = new AtomicLong();

        Counter(PostgresBackend backend, int thread, Watch watch) {
            this.backend = backend;
            this.namespace = NamespaceName.of("n" + thread % POOL);
            this.key = "k" + thread;
            this.watch = watch;
        }

        void count() {
            while (!watch.stop.get()) {
                WriteBatch batch = WriteBatch.of(
                        namespace,
                        List.of(
                                new KeyMutation.Increment(key, 1),
                                new EventMutation.Append(EventDraft.of("t", PropertyMap.empty()))));
                while (!done(() -> backend.apply(batch, Deadline.after(TIMEOUT)))) {
                    assertThat(System.nanoTime())
                            .as("%s is never acknowledged", key)
                            .isLessThan(watch.end);
                    LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
                }
                acknowledged.incrementAndGet();
                done(() -> assertThat(value(TIMEOUT)).isEqualTo(acknowledged.get()));
            }
        }

        private boolean done(Runnable call) {
            long start = System.nanoTime();
            try {
                call.run();
                if (watch.goneOn.get() != 0) {
                    recovered.compareAndSet(0, System.nanoTime());
                }
                return true;
            } catch (ContextTransientException again) {
                return false;
            } finally {
                watch.longest.accumulateAndGet(System.nanoTime() - start, Math::max);
            }
        }

        int value(Duration timeout) {
            return Integer.parseInt(backend.keys()
                    .get(scope(timeout), List.of(key))
                    .get(0)
                    .value()
                    .utf8());
        }

        ReadScope scope(Duration timeout) {
            return new ReadScope(namespace, Deadline.after(timeout), CommitToken.NONE);
        }
    }

    @Test
    void whoHasADeadlineKeepsItAndNothingIsLost() throws Exception {
        TestServer server = TestServer.start(NAME);
        assumeTrue(server.kind().equals("local server"), "only a local server can be stopped");
        Duration length = Duration.ofSeconds(Integer.getInteger("contextdb.stall.seconds", 20));
        Duration still = length.dividedBy(6);
        Watch watch = new Watch(length);
        List<Counter> counters = new ArrayList<>();
        try (PostgresBackend backend = (PostgresBackend) TestServer.open(server.url(TestServer.schema("stall"))
                        + "&poolSize=" + POOL + "&jdbc.ApplicationName=" + NAME);
                ExecutorService executor = Executors.newFixedThreadPool(THREADS)) {
            List<Future<?>> threads = new ArrayList<>();
            for (int i = 0; i < THREADS; i++) {
                Counter counter = new Counter(backend, i, watch);
                counters.add(counter);
                threads.add(executor.submit(() -> counter.count()));
            }
            try {
                pass(length.minus(still).dividedBy(2));
                signal("-STOP");
                try {
                    pass(still);
                } finally {
                    signal("-CONT");
                }
                watch.goneOn.set(System.nanoTime());
                pass(length.minus(still).dividedBy(2));
            } finally {
                watch.stop.set(true);
            }
            for (Future<?> thread : threads) {
                thread.get(60, TimeUnit.SECONDS);
            }

            int acknowledged = counters.stream()
                    .mapToInt(counter -> counter.acknowledged.get())
                    .sum();
            System.out.printf(
                    "%d threads, %d connections, %d batches, the server stood still for %d s; longest call %d ms, time-out %d"
                            + " ms; all went on within %d ms%n",
                    THREADS,
                    POOL,
                    acknowledged,
                    still.toSeconds(),
                    TimeUnit.NANOSECONDS.toMillis(watch.longest.get()),
                    TIMEOUT.toMillis(),
                    TimeUnit.NANOSECONDS.toMillis(counters.stream()
                                    .mapToLong(counter -> counter.recovered.get())
                                    .max()
                                    .orElseThrow()
                            - watch.goneOn.get()));
            long events = 0;
            for (int i = 0; i < POOL; i++) {
                events += backend.namespaces()
                        .statistics(counters.get(i).scope(Duration.ofSeconds(30)))
                        .events();
            }
            assertThat(events).isEqualTo(acknowledged);
            for (Counter counter : counters) {
                assertThat(counter.value(Duration.ofSeconds(30))).isEqualTo(counter.acknowledged.get());
                assertThat(counter.recovered.get())
                        .as("%s went on", counter.key)
                        .isPositive();
            }
            assertThat(backend.store().connections().active()).isZero();
            assertThat(backend.store().connections().waiting()).isZero();
            assertThat(server.connections(NAME)).isLessThanOrEqualTo(POOL + 2);
            assertThat(watch.longest.get())
                    .as("nobody waits until the server goes on")
                    .isLessThan(still.toNanos());
        } finally {
            TestServer.drop(NAME);
        }
    }

    /** Lets time pass, which is the test's subject, not its timing. */
    private static void pass(Duration time) {
        long end = System.nanoTime() + time.toNanos();
        for (long left = time.toNanos(); left > 0; left = end - System.nanoTime()) {
            LockSupport.parkNanos(left);
        }
    }

    private static void signal(String name) throws IOException, InterruptedException {
        ProcessHandle server = TestServer.process(NAME);
        List<String> command = new ArrayList<>(List.of("kill", name));
        Stream.concat(Stream.of(server), server.descendants()).forEach(process -> command.add("" + process.pid()));
        assertThat(new ProcessBuilder(command).inheritIO().start().waitFor()).isZero();
    }
}
