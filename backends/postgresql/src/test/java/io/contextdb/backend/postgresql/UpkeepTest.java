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
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.postgresql.PGConnection;

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

    @Test
    void aBacklogOfOldOperationsIsGoneAfterFewPortions() throws SQLException {
        try (PostgresBackend backend = quiet()) {
            operations(20_000, "9 days");
            operations(10, "7 days");

            assertThat(portions(backend)).isLessThanOrEqualTo(5);

            assertThat(rows("operation")).as("those of the last days").isEqualTo(10);
        }
    }

    /** Ids that were erased in a living namespace stay, those of a dropped one for a while. */
    @Test
    void whatWasErasedInADroppedNamespaceGoesWithTime() throws SQLException {
        try (PostgresBackend backend = quiet()) {
            String erased = "INSERT INTO cdb.erased (ns, id, erased_at, kept_until)"
                    + " SELECT 1, gen_random_uuid(), 1, %s FROM generate_series(1, %d)";
            execute(erased.formatted("cdb.clock() - 1000", 12_000));
            execute(erased.formatted("cdb.clock() + 600000000", 10));
            execute(erased.formatted("9223372036854775807", 20));

            assertThat(portions(backend)).isLessThanOrEqualTo(4);

            assertThat(rows("erased")).isEqualTo(30);
        }
    }

    /** A home that was away for so long is still to be given what its batches noted (contract S7). */
    @Test
    void anOldOperationWithANoteStays() throws SQLException {
        try (PostgresBackend backend = quiet()) {
            operations(10, "9 days");
            execute("UPDATE cdb.operation SET note = 'n' WHERE id = (SELECT id FROM cdb.operation LIMIT 1)");

            portions(backend);

            assertThat(rows("operation")).isEqualTo(1);
        }
    }

    @Test
    void aBacklogOfExpiredKeysIsGoneAfterFewPortions() throws SQLException {
        try (PostgresBackend backend = quiet()) {
            apply(backend, KeyMutation.PutKey.of("stays", Bytes.utf8("v")));
            keys(10_000, "-1 hour");
            keys(10, "1 hour");

            assertThat(portions(backend)).isLessThanOrEqualTo(11);

            assertThat(rows("entry")).as("those that live").isEqualTo(11);
        }
    }

    @Test
    void theStoreGoesOnUntilABacklogIsGone() throws SQLException {
        try (PostgresBackend backend =
                (PostgresBackend) TestServer.open(TestServer.get().url(schema))) {
            operations(50_000, "9 days");

            // With a portion every five seconds it would take twice as long.
            awaitThat("old operations are gone", () -> rows("operation") == 0, Duration.ofSeconds(25));
            assertThat(backend.upkeep().trouble()).isNull();
        }
    }

    @Test
    void whatIsDueIsFoundByTheOrderOfAnIndex() throws SQLException {
        try (PostgresBackend backend = quiet()) {
            apply(backend, KeyMutation.PutKey.of("k", Bytes.utf8("v")));
            operations(20_000, "1 day");
            keys(20_000, "1 hour");
            execute("INSERT INTO cdb.limiter (ns, key, span, expires_at)"
                    + " SELECT 1, 'l' || i, 1, cdb.clock() + 3600000000 FROM generate_series(1, 20000) i");
            for (String table : List.of("operation", "entry", "limiter")) {
                execute("VACUUM ANALYZE cdb." + table);
            }

            assertThat(plan(Removal.OLD_OPERATIONS.replace("?", "1")))
                    .contains("using operation_age", "Index Cond: (committed_at <");
            assertThat(plan(Removal.EXPIRED)).contains("using entry_expiry", "Index Cond: (expires_at <=");
            assertThat(plan(Removal.IDLE_LIMITERS)).contains("using limiter_expiry", "Index Cond: (expires_at <=");
        }
    }

    @Test
    void theServerLooksAtATableThatWasFilledAtOnce() throws SQLException {
        try (PostgresBackend backend =
                (PostgresBackend) TestServer.open(TestServer.get().url(schema))) {
            execute("ALTER TABLE cdb.entry SET (autovacuum_enabled = off)");
            keys(20_000, "1 hour");

            awaitThat(
                    "there are statistics of the keys",
                    () -> number("SELECT count(*) FROM pg_stats WHERE schemaname = '" + schema
                                    + "' AND tablename = 'entry' AND attname = 'key'")
                            > 0,
                    Duration.ofSeconds(30));
            assertThat(backend.upkeep().trouble()).isNull();
        }
    }

    /** As is a table that is too large to be looked at in time. */
    @Test
    void whatIsOverIsRemovedWhileTheServerLooksAtATable() throws SQLException {
        quiet().close();
        execute("ALTER TABLE cdb.entry SET (autovacuum_enabled = off)");
        execute("CREATE FUNCTION cdb.slow(value text) RETURNS text IMMUTABLE LANGUAGE sql RETURN value");
        execute("CREATE INDEX slow ON cdb.entry (cdb.slow(key))");
        keys(20_000, "1 hour");
        execute("CREATE OR REPLACE FUNCTION cdb.slow(value text) RETURNS text IMMUTABLE LANGUAGE plpgsql"
                + " AS 'BEGIN PERFORM pg_sleep(60); RETURN value; END'");
        try (PostgresBackend backend =
                (PostgresBackend) TestServer.open(TestServer.get().url(schema))) {
            awaitThat(
                    "the server looks",
                    () -> number("SELECT count(*) FROM pg_stat_progress_analyze WHERE relid = '" + schema
                                    + ".entry'::regclass")
                            > 0,
                    Duration.ofSeconds(30));
            operations(10, "9 days");

            awaitThat("old operations are gone", () -> rows("operation") == 0, Duration.ofSeconds(20));
            assertThat(backend.upkeep().trouble()).isNull();
        }
    }

    /** A namespace that is written without pause is hardly ever free. */
    @Test
    void expiredKeysAreRemovedOnceAWriterOfTheirNamespaceIsDone() throws Exception {
        try (PostgresBackend backend = quiet();
                Connection writer = DriverManager.getConnection(TestServer.get().jdbcUrl());
                ExecutorService executor = Executors.newSingleThreadExecutor()) {
            apply(backend, KeyMutation.PutKey.of("stays", Bytes.utf8("v")));
            keys(10, "-1 hour");
            writer.setAutoCommit(false);
            hold(writer);

            assertThat(portions(backend)).as("it waits, but not for ever").isEqualTo(1);
            assertThat(rows("entry")).isEqualTo(11);
            awaitThat(
                    "what waits for a writer has its turn",
                    () -> {
                        hold(writer);
                        Future<Integer> removed = executor.submit(() -> portions(backend));
                        // Where this thread is held up the wait, of a second, is over before the commit: then once
                        // more.
                        awaitThat(
                                "the upkeep waits",
                                () -> removed.isDone() || isWaitedFor(writer),
                                Duration.ofSeconds(20));
                        writer.commit();
                        assertThat(removed)
                                .succeedsWithin(Duration.ofSeconds(20))
                                .isEqualTo(1);
                        return rows("entry") == 1;
                    },
                    Duration.ofMinutes(1));
        }
    }

    private void hold(Connection writer) throws SQLException {
        try (Statement statement = writer.createStatement()) {
            statement.execute("UPDATE " + schema + ".namespace SET live = live");
        }
    }

    private static boolean isWaitedFor(Connection writer) throws SQLException {
        return number("SELECT count(*) FROM pg_locks WHERE NOT granted AND transactionid IS NOT NULL"
                        + " AND transactionid::text = (SELECT l.transactionid::text FROM pg_locks l WHERE l.granted"
                        + " AND l.locktype = 'transactionid' AND l.pid = "
                        + writer.unwrap(PGConnection.class).getBackendPID() + ")")
                > 0;
    }

    private PostgresBackend quiet() {
        return TestServer.quiet(TestServer.get().url(schema));
    }

    /** Removes what is over, and returns how many portions that took. */
    private static int portions(PostgresBackend backend) {
        Removal removal = new Removal(backend.store());
        int portions = 1;
        while (removal.portion()) {
            portions++;
        }
        return portions;
    }

    private void operations(int count, String age) throws SQLException {
        execute("INSERT INTO cdb.operation (ns, id, commit_no, committed_at, digest, results)"
                + " SELECT 1, gen_random_uuid(), 1, cdb.clock() - extract(epoch FROM interval '" + age
                + "')::bigint * 1000000, '', '' FROM generate_series(1, " + count + ")");
    }

    private void keys(int count, String expiry) throws SQLException {
        execute("INSERT INTO cdb.entry (ns, key, version, expires_at, subject, value)"
                + " SELECT 1, 'k ' || gen_random_uuid(), 1, cdb.clock() + extract(epoch FROM interval '" + expiry
                + "')::bigint * 1000000, '', '' FROM generate_series(1, " + count + ")");
    }

    private String plan(String sql) throws SQLException {
        StringBuilder plan = new StringBuilder();
        try (Connection connection =
                        DriverManager.getConnection(TestServer.get().jdbcUrl());
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("EXPLAIN " + sql.replace("cdb.", schema + "."))) {
            while (row.next()) {
                plan.append(row.getString(1)).append('\n');
            }
        }
        return plan.toString();
    }

    private interface Condition {
        boolean holds() throws SQLException;
    }

    private static void awaitThat(String what, Condition condition, Duration patience) throws SQLException {
        long end = System.nanoTime() + patience.toNanos();
        while (!condition.holds()) {
            assertThat(System.nanoTime()).as(what).isLessThan(end);
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
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

    private void execute(String sql) throws SQLException {
        try (Connection connection =
                        DriverManager.getConnection(TestServer.get().jdbcUrl());
                Statement statement = connection.createStatement()) {
            statement.execute(sql.replace("cdb.", schema + "."));
        }
    }

    private long rows(String table) throws SQLException {
        return number("SELECT count(*) FROM " + schema + "." + table);
    }

    private static long number(String sql) throws SQLException {
        try (Connection connection =
                        DriverManager.getConnection(TestServer.get().jdbcUrl());
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getLong(1);
        }
    }
}
