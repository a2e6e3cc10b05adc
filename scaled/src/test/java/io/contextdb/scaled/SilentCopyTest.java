package io.contextdb.scaled;

import static org.assertj.core.api.Assertions.assertThat;

import io.contextdb.ContextConnection;
import io.contextdb.ContextDriverManager;
import io.contextdb.backend.memory.MemoryBackendProvider;
import io.contextdb.spi.error.ContextThrottledException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** The copy is connected to and does not answer, while points are written. */
class SilentCopyTest {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final long BACKLOG = 1_000;

    @Test
    void itIsCountedHowFarItIsBehind() {
        String name = "silent-" + Long.toString(System.nanoTime(), 36);
        try (TroubledStore trouble = TroubledStore.over(new MemoryBackendProvider());
                ContextConnection connection = ContextDriverManager.getConnection("contextdb:scaled:?graph=memory:"
                                + name + "-graph&vectors=troubled:" + name + "-copy&overload=reject&backlog=" + BACKLOG)
                        .withTimeout(LIMIT)) {
            Points.in(connection).createSpace(Points.SPACE);
            Lag.awaitNone(connection, LIMIT);
            trouble.silence();
            for (long number = 0; number <= BACKLOG; number++) {
                Points.in(connection).put(Points.SPACE.name(), Points.point(number));
            }
            Eventually.become("points are refused", LIMIT, () -> isRefused(connection));
            trouble.recover();
            Eventually.become("points are taken again", LIMIT, () -> !isRefused(connection));
        }
    }

    private static boolean isRefused(ContextConnection connection) {
        try {
            Points.in(connection).put(Points.SPACE.name(), Points.point(BACKLOG + 1));
            return false;
        } catch (ContextThrottledException refused) {
            assertThat(refused).hasMessageContaining("backlog");
            return true;
        }
    }
}
