package io.contextdb.backend.postgresql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.contextdb.spi.Backend;
import io.contextdb.spi.Health;
import io.contextdb.spi.error.AccessDeniedException;
import io.contextdb.spi.error.ContextException;
import io.contextdb.spi.error.ContextUnavailableException;
import io.contextdb.spi.error.InvalidRequestException;
import io.contextdb.spi.value.Deadline;
import java.io.IOException;
import java.net.ServerSocket;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Properties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is wrong with a connection is told at once; looking makes nothing. */
class FirstConnectionTest {
    private final TestServer server = TestServer.get();

    /** Returns what opening says, which it must say before the pool would have given up. */
    private static ContextException refusal(String url) {
        long start = System.nanoTime();
        Throwable thrown = catchThrowable(() -> TestServer.open(url).close());
        assertThat(Duration.ofNanos(System.nanoTime() - start)).as("%s", thrown).isLessThan(Duration.ofSeconds(4));
        assertThat(thrown).isInstanceOf(ContextException.class);
        return (ContextException) thrown;
    }

    @Test
    void anUnknownHostIsNoTransientError() {
        assertThat(refusal("contextdb:postgresql://no-such-host.invalid:5432/app"))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("not known")
                .hasMessageContaining("no-such-host.invalid")
                .hasMessageContaining("08001");
    }

    @ParameterizedTest
    @ValueSource(strings = {"host:port/app", "host:99999999/app", "host:5432:5433/app"})
    void hostsThatCannotBeReadAreRefused(String location) {
        assertThat(refusal("contextdb:postgresql://" + location))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("url");
    }

    @Test
    void aRefusedConnectionSaysSo() throws IOException {
        int port;
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        assertThat(refusal("contextdb:postgresql://127.0.0.1:" + port + "/app"))
                .isInstanceOf(ContextUnavailableException.class)
                .hasMessageContaining("refused")
                .hasMessageContaining("08001");
    }

    @Test
    void anAbsentDatabaseAndAnAbsentUserAreNamed() {
        assertThat(refusal(server.url("x").replace("/postgres?", "/no_such_database?")))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("no_such_database")
                .hasMessageContaining("3D000");
        assertThat(refusal(server.url("x").replace("user=postgres", "user=no_such_user")))
                .isInstanceOf(AccessDeniedException.class)
                .hasMessageContaining("no_such_user")
                .hasMessageContaining("28000");
    }

    @Test
    void whoMayNotMakeTheSchemaIsTold() throws SQLException {
        try (OrdinaryUser user = OrdinaryUser.of(server, "norights")) {
            ServerPair.execute(server, "REVOKE CREATE ON DATABASE postgres FROM " + user.schema());
            assertThat(refusal(user.url()))
                    .isInstanceOf(AccessDeniedException.class)
                    .hasMessageContaining("42501");
        }
    }

    @Test
    void aServerWithoutEncryptionIsRefusedWhereItIsDemanded() {
        assertThat(refusal(server.url("x") + "&sslmode=verify-full").getMessage())
                .contains("SSL");
    }

    @Test
    void lookingMakesNothing() throws SQLException {
        String database = TestServer.schema("empty");
        ServerPair.execute(server, "CREATE DATABASE " + database);
        try {
            String url = server.url(database).replace("/postgres?", "/" + database + "?");
            assertThatThrownBy(() -> TestServer.open(url + "&create=false").close())
                    .isInstanceOf(InvalidRequestException.class)
                    .hasMessageContaining("pgvector");
            assertThat(schemas(database)).doesNotContain(database);

            TestServer.open(url).close();
            assertThatThrownBy(
                            () -> TestServer.open(url.replace("schema=" + database, "schema=other") + "&create=false")
                                    .close())
                    .isInstanceOf(InvalidRequestException.class)
                    .hasMessageContaining("without a store in schema other");
            assertThat(schemas(database)).contains(database).doesNotContain("other");

            try (Backend backend = TestServer.open(url + "&create=false")) {
                Health health = backend.health(Deadline.after(Duration.ofSeconds(20)));
                assertThat(health.details())
                        .containsEntry("server.tls", "off")
                        .containsEntry("tls.verified", "no")
                        .containsKeys("server.version", "pool.active");
            }
        } finally {
            ServerPair.execute(server, "DROP DATABASE " + database + " WITH (FORCE)");
        }
    }

    private List<String> schemas(String database) throws SQLException {
        try (var connection = java.sql.DriverManager.getConnection(
                        server.jdbcUrl().replace("/postgres?", "/" + database + "?"));
                var statement = connection.createStatement();
                var row = statement.executeQuery("SELECT string_agg(nspname, ' ') FROM pg_namespace")) {
            row.next();
            return List.of(row.getString(1).split(" "));
        }
    }

    /** The pool makes further connections in the background, waits for them as it ends for as long as this says, and warns if one is left. */
    @Test
    void thePoolWaitsForConnectionsThatAreBeingMadeAsItEnds() {
        assertThat(new ServerSource("jdbc:postgresql://127.0.0.1/app", new Properties(), Acknowledgement.SERVER)
                        .getLoginTimeout())
                .isPositive();
    }
}
