package io.contextdb.backend.postgresql;

import static org.assertj.core.api.Assertions.assertThat;

import io.contextdb.ContextConnection;
import io.contextdb.ContextDriverManager;
import io.contextdb.Keys;
import io.contextdb.spi.value.Bytes;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** All reads of a key agree about "now", which is not before any commit, even where the server's clock went back (contract K2). */
class KeyExpiryTest {
    private static final String SCHEMA = TestServer.schema("key_expiry");
    private static final Bytes VALUE = Bytes.utf8("v");

    private static boolean isThere(Keys keys) {
        List<Boolean> seen = List.of(
                keys.get("expires").isPresent(),
                keys.get(List.of("expires", "stays")).size() == 2,
                keys.scan("e").findAny().isPresent());
        assertThat(seen).as("by its name, among others, by its prefix").containsOnly(seen.get(0));
        return seen.get(0);
    }

    private static void commitAhead(Duration time) throws Exception {
        ServerPair.execute(
                TestServer.get(),
                "UPDATE " + SCHEMA + ".namespace SET last_time = " + SCHEMA + ".clock() + " + time.toNanos() / 1_000);
    }

    @Test
    void whatACommitFindsExpiredIsAbsentForReadsThatSeeTheCommit() throws Exception {
        try (ContextConnection connection =
                ContextDriverManager.getConnection(TestServer.get().url(SCHEMA))) {
            Keys keys = connection.namespace("n").keys();
            keys.put("stays", VALUE);
            keys.put("expires", VALUE, Duration.ofHours(2));
            assertThat(isThere(keys)).isTrue();

            commitAhead(Duration.ofHours(1));
            assertThat(isThere(keys)).isTrue();

            commitAhead(Duration.ofHours(3));
            assertThat(isThere(keys)).isFalse();
            assertThat(keys.putIfAbsent("expires", VALUE)).isTrue();
            assertThat(isThere(keys)).isTrue();
        }
    }
}
