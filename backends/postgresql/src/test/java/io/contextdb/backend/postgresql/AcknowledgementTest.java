package io.contextdb.backend.postgresql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.contextdb.spi.Backend;
import io.contextdb.spi.Health;
import io.contextdb.spi.error.ContextTransientException;
import io.contextdb.spi.error.ContextUnavailableException;
import io.contextdb.spi.error.Outcome;
import io.contextdb.spi.value.Bytes;
import io.contextdb.spi.value.Deadline;
import io.contextdb.spi.value.NamespaceName;
import io.contextdb.spi.write.KeyMutation.PutKey;
import io.contextdb.spi.write.WriteBatch;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Writes that return only once a synchronous standby shows them ({@code ack=replicated}). */
@Tag("slow")
class AcknowledgementTest {
    private static final String SCHEMA = "acknowledged";
    private static final Duration LIMIT = Duration.ofSeconds(30);

    private ServerPair servers;

    @BeforeEach
    void start() {
        servers = ServerPair.start("acknowledged");
    }

    @AfterEach
    void stop() {
        servers.close();
    }

    private Backend open() {
        return TestServer.open(servers.url(SCHEMA) + "&ack=replicated");
    }

    private static WriteBatch put(String key) {
        return WriteBatch.of(NamespaceName.of("n"), List.of(PutKey.of(key, Bytes.utf8("v"))));
    }

    private boolean standbyShows(String key) throws Exception {
        return ServerPair.ask(
                servers.standby(), "SELECT count(*) = 1 FROM " + SCHEMA + ".entry WHERE key = '" + key + "'");
    }

    @Test
    void aServerWithoutASynchronousStandbyIsRefused() {
        assertThatThrownBy(this::open)
                .isInstanceOf(ContextUnavailableException.class)
                .hasMessageContaining("ack=replicated")
                .hasMessageContaining("synchronous_standby_names = ''");
    }

    @Test
    void aWriteReturnsOnceTheStandbyShowsIt() throws Exception {
        servers.setSynchronous(true);
        try (Backend backend = open()) {
            for (int i = 0; i < 20; i++) {
                backend.apply(put("k" + i), Deadline.after(LIMIT));
                assertThat(standbyShows("k" + i)).isTrue();
            }

            // What it has received it has on disk too, but does not show: that is not enough.
            ServerPair.execute(servers.standby(), "SELECT pg_wal_replay_pause()");
            WriteBatch late = put("late");
            assertThatThrownBy(() -> backend.apply(late, Deadline.after(Duration.ofSeconds(2))))
                    .isInstanceOfSatisfying(
                            ContextTransientException.class,
                            failed -> assertThat(failed.outcome()).isEqualTo(Outcome.UNKNOWN));
            ServerPair.execute(servers.standby(), "SELECT pg_wal_replay_resume()");
            backend.apply(late, Deadline.after(LIMIT));
            assertThat(standbyShows("late")).isTrue();
        }
    }

    /** As after a fail-over to a server that nobody set up so. */
    @Test
    void aServerThatHasNoStandbyAnyMoreIsNotWrittenTo() throws Exception {
        servers.setSynchronous(true);
        try (Backend backend = open()) {
            backend.apply(put("before"), Deadline.after(LIMIT));
            assertThat(backend.health(Deadline.after(LIMIT)).status()).isEqualTo(Health.Status.UP);
            servers.setSynchronous(false);
            assertThat(backend.health(Deadline.after(LIMIT)).status()).isNotEqualTo(Health.Status.UP);
            ServerPair.execute(
                    servers.primary(),
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'contextdb'");

            servers.await("SELECT count(*) = 0 FROM pg_stat_activity WHERE application_name = 'contextdb'");
            awaitRefused(backend);
            servers.setSynchronous(true);
            awaitWritten(backend);
        }
    }

    /** A connection that was lost may be the reason at first. */
    private static void awaitRefused(Backend backend) {
        long end = System.nanoTime() + LIMIT.toNanos();
        String why = "";
        while (!why.contains("ack=replicated")) {
            assertThat(System.nanoTime()).as("refused in time, not for: " + why).isLessThan(end);
            Throwable refused = catchThrowable(() -> backend.apply(put("after"), Deadline.after(LIMIT)));
            assertThat(refused).as("nothing is written").isInstanceOf(ContextUnavailableException.class);
            why = refused.getMessage();
        }
    }

    private static void awaitWritten(Backend backend) {
        long end = System.nanoTime() + LIMIT.toNanos();
        WriteBatch again = put("again");
        while (true) {
            try {
                backend.apply(again, Deadline.after(LIMIT));
                return;
            } catch (ContextTransientException notYet) {
                assertThat(System.nanoTime()).as("written again in time").isLessThan(end);
                ServerPair.pause();
            }
        }
    }
}
