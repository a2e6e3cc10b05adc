package io.contextdb.scaled;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.contextdb.ContextConnection;
import io.contextdb.ContextDriverManager;
import io.contextdb.backend.memory.MemoryBackendProvider;
import io.contextdb.spi.error.ContextTransientException;
import io.contextdb.spi.error.Outcome;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Writes that return only once the copy has them ({@code ack=applied}). */
@Tag("slow")
class AcknowledgementTest {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final int WRITES = 20;

    @Test
    void aWriteReturnsOnceTheCopyHasIt() {
        try (OwnServer qdrant = OwnServer.qdrant();
                ContextConnection connection = ContextDriverManager.getConnection(Servers.url(
                                        "applied",
                                        Servers.postgresql().url(),
                                        Servers.redis().url(),
                                        qdrant.url())
                                + "&ack=applied")
                        .withTimeout(LIMIT)) {
            Points.in(connection).createSpace(Points.SPACE);
            for (long number = 1; number <= WRITES; number++) {
                Points.in(connection).put(Points.SPACE.name(), Points.point(number));
                assertThat(Lag.ofVectors(connection)).as("batches behind").hasValue(0);
            }

            qdrant.kill();
            long late = WRITES + 1;
            assertThatThrownBy(() -> Points.in(connection.withTimeout(Duration.ofSeconds(2)))
                            .put(Points.SPACE.name(), Points.point(late)))
                    .isInstanceOfSatisfying(
                            ContextTransientException.class,
                            failed -> assertThat(failed.outcome()).isEqualTo(Outcome.UNKNOWN));
            assertThat(Points.isFound(connection, late))
                    .as("it is committed, and searches answer without the copy")
                    .isTrue();

            qdrant.start();
            Points.in(connection).put(Points.SPACE.name(), Points.point(late + 1));
            assertThat(Lag.ofVectors(connection)).as("batches behind").hasValue(0);
        }
    }

    @Test
    void aSourceThatIsLostAfterItsCommitLeavesTheOutcomeOpen() {
        String name = "applied-" + Long.toString(System.nanoTime(), 36);
        try (TroubledStore trouble = TroubledStore.over(new MemoryBackendProvider());
                ContextConnection connection = ContextDriverManager.getConnection("contextdb:scaled:?graph=troubled:"
                                + name + "-graph&vectors=memory:" + name + "-copy&ack=applied")
                        .withTimeout(Duration.ofSeconds(2))) {
            Points.in(connection).createSpace(Points.SPACE);
            trouble.failWhere((call, arguments) -> call.equals("entry"));

            assertThatThrownBy(() -> Points.in(connection).put(Points.SPACE.name(), Points.point(1)))
                    .isInstanceOfSatisfying(
                            ContextTransientException.class,
                            failed -> assertThat(failed.outcome()).isEqualTo(Outcome.UNKNOWN));
            trouble.recover();
            assertThat(Points.isFound(connection, 1)).isTrue();
        }
    }
}
