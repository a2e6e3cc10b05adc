package io.contextdb.backend.postgresql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.contextdb.spi.Backend;
import io.contextdb.spi.error.InvalidRequestException;
import io.contextdb.spi.filter.Filter;
import io.contextdb.spi.key.KeyEntry;
import io.contextdb.spi.value.Bytes;
import io.contextdb.spi.value.CommitToken;
import io.contextdb.spi.value.Deadline;
import io.contextdb.spi.value.NamespaceName;
import io.contextdb.spi.value.ReadScope;
import io.contextdb.spi.value.UuidV7;
import io.contextdb.spi.vector.Vector;
import io.contextdb.spi.vector.VectorPoint;
import io.contextdb.spi.vector.VectorQuery;
import io.contextdb.spi.vector.VectorSpace;
import io.contextdb.spi.write.KeyMutation;
import io.contextdb.spi.write.Mutation;
import io.contextdb.spi.write.VectorMutation;
import io.contextdb.spi.write.WriteBatch;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What goes by PgBouncer in transaction mode leaves no trace in the connections that all its clients share. */
@Tag("slow")
class PoolerTest {
    private static final NamespaceName N = NamespaceName.of("n");
    private static final int INDEXED_FROM = 100;
    private static final String POSTGRES = "/postgres?";

    private final TestServer pooler = TestServer.pooler();

    private static ReadScope scope() {
        return new ReadScope(N, Deadline.after(Duration.ofSeconds(30)), CommitToken.NONE);
    }

    @Test
    void aSchemaIsMadeByADirectConnection() {
        String schema = TestServer.schema("pooled");

        assertThatThrownBy(() -> TestServer.open(pooler.url(schema)))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("pooler");

        TestServer.open(TestServer.get().url(schema)).close();
        TestServer.open(pooler.url(schema)).close();
    }

    @Test
    void anIndexIsBuiltAndNoSettingIsLeftBehind() throws SQLException {
        String schema = TestServer.schema("pooledindex");
        TestServer.open(TestServer.get().url(schema)).close();
        List<String> before = settings();
        try (PostgresBackend backend = TestServer.quiet(pooler.url(schema) + "&vectorIndexFrom=" + INDEXED_FROM)) {
            List<Mutation> mutations = new ArrayList<>();
            mutations.add(new VectorMutation.CreateSpace(VectorSpace.cosine("s", 2)));
            for (int i = 0; i < INDEXED_FROM; i++) {
                mutations.add(new VectorMutation.PutPoint(
                        "s", VectorPoint.builder(UuidV7.next()).vector(1, i).build()));
            }
            backend.apply(WriteBatch.of(N, mutations), Deadline.after(Duration.ofSeconds(30)));
            assertThat(search(backend)).isEqualTo(3);

            backend.upkeep().run();

            assertThat(search(backend)).isEqualTo(3);
            assertThat(backend.vectors().count(scope(), "s", Filter.everything()))
                    .isEqualTo(INDEXED_FROM);
            assertThat(ServerPair.ask(
                            TestServer.get(),
                            "SELECT count(*) = 1 FROM pg_indexes WHERE schemaname = '" + schema
                                    + "' AND indexname LIKE 'point_hnsw_%'"))
                    .isTrue();
        }
        assertThat(settings()).containsExactlyElementsOf(before);
    }

    /** The pooler knows the administrator only, who acts as an ordinary user in a database of its own. */
    @Test
    void aNamespaceIsToldToTheConnectionThatServesTheCallAndLeftInNone() throws Exception {
        String name = TestServer.schema("pooledrls");
        TestServer server = TestServer.get();
        ServerPair.execute(server, "CREATE DATABASE " + name);
        ServerPair.execute(server, "CREATE ROLE " + name);
        try {
            ServerPair.execute(server, "GRANT CREATE ON DATABASE " + name + " TO " + name);
            TestServer.open(in(name, server.url(TestServer.schema("extension"))))
                    .close();
            ServerPair.execute(server, "ALTER ROLE postgres IN DATABASE " + name + " SET role = '" + name + "'");
            TestServer.open(in(name, server.url(name)) + "&rls=on").close();

            try (Backend backend = TestServer.open(in(name, pooler.url(name)) + "&rls=on")) {
                List<CompletableFuture<Void>> callers = new ArrayList<>();
                for (int i = 0; i < 4; i++) {
                    NamespaceName namespace = NamespaceName.of("n" + i);
                    callers.add(CompletableFuture.runAsync(() -> putAndGet(backend, namespace)));
                }
                callers.forEach(CompletableFuture::join);
            }
            String jdbcUrl = pooler.jdbcUrl().replace(POSTGRES, "/" + name + "?");
            assertThatThrownBy(() -> count(jdbcUrl, name + ".entry")).hasMessageContaining("no namespace was told");
        } finally {
            ServerPair.execute(server, "DROP DATABASE " + name + " WITH (FORCE)");
            ServerPair.execute(server, "DROP ROLE " + name);
        }
    }

    private static String in(String database, String url) {
        return url.replace(POSTGRES, "/" + database + "?");
    }

    private static void putAndGet(Backend backend, NamespaceName namespace) {
        for (int i = 0; i < 50; i++) {
            Bytes value = Bytes.utf8(namespace.value() + i);
            Deadline deadline = Deadline.after(Duration.ofSeconds(30));
            backend.apply(WriteBatch.of(namespace, List.of(KeyMutation.PutKey.of("k", value))), deadline);
            assertThat(backend.keys().get(new ReadScope(namespace, deadline, CommitToken.NONE), List.of("k")))
                    .extracting(KeyEntry::value)
                    .containsExactly(value);
        }
    }

    private static long count(String jdbcUrl, String table) throws SQLException {
        try (Connection connection = DriverManager.getConnection(jdbcUrl);
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT count(*) FROM " + table)) {
            row.next();
            return row.getLong(1);
        }
    }

    private static int search(PostgresBackend backend) {
        return backend.vectors()
                .search(scope(), List.of(VectorQuery.nearest("s", Vector.of(1, 2), 3)))
                .get(0)
                .size();
    }

    /** Returns what is set in the connections that the pooler has, looked at all at once. */
    private List<String> settings() throws SQLException {
        List<Connection> connections = new ArrayList<>();
        List<String> all = new ArrayList<>();
        try {
            for (int i = 0; i < 10; i++) {
                Connection connection = DriverManager.getConnection(pooler.jdbcUrl());
                connections.add(connection);
                connection.setAutoCommit(false);
                try (Statement statement = connection.createStatement();
                        ResultSet row = statement.executeQuery(
                                "SELECT string_agg(name || ' ' || setting, ', ' ORDER BY name)"
                                        + " FROM pg_settings WHERE source = 'session' AND name <> 'application_name'")) {
                    row.next();
                    all.add(String.valueOf(row.getString(1)));
                }
            }
        } finally {
            for (Connection connection : connections) {
                connection.close();
            }
        }
        return all.stream().distinct().sorted().toList();
    }
}
