package io.contextdb.backend.postgresql;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What a standby must have replayed for a read to see a commit. */
class HorizonTest {
    private static final long LATER = Duration.ofSeconds(10).toNanos();

    private final Horizon horizon = new Horizon();
    private final long now = System.nanoTime();

    @Test
    void aNumberIsCoveredAtOnceIfNothingIsInProgress() {
        horizon.learn(7, 100, 100, 5_000, now);

        assertThat(horizon.of(7)).hasValue(5_000);
        assertThat(horizon.of(3)).hasValue(5_000);
        assertThat(horizon.of(8)).isEmpty();
    }

    @Test
    void aNumberIsNotCoveredWhileASmallerOneMayStillBeCommitted() {
        horizon.learn(7, 101, 99, 5_000, now);
        assertThat(horizon.of(7)).isEmpty();

        horizon.learn(8, 102, 100, 6_000, now);
        assertThat(horizon.of(7)).as("a transaction of then goes on").isEmpty();

        horizon.learn(9, 103, 101, 7_000, now);
        assertThat(horizon.of(7)).hasValue(7_000);
        assertThat(horizon.of(8)).as("it was taken after the look").isEmpty();

        horizon.learn(9, 104, 103, 8_000, now);
        assertThat(horizon.of(9)).hasValue(8_000);
    }

    @Test
    void olderCommitsAskForLess() {
        horizon.learn(7, 100, 100, 5_000, now);
        horizon.learn(9, 103, 103, 7_000, now);

        assertThat(horizon.of(7)).hasValue(5_000);
        assertThat(horizon.of(8)).hasValue(7_000);
    }

    @Test
    void whatWasCommittedLongAgoIsAskedForAlways() {
        horizon.learn(7, 100, 100, 5_000, now + LATER);
        assertThat(horizon.of(0)).hasValue(0);

        horizon.learn(9, 103, 103, 7_000, now + 2 * LATER);
        assertThat(horizon.of(0)).hasValue(5_000);

        horizon.clear();
        assertThat(horizon.of(0)).hasValue(5_000);
        assertThat(horizon.of(7)).isEmpty();
    }
}
