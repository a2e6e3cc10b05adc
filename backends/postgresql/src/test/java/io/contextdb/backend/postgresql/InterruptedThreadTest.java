package io.contextdb.backend.postgresql;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.contextdb.spi.Backend;
import io.contextdb.spi.BackendConfig;
import io.contextdb.spi.error.ContextTimeoutException;
import io.contextdb.spi.error.Outcome;
import io.contextdb.spi.value.Deadline;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** An interrupt ends a call the same way on any thread, and costs no connection. */
class InterruptedThreadTest {
    private final TestServer server = TestServer.get();

    private static ThreadFactory threads(String kind) {
        return kind.equals("virtual")
                ? Thread.ofVirtual().factory()
                : Thread.ofPlatform().factory();
    }

    /** What a call came to, and whether its thread was left interrupted. */
    private record End(Throwable thrown, boolean interrupted) {}

    private static End interrupted(PostgresBackend backend, ThreadFactory threads) throws InterruptedException {
        CompletableFuture<End> end = new CompletableFuture<>();
        Thread caller = threads.newThread(() -> {
            try {
                backend.store().connections().read(Deadline.after(Duration.ofSeconds(30)), connection -> {
                    try (var statement = connection.createStatement()) {
                        return statement.execute("SELECT pg_sleep(20)");
                    }
                });
                end.complete(new End(new AssertionError("was not ended"), false));
            } catch (RuntimeException failed) {
                end.complete(new End(failed, Thread.currentThread().isInterrupted()));
            }
        });
        caller.start();
        TimeUnit.MILLISECONDS.sleep(150);
        caller.interrupt();
        return end.orTimeout(10, TimeUnit.SECONDS).join();
    }

    private static void endsAsAgreed(End end) {
        assertThat(end.thrown()).isInstanceOf(ContextTimeoutException.class).hasMessageContaining("interrupted");
        assertThat(((ContextTimeoutException) end.thrown()).outcome()).isEqualTo(Outcome.NOT_APPLIED);
        assertThat(end.interrupted()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"platform", "virtual"})
    void aReadEndsAndItsConnectionGoesOn(String kind) throws Exception {
        try (PostgresBackend backend = TestServer.quiet(server.url(TestServer.schema("interrupted")))) {
            long made = backend.store().connections().generation();
            for (int i = 0; i < 5; i++) {
                endsAsAgreed(interrupted(backend, threads(kind)));
            }
            long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
            while (backend.store().connections().active() > 0) {
                assertThat(System.nanoTime()).isLessThan(end);
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
            }
            // The pool may have filled up with the connections that it keeps anyway; none was lost.
            assertThat(backend.store().connections().generation() - made).isLessThanOrEqualTo(1);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"platform", "virtual"})
    void onALentDataSourceItEndsTheSame(String kind) throws Exception {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(server.jdbcUrl());
        config.setMaximumPoolSize(4);
        String schema = TestServer.schema("lentinterrupt");
        server.url(schema);
        try (HikariDataSource lent = new HikariDataSource(config);
                Backend backend = new PostgresProvider()
                        .open(new BackendConfig(
                                "postgresql", "", Map.of("schema", schema, "poolSize", "4"), List.of(lent)))) {
            endsAsAgreed(interrupted((PostgresBackend) backend, threads(kind)));
        }
    }
}
