package io.contextdb.backend.postgresql;

import static org.assertj.core.api.Assertions.assertThat;

import io.contextdb.spi.BackendConfig;
import io.contextdb.spi.event.EventDraft;
import io.contextdb.spi.event.EventPosition;
import io.contextdb.spi.value.CommitToken;
import io.contextdb.spi.value.Deadline;
import io.contextdb.spi.value.NamespaceName;
import io.contextdb.spi.value.PropertyMap;
import io.contextdb.spi.value.ReadScope;
import io.contextdb.spi.write.DocumentMutation;
import io.contextdb.spi.write.EventMutation;
import io.contextdb.spi.write.WriteBatch;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.postgresql.ds.PGSimpleDataSource;

/** Who waits for events hears of those that other processes commit, or looks for them where nothing can be heard. */
class EventWakeupTest {
    private static final NamespaceName N = NamespaceName.of("n");
    private static final NamespaceName OTHER = NamespaceName.of("other");

    private final String schema = TestServer.schema("wakeup");
    private final List<PostgresBackend> backends = new ArrayList<>();
    private final PostgresBackend writer = open();

    private PostgresBackend open() {
        PostgresBackend backend =
                (PostgresBackend) TestServer.open(TestServer.get().url(schema));
        backends.add(backend);
        return backend;
    }

    @AfterEach
    void close() {
        backends.forEach(PostgresBackend::close);
    }

    @Test
    void eventsOfAnotherProcessWakeWithoutLookingForThem() throws Exception {
        PostgresBackend hearing = open();
        PostgresBackend deaf = openDeaf();
        assertThat(listeners()).as("nobody waits yet").isZero();
        CompletableFuture<Void> heard = waits(hearing, N);
        CompletableFuture<Void> found = waits(deaf, N);
        until("it listens", () -> wakeups(hearing).equals("listen"));
        until("the other gives up listening", () -> wakeups(deaf).startsWith("poll: LISTEN is accepted"));
        assertThat(listeners()).isEqualTo(1);
        until("it has looked once since", () -> looks(hearing) >= 2);

        long looks = looks(hearing);
        long looksOfDeaf = looks(deaf);
        append(OTHER);
        until("it heard that", () -> notices(hearing) == 1);
        until("who cannot hear looks on", () -> looks(deaf) >= looksOfDeaf + 4);
        assertThat(looks(hearing)).as("who hears does not look").isEqualTo(looks);
        assertThat(heard).isNotDone();

        append(N);
        heard.join();
        assertThat(notices(hearing)).isEqualTo(2);
        assertThat(looks(hearing)).isEqualTo(looks + 1);
        found.join();
    }

    @Test
    void batchesOfEveryKindAreHeardOf() throws Exception {
        // The namespace must be there for a batch to be written in one statement.
        appendWithDocument();
        PostgresBackend hearing = open();
        CompletableFuture<Void> waiting = waits(hearing, OTHER);
        until("it listens", () -> wakeups(hearing).equals("listen"));

        append(N);
        until("a batch that only adds was heard of", () -> notices(hearing) == 1);
        appendWithDocument();
        until("one that does more was heard of", () -> notices(hearing) == 2);
        assertThat(waiting).isNotDone();
        append(OTHER);
        waiting.join();
    }

    private void appendWithDocument() {
        writer.apply(
                WriteBatch.of(
                        N,
                        List.of(
                                DocumentMutation.PutDocument.of("c", "d", PropertyMap.empty()),
                                new EventMutation.Append(EventDraft.of("t", PropertyMap.empty())))),
                Deadline.after(Duration.ofSeconds(30)));
    }

    @Test
    void whoWaitsListensAgainAfterTheConnectionWasLost() throws Exception {
        PostgresBackend hearing = open();
        CompletableFuture<Void> heard = waits(hearing, N);
        until("it listens", () -> wakeups(hearing).equals("listen"));

        assertThat(number("SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE query ~ ?"))
                .isEqualTo(1);
        until("it looks instead", () -> wakeups(hearing).startsWith("poll: "));
        until("it listens again", () -> wakeups(hearing).equals("listen"));

        append(N);
        heard.join();
    }

    @Test
    void whoBeginsToListenLooksUntilAllKnowOfIt() throws Exception {
        try (Connection earlier = DriverManager.getConnection(TestServer.get().jdbcUrl());
                Statement statement = earlier.createStatement()) {
            earlier.setAutoCommit(false);
            statement.execute("SELECT pg_current_xact_id()");
            PostgresBackend hearing = open();
            CompletableFuture<Void> heard = waits(hearing, N);
            until("it waits", () -> wakeups(hearing).startsWith("poll: "));
            assertThat(wakeups(hearing))
                    .as("while a transaction runs that may have asked before")
                    .isEqualTo("poll: transactions are not over that may not know that it listens");

            earlier.commit();
            until("it listens", () -> wakeups(hearing).equals("listen"));
            append(N);
            heard.join();
        }
    }

    @Test
    void whoAskedBeforeHasASmallerNumberThoughItIsTheLastToHaveBegun() throws Exception {
        EventNotices notices =
                new EventNotices(writer.store().connections(), writer.store().names());
        try (Connection newest = DriverManager.getConnection(TestServer.get().jdbcUrl());
                Connection asking = DriverManager.getConnection(TestServer.get().jdbcUrl());
                Statement statement = newest.createStatement()) {
            newest.setAutoCommit(false);
            long number;
            try (ResultSet row = statement.executeQuery("SELECT pg_current_xact_id()::text::int8")) {
                row.next();
                number = row.getLong(1);
            }

            long next = notices.next(asking);
            assertThat(next).isGreaterThan(number);
            assertThat(notices.oldest(asking)).isLessThanOrEqualTo(number);

            newest.commit();
            until("it has ended", () -> oldest(notices, asking) >= next);
        }
    }

