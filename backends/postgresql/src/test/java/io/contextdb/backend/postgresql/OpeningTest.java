package io.contextdb.backend.postgresql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.contextdb.ContextConnection;
import io.contextdb.ContextDataSource;
import io.contextdb.ContextUrl;
import io.contextdb.spi.BackendConfig;
import io.contextdb.spi.Health;
import io.contextdb.spi.error.InvalidRequestException;
import io.contextdb.spi.value.Bytes;
import io.contextdb.spi.value.Deadline;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** How stores are opened: by URL, and on the application's own data source. */
class OpeningTest {
    private static Settings settings(String url) {
        ContextUrl parsed = ContextUrl.parse(url);
        return Settings.of(new BackendConfig(parsed.scheme(), parsed.location(), parsed.options(), List.of()));
    }

    @Test
    void theApplicationsDataSourceServesAndStaysOpen() {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(TestServer.get().jdbcUrl());
        config.setMaximumPoolSize(4);
        String schema = TestServer.schema("lent");
        TestServer.get().url(schema);
        try (HikariDataSource lent = new HikariDataSource(config)) {
            try (ContextDataSource source = ContextDataSource.builder(
                                    "contextdb:postgresql:?poolSize=4&schema=" + schema)
                            .resource(lent)
                            .build();
                    ContextConnection connection = source.getConnection()) {
                connection.namespace("n").keys().put("k", Bytes.utf8("v"));
                assertThat(connection.namespace("n").keys().get("k")).isPresent();
                assertThat(connection.health().status()).isEqualTo(Health.Status.UP);
            }
            assertThat(lent.isClosed()).isFalse();
            assertThat(lent.getHikariPoolMXBean().getActiveConnections()).isZero();
        }
    }

    @Test
    void connectionsAreVerifiedOffLoopbackUnlessToldOtherwise() {
        assertThat(settings("contextdb:postgresql://db.example.org/app").jdbc())
                .containsEntry("sslmode", "verify-full");
        assertThat(settings("contextdb:postgresql://127.0.0.1:5432,db.example.org/app")
                        .jdbc())
                .containsEntry("sslmode", "verify-full");
        assertThat(settings("contextdb:postgresql://localhost:5432/app").jdbc()).containsEntry("sslmode", "disable");
        assertThat(settings("contextdb:postgresql://db.example.org/app?sslmode=require")
                        .jdbc())
                .containsEntry("sslmode", "require");
    }

    @Test
    void everySettingOfTheDriverIsAnOptionAndSecretsStayHidden() {
        Settings settings = settings(
                "contextdb:postgresql://me:sesame@db.example.org:6543,other.example.org/app?jdbc.loginTimeout=9&poolSize=3");

        assertThat(settings.jdbcUrl()).isEqualTo("jdbc:postgresql://db.example.org:6543,other.example.org/app");
        assertThat(settings.jdbc())
                .containsEntry("user", "me")
                .containsEntry("password", "sesame")
                .containsEntry("loginTimeout", "9")
                .containsEntry("tcpKeepAlive", "true")
                .containsEntry("targetServerType", "primary");
        assertThat(settings.pool().size()).isEqualTo(3);
        assertThat(settings.toString()).doesNotContain("sesame");
        assertThat(Settings.OPTIONS)
                .filteredOn(option -> option.name().endsWith("password"))
                .isNotEmpty()
                .allMatch(option -> option.secret());
    }

    @Test
    void aLentSourceHasNoStandbys() {
        assertThatThrownBy(() -> settings("contextdb:postgresql:?replicas=prefer"))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("replicas");
    }

    @Test
    void settingsOfThePoolAreOptions() {
        PoolSettings pool = settings("contextdb:postgresql://localhost/app?pool.maxLifetime=5m&pool.idleTimeout=1m"
                        + "&pool.keepaliveTime=30s&poolIdle=20&poolBackground=3")
                .pool();

        HikariConfig config = pool.named("p");
        assertThat(config.getMaxLifetime()).isEqualTo(300_000);
        assertThat(config.getIdleTimeout()).isEqualTo(60_000);
        assertThat(config.getKeepaliveTime()).isEqualTo(30_000);
        assertThat(config.getMinimumIdle()).isEqualTo(10);
        assertThat(pool.inBackground().named("b").getMaximumPoolSize()).isEqualTo(3);
        assertThatThrownBy(() -> settings("contextdb:postgresql://localhost/app?pool.maxLifetime=1m"))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("shorter than pool.maxLifetime");
    }

