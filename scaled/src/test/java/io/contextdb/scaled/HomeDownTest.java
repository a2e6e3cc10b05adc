package io.contextdb.scaled;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.contextdb.ContextConnection;
import io.contextdb.ContextDriverManager;
import io.contextdb.spi.Health;
import io.contextdb.spi.error.ContextTimeoutException;
import io.contextdb.spi.error.ContextUnavailableException;
import io.contextdb.spi.value.UuidV7;
import io.contextdb.spi.vector.VectorSpace;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The home of keys and events does not answer for a while: what needs it fails in time, all else goes on, and nothing is halved. */
@Tag("slow")
class HomeDownTest {
    private static final Duration TIMEOUT = Duration.ofSeconds(2);
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final int BATCHES = 10;
    private static final int FAILING = 3;

    private final List<CrashLog.Entry> noted = new ArrayList<>();

    @Test
    void killed() {
        outage(OwnServer::kill, OwnServer::start);
    }

    @Test
    void standingStill() {
        outage(OwnServer::stall, OwnServer::resume);
    }

    private void outage(Consumer<OwnServer> begin, Consumer<OwnServer> end) {
        try (OwnServer redis = OwnServer.redis();
                ContextConnection connection = ContextDriverManager.getConnection(Servers.url(
                        "home",
                        Servers.postgresql().url(),
                        redis.url(),
                        Servers.qdrant().url()))) {
            CrashOperation.NAMESPACES.forEach(name -> connection
                    .namespace(name)
                    .vectors()
                    .createSpace(VectorSpace.cosine(CrashOperation.SPACE, CrashOperation.DIMENSIONS)));
            for (int i = 0; i < BATCHES; i++) {
                acknowledged(connection, CrashOperation.Kind.WHOLE);
            }
            List<CrashOperation> failed = new ArrayList<>();
            begin.accept(redis);
            try {
                for (int i = 0; i < FAILING; i++) {
                    failed.add(failsInTime(connection.withTimeout(TIMEOUT)));
                    acknowledged(connection, CrashOperation.Kind.POINT);
                }
                assertThat(connection.withTimeout(TIMEOUT).health().status()).isEqualTo(Health.Status.DOWN);
            } finally {
                end.accept(redis);
            }
            Lag.awaitNone(connection, LIMIT);
            // Its outcome was unknown to the caller: repeated, it is there once.
            failed.forEach(operation -> acknowledge(connection, operation));
            for (int i = 0; i < BATCHES; i++) {
                acknowledged(connection, CrashOperation.Kind.WHOLE);
            }
            for (String name : CrashOperation.NAMESPACES) {
                new CrashCheck(connection.namespace(name), noted).run(at -> false);
            }
        }
    }

    private CrashOperation begun(CrashOperation.Kind kind) {
        CrashOperation operation = new CrashOperation(kind, UuidV7.next());
        while (operation.hasSlot()) {
            operation = new CrashOperation(kind, UuidV7.next());
        }
        noted.add(new CrashLog.Entry(CrashLog.Stage.BEGUN, operation, Instant.now()));
        return operation;
    }

    private void acknowledged(ContextConnection connection, CrashOperation.Kind kind) {
        acknowledge(connection, begun(kind));
    }

    private void acknowledge(ContextConnection connection, CrashOperation operation) {
        operation.apply(connection, operation.id());
        noted.add(new CrashLog.Entry(CrashLog.Stage.DONE, operation, Instant.now()));
    }

    private CrashOperation failsInTime(ContextConnection connection) {
        CrashOperation operation = begun(CrashOperation.Kind.WHOLE);
        long start = System.nanoTime();
        Throwable failure = catchThrowable(() -> operation.apply(connection, operation.id()));
        assertThat(failure).isInstanceOfAny(ContextUnavailableException.class, ContextTimeoutException.class);
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(TIMEOUT.plusSeconds(1));
        return operation;
    }
}
