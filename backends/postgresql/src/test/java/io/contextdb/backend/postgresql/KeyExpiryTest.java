package io.contextdb.backend.postgresql;

import static org.assertj.core.api.Assertions.assertThat;

import io.contextdb.ContextConnection;
import io.contextdb.ContextDriverManager;
import io.contextdb.Keys;
import io.contextdb.spi.value.Bytes;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** All reads of a key agree about "now", which is not before any commit, even where the server's clock went back (contract K2). */
class KeyExpiryTest {
    private static final Bytes VALUE = Bytes.utf8("v");

    private static boolean isThere(Keys keys) {
        List<Boolean> seen = List.of(
                keys.get("expires").isPresent(),
                keys.get(List.of("expires", "stays")).size() == 2,
                keys.scan("e").findAny().isPresent());
        assertThat(seen).as("by its name, among others, by its prefix").containsOnly(seen.get(0));
        return seen.get(0);
    }

    private static void commitAhead(String schema, Duration time) throws SQLException {
        ServerPair.execute(
                TestServer.get(),
                "UPDATE " + schema + ".namespace SET last_time = " + schema + ".clock() + " + time.toNanos() / 1_000);
    }

    private static void checkExpiry(String url, String schema) throws SQLException {
        try (ContextConnection connection = ContextDriverManager.getConnection(url)) {
            Keys keys = connection.namespace("n").keys();
            keys.put("stays", VALUE);
            keys.put("expires", VALUE, Duration.ofHours(2));
            assertThat(isThere(keys)).isTrue();

            commitAhead(schema, Duration.ofHours(1));
            assertThat(isThere(keys)).isTrue();

            commitAhead(schema, Duration.ofHours(3));
            assertThat(isThere(keys)).isFalse();
            assertThat(keys.putIfAbsent("expires", VALUE)).isTrue();
            assertThat(isThere(keys)).isTrue();
        }
    }

    @Test
    void whatACommitFindsExpiredIsAbsentForReadsThatSeeTheCommit() throws SQLException {
        String schema = TestServer.schema("key_expiry");
        checkExpiry(TestServer.get().url(schema), schema);
    }

    @Test
    void itIsWithRowSecurityToo() throws SQLException {
        try (OrdinaryUser user = OrdinaryUser.of(TestServer.get(), "key_expiry_rls")) {
            checkExpiry(user.url() + "&rls=on", user.schema());
        }
    }
}
