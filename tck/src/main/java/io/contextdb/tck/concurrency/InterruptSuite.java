package io.contextdb.tck.concurrency;

import static org.assertj.core.api.Assertions.assertThat;

import io.contextdb.Namespace;
import io.contextdb.spi.capability.Capability;
import io.contextdb.spi.error.ContextException;
import io.contextdb.spi.error.ContextTimeoutException;
import io.contextdb.spi.error.Outcome;
import io.contextdb.spi.value.Bytes;
import io.contextdb.spi.value.UuidV7;
import io.contextdb.tck.Kit;
import io.contextdb.tck.Needs;
import io.contextdb.tck.Proves;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Threads that are interrupted within a call: each learns what became of it, and nobody else is hit. */
@Needs(Capability.KEYS)
public abstract class InterruptSuite {
    private static final int CALLERS = 200;
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    /** A read and a write of a key of its own. */
    private static final class Caller {
        final String key;
        final UUID operation = UuidV7.next();
        private final Namespace namespace;
        volatile @Nullable Throwable thrown;
        volatile boolean interrupted;

        Caller(Namespace namespace, int number) {
            this.namespace = namespace;
            this.key = "k" + number;
        }

        void call() {
            try {
                namespace.keys().get(key);
                write();
            } catch (RuntimeException | Error failed) {
                thrown = failed;
            }
            interrupted = Thread.currentThread().isInterrupted();
        }

        void write() {
            namespace.batch().operationId(operation).put(key, Bytes.utf8(key)).apply();
        }

        boolean isThere() {
            return namespace.keys().get(key).isPresent();
        }
    }

    @Test
    @Proves({"G10", "G5", "G13"})
    void callsOfInterruptedVirtualThreadsEndAsInterrupted(Kit kit) throws InterruptedException {
        Namespace namespace = kit.namespace();
        namespace.keys().put("first", Bytes.EMPTY);
        List<Caller> callers = new ArrayList<>();
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < CALLERS; i++) {
            Caller caller = new Caller(namespace, i);
            callers.add(caller);
            threads.add(Thread.ofVirtual().start(caller::call));
        }
        for (Thread thread : threads) {
            LockSupport.parkNanos(kit.random().nextInt(500_000));
            thread.interrupt();
        }
        for (Thread thread : threads) {
            assertThat(thread.join(PATIENCE)).as("ended, seed %d", kit.seed()).isTrue();
        }

        for (Caller caller : callers) {
            if (caller.thrown != null) {
                assertThat(caller.thrown)
                        .as("seed %d", kit.seed())
                        .isInstanceOf(ContextTimeoutException.class)
                        .hasMessageContaining("interrupted");
                assertThat(caller.interrupted).as("still interrupted").isTrue();
            }
            @Nullable Outcome outcome = caller.thrown instanceof ContextException known ? known.outcome() : null;
            if (outcome == Outcome.UNKNOWN) {
                caller.write();
            }
            assertThat(caller.isThere())
                    .as("%s, outcome %s, seed %d", caller.key, outcome, kit.seed())
                    .isEqualTo(outcome != Outcome.NOT_APPLIED);
        }
        kit.together(20, i -> namespace.keys().increment("after", 1));
        assertThat(namespace.keys().increment("after", 0)).isEqualTo(20);
    }
}
