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
import java.util.List;
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
