package io.contextdb.backend.postgresql;

import static org.assertj.core.api.Assertions.assertThat;

import io.contextdb.spi.value.Bytes;
import io.contextdb.spi.value.CommitToken;
import io.contextdb.spi.value.Deadline;
import io.contextdb.spi.value.NamespaceName;
import io.contextdb.spi.value.ReadScope;
import io.contextdb.spi.write.KeyMutation;
import io.contextdb.spi.write.Mutation;
import io.contextdb.spi.write.MutationResult;
import io.contextdb.spi.write.WriteBatch;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What is over is removed without reads, and leaves its mark on later versions (contract K2, G8). */
class UpkeepTest {
    private static final NamespaceName N = NamespaceName.of("n");
    private final String schema = TestServer.schema("upkeep");

    @Test
    void expiredKeysAndIdleLimitersGiveTheirSpaceBackAndVersionsRise() throws SQLException {
        try (PostgresBackend backend =
                (PostgresBackend) TestServer.open(TestServer.get().url(schema))) {
            Duration moment = Duration.ofMillis(1);
            for (int i = 0; i < 5; i++) {
                apply(backend, KeyMutation.PutKey.of("k", Bytes.utf8("v")).expiringAfter(moment));
            }
            apply(backend, new KeyMutation.Acquire("limiter", 1, 1, moment));
            apply(backend, KeyMutation.PutKey.of("stays", Bytes.utf8("v")));

            long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
            while (rows("entry") > 1 || rows("limiter") > 0 || rows("permit") > 0) {
                assertThat(System.nanoTime()).as("what is over was not removed").isLessThan(end);
                backend.upkeep().run();
            }

            assertThat(backend.upkeep().trouble()).isNull();
            assertThat(apply(backend, KeyMutation.PutKey.of("k", Bytes.utf8("again"))))
                    .isInstanceOfSatisfying(
                            MutationResult.Written.class,
                            written -> assertThat(written.version()).isGreaterThan(5));
            assertThat(backend.keys()
                            .get(
                                    new ReadScope(N, Deadline.after(Duration.ofSeconds(20)), CommitToken.NONE),
                                    List.of("stays")))
                    .hasSize(1);
        }
    }

    @Test
    void upkeepTakesNoConnectionOfTheApplications() throws Exception {
        int size = 2;
        try (PostgresBackend backend =
                        (PostgresBackend) TestServer.open(TestServer.get().url(schema) + "&poolSize=" + size);
                ExecutorService executor = Executors.newFixedThreadPool(size)) {
            CountDownLatch taken = new CountDownLatch(size);
            CountDownLatch done = new CountDownLatch(1);
            List<Future<Boolean>> calls = new ArrayList<>();
            for (int i = 0; i < size; i++) {
                calls.add(executor.submit(
                        () -> backend.store().connections().read(Deadline.after(Duration.ofMinutes(5)), connection -> {
                            taken.countDown();
                            return await(done);
                        })));
            }
            assertThat(await(taken)).isTrue();

            try {
                backend.upkeep().run();
            } finally {
                done.countDown();
            }
            for (Future<Boolean> call : calls) {
                assertThat(call.get()).isTrue();
            }
        }
    }

    private static boolean await(CountDownLatch latch) {
        try {
            return latch.await(2, TimeUnit.MINUTES);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private static MutationResult apply(PostgresBackend backend, Mutation mutation) {
        return backend.apply(WriteBatch.of(N, List.of(mutation)), Deadline.after(Duration.ofSeconds(20)))
                .results()
                .get(0);
    }

    private long rows(String table) throws SQLException {
        try (Connection connection =
                        DriverManager.getConnection(TestServer.get().jdbcUrl());
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT count(*) FROM " + schema + "." + table)) {
            row.next();
            return row.getLong(1);
        }
    }
}