    private static long oldest(EventNotices notices, Connection connection) {
        try {
            return notices.oldest(connection);
        } catch (SQLException failed) {
            throw new IllegalStateException(failed);
        }
    }

    @Test
    void theConnectionGoesWithTheStore() throws Exception {
        PostgresBackend hearing = open();
        CompletableFuture<Void> waiting = waits(hearing, N);
        until("it listens", () -> wakeups(hearing).equals("listen"));

        hearing.close();

        until("the session ended", () -> listeners() == 0);
        assertThat(waiting.handle((done, failure) -> failure).join())
                .hasRootCauseInstanceOf(io.contextdb.spi.error.ContextClosedException.class);
    }

    @Test
    void aConnectionOfTheApplicationIsGivenBackAsItWas() {
        List<Integer> listening = Collections.synchronizedList(new ArrayList<>());
        PGSimpleDataSource server = new PGSimpleDataSource();
        server.setUrl(TestServer.get().jdbcUrl());
        PostgresBackend hearing = lent(proxy(
                DataSource.class,
                server,
                made -> made instanceof Connection connection
                        ? proxy(Connection.class, connection, part -> part, () -> listening.add(channels(connection)))
                        : made,
                () -> {}));
        CompletableFuture<Void> waiting = waits(hearing, N);
        until("it listens", () -> wakeups(hearing).equals("listen"));

        hearing.close();

        assertThat(waiting.handle((done, failure) -> failure).join()).isNotNull();
        assertThat(listening).isNotEmpty().containsOnly(0);
    }

    private static int channels(Connection connection) {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT count(*) FROM pg_listening_channels()")) {
            row.next();
            return row.getInt(1);
        } catch (SQLException failed) {
            throw new IllegalStateException(failed);
        }
    }

    private void append(NamespaceName namespace) {
        writer.apply(
                WriteBatch.of(namespace, List.of(new EventMutation.Append(EventDraft.of("t", PropertyMap.of("n", 1))))),
                Deadline.after(Duration.ofSeconds(30)));
    }

    private static CompletableFuture<Void> waits(PostgresBackend backend, NamespaceName namespace) {
        ReadScope scope = new ReadScope(namespace, Deadline.after(Duration.ofSeconds(60)), CommitToken.NONE);
        return CompletableFuture.runAsync(
                () -> backend.events().await(scope, EventPosition.START),
                task -> Thread.ofVirtual().start(task));
    }

    private static String wakeups(PostgresBackend backend) {
        return backend.health(Deadline.after(Duration.ofSeconds(30))).details().getOrDefault("events.wakeups", "");
    }

    private static long looks(PostgresBackend backend) {
        return backend.store().figures().looks();
    }

    private static long notices(PostgresBackend backend) {
        return backend.store().figures().notices();
    }

    private long listeners() {
        return number("SELECT count(*) FROM pg_stat_activity WHERE query ~ ?");
    }

    private long number(String sql) {
        try (Connection connection =
                        DriverManager.getConnection(TestServer.get().jdbcUrl());
                PreparedStatement statement = connection.prepareStatement(sql)) {
            // What a session that listens has done last.
            statement.setString(1, "(INTO|/\\*) \"" + schema + "\".listener");
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                return row.getLong(1);
            }
        } catch (SQLException failed) {
            throw new IllegalStateException(failed);
        }
    }

    private static void until(String what, BooleanSupplier condition) {
        long end = System.nanoTime() + Duration.ofSeconds(60).toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as(what).isLessThan(end);
            Thread.onSpinWait();
        }
    }

    private PostgresBackend lent(DataSource source) {
        PostgresBackend backend = (PostgresBackend) new PostgresProvider()
                .open(new BackendConfig("postgresql", "", Map.of("schema", schema), List.of(source)));
        backends.add(backend);
        return backend;
    }

    /** Opens a store whose connections take LISTEN for nothing, as a pooler in transaction mode does. */
    private PostgresBackend openDeaf() {
        PGSimpleDataSource server = new PGSimpleDataSource();
        server.setUrl(TestServer.get().jdbcUrl());
        return lent(proxy(
                DataSource.class,
                server,
                made -> made instanceof Connection connection
                        ? proxy(Connection.class, connection, EventWakeupTest::deaf, () -> {})
                        : made,
                () -> {}));
    }

    private static Object deaf(Object part) {
        return part instanceof Statement statement && !(part instanceof PreparedStatement)
                ? proxy(Statement.class, statement, result -> result, () -> {}, sql -> sql.startsWith("LISTEN"))
                : part;
    }

    private interface Wrapping {
        Object wrap(Object made);
    }

    private static <T> T proxy(Class<T> type, T real, Wrapping wrapping, Runnable beforeClose) {
        return proxy(type, real, wrapping, beforeClose, sql -> false);
    }

    private static <T> T proxy(
            Class<T> type, T real, Wrapping wrapping, Runnable beforeClose, Predicate<String> swallowed) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (self, method, args) -> {
            if (args != null && args[0] instanceof String sql && swallowed.test(sql)) {
                return false;
            }
            if (method.getName().equals("close")) {
                beforeClose.run();
            }
            try {
                Object made = method.invoke(real, args);
                return made == null || method.getName().equals("unwrap") ? made : wrapping.wrap(made);
            } catch (InvocationTargetException failed) {
                throw failed.getCause();
            }
        }));
    }
}