    /** For a user of whom the server, as most are set, would compile statements. */
    @Test
    void statementsAreNotCompiledUnlessTheApplicationSaysSo() throws SQLException {
        TestServer server = TestServer.get();
        try (OrdinaryUser user = OrdinaryUser.of(server, "jit")) {
            ServerPair.execute(server, "ALTER ROLE " + user.schema() + " SET jit = on");

            assertThat(jit(user.url())).isEqualTo("off");
            assertThat(jit(user.url() + "&jdbc.options=-c%20jit=on")).isEqualTo("on");
        }
    }

    /** Also on connections that are not ours, so the function says so itself; each migration that replaces it must again. */
    @Test
    void walksAreNotCompiledAnywhere() {
        String schema = TestServer.schema("walkjit");
        try (PostgresBackend backend =
                (PostgresBackend) TestServer.open(TestServer.get().url(schema))) {
            String settings = backend.store().connections().read(Deadline.after(Duration.ofSeconds(20)), connection -> {
                try (Statement statement = connection.createStatement();
                        ResultSet row = statement.executeQuery("SELECT array_to_string(proconfig, ' ') FROM pg_proc"
                                + " WHERE proname = 'walk_rows' AND pronamespace = '" + schema + "'::regnamespace")) {
                    row.next();
                    return row.getString(1);
                }
            });
            assertThat(settings).contains("jit=off", "plan_cache_mode=force_generic_plan", "enable_seqscan=off");
        }
    }

    private static String jit(String url) {
        try (PostgresBackend backend = (PostgresBackend) TestServer.open(url)) {
            return backend.store().connections().read(Deadline.after(Duration.ofSeconds(20)), connection -> {
                try (Statement statement = connection.createStatement();
                        ResultSet row = statement.executeQuery("SHOW jit")) {
                    row.next();
                    return row.getString(1);
                }
            });
        }
    }

    @Test
    void settingsOfTheDriverThatWouldBreakAPromiseAreRefused() {
        for (String bad : List.of(
                "targetServerType=any",
                "readOnly=true",
                "preferQueryMode=simple",
                "stringtype=unspecified",
                "replication=database",
                "PGHOST=elsewhere",
                "PGPORT=1",
                "PGDBNAME=other",
                "service=s")) {
            assertThatThrownBy(() -> settings("contextdb:postgresql://localhost/app?jdbc." + bad))
                    .as(bad)
                    .isInstanceOf(InvalidRequestException.class)
                    .hasMessageContaining("jdbc." + bad.substring(0, bad.indexOf('=')));
        }
        assertThat(settings("contextdb:postgresql://localhost/app?jdbc.targetServerType=primary")
                        .jdbc())
                .containsEntry("targetServerType", "primary");
    }

    @Test
    void anOrdinaryUserWhoMayMakeASchemaNeedsNoMore() throws SQLException {
        TestServer server = TestServer.get();
        assumeTrue(server.url("x").contains("user=postgres"), "the users of another server are not ours to make");
        String schema = TestServer.schema("ordinary");
        // pgvector is there, as an administrator made it; the role goes with its server.
        TestServer.open(server.url(TestServer.schema("extension"))).close();
        ServerPair.execute(server, "CREATE ROLE " + schema + " LOGIN");
        ServerPair.execute(server, "GRANT CREATE ON DATABASE postgres TO " + schema);

        String url = server.url(schema).replace("user=postgres", "user=" + schema);
        try (PostgresBackend backend = (PostgresBackend) TestServer.open(url)) {
            backend.upkeep().run();
            Horizon horizon = new Horizon();
            backend.store().connections().read(Deadline.after(Duration.ofSeconds(30)), connection -> {
                horizon.look(connection, backend.store().names());
                return true;
            });
            assertThat(backend.health(Deadline.after(Duration.ofSeconds(30))).status())
                    .isEqualTo(Health.Status.UP);
        } finally {
            ServerPair.execute(server, "DROP OWNED BY " + schema + " CASCADE");
            ServerPair.execute(server, "DROP ROLE " + schema);
        }
    }

    @Test
    void whatCannotBeOpenedSaysWhy() {
        String server = TestServer.get().url(TestServer.schema("unopened"));
        for (String bad : List.of(
                "contextdb:postgresql:",
                "contextdb:postgresql://localhost",
                "contextdb:postgresql:/database",
                server.replaceFirst("schema=[^&]+", "schema=Robert%27%29%3B--"),
                server.replace("/postgres?", "/no_such_database?"))) {
            assertThatThrownBy(() -> ContextDataSource.open(bad)).as(bad).isInstanceOf(InvalidRequestException.class);
        }
    }
}
