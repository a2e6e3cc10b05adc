package io.contextdb.backend.postgresql;

import static org.assertj.core.api.Assertions.assertThat;

import io.contextdb.spi.Backend;
import io.contextdb.spi.Health;
import io.contextdb.spi.value.Deadline;
import java.sql.SQLException;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Settings of the server that weaken what the store promises are told of. */
class ServerHealthTest {
    /** Apart from the server of the other tests, as its settings are changed. */
    private final TestServer server = TestServer.start("health");

    private final String schema = TestServer.schema("health");

    private static Health health(Backend backend) {
        return backend.health(Deadline.after(Duration.ofSeconds(30)));
    }

    /** Waits until it is degraded: a session takes a changed setting a moment after the server. */
    private static Health degraded(Backend backend) {
        long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        Health health = health(backend);
        while (health.status() != Health.Status.DEGRADED) {
            assertThat(System.nanoTime()).as("not degraded: %s", health).isLessThan(end);
            ServerPair.pause();
            health = health(backend);
        }
        return health;
    }

    @ParameterizedTest
    @CsvSource({
        "fsync, off, server.fsync",
        "full_page_writes, off, server.fullPageWrites",
        "synchronous_commit, off, server.commitsWait",
        "zero_damaged_pages, on, server.zeroDamagedPages",
        "ignore_checksum_failure, on, server.ignoreChecksumFailure",
        "autovacuum, off, server.autovacuum"
    })
    void aSettingThatWeakensAPromiseDegrades(String setting, String value, String detail) throws SQLException {
        try (Backend backend = TestServer.open(server.url(schema))) {
            Health before = health(backend);
            assertThat(before.status()).as(before.toString()).isEqualTo(Health.Status.UP);

            set(setting + " = " + value, setting, value);
            try {
                Health weak = degraded(backend);
                assertThat(weak.details().get(detail))
                        .isNotEqualTo(before.details().get(detail));
            } finally {
                set(setting + " TO DEFAULT", setting, value.equals("on") ? "off" : "on");
            }
        }
    }

    /** Changes a setting, and waits until sessions have it: those that are there take it with their next statement. */
    private void set(String assignment, String setting, String value) throws SQLException {
        ServerPair.execute(server, "ALTER SYSTEM SET " + assignment);
        ServerPair.execute(server, "SELECT pg_reload_conf()");
        while (!ServerPair.ask(server, "SELECT current_setting('" + setting + "') = '" + value + "'")) {
            ServerPair.pause();
        }
    }

    @Test
    void aTableThatACrashEmptiesDegrades() throws SQLException {
        try (Backend backend = TestServer.open(server.url(schema))) {
            ServerPair.execute(server, "ALTER TABLE " + schema + ".permit SET UNLOGGED");

            Health weak = health(backend);

            assertThat(weak.status()).isEqualTo(Health.Status.DEGRADED);
            assertThat(weak.details().get("server.unloggedTables")).isNotEqualTo("0");
        }
    }

    @Test
    void commitsThatDoNotWaitForASynchronousStandbyDegrade() throws SQLException {
        String local = "&jdbc.options=-c%20synchronous_commit=local";
        try (Backend backend = TestServer.open(server.url(schema) + local)) {
            assertThat(health(backend).status()).isEqualTo(Health.Status.UP);
            set("synchronous_standby_names = 'one'", "synchronous_standby_names", "one");
            try {
                degraded(backend);
            } finally {
                set("synchronous_standby_names TO DEFAULT", "synchronous_standby_names", "");
            }
        }
    }

    @Test
    void connectionsOfAnotherIsolationAreSetRight() {
        try (PostgresBackend backend = (PostgresBackend) TestServer.open(
                server.url(schema) + "&jdbc.options=-c%20default_transaction_isolation=repeatable%5C%20read")) {
            String isolation = backend.store()
                    .connections()
                    .read(Deadline.after(Duration.ofSeconds(20)), connection -> {
                        try (var statement = connection.createStatement();
                                var row = statement.executeQuery("SHOW transaction_isolation")) {
                            row.next();
                            return row.getString(1);
                        }
                    });
            assertThat(isolation).isEqualTo("read committed");
        }
    }
}
