package io.contextdb.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/** When the rounds of a side begin to count. */
class WarmUpTest {
    private static final long SECOND = 1_000_000_000;

    private final WarmUp warmUp = new WarmUp(Duration.ofSeconds(2), Duration.ofSeconds(20), 10_000);

    @Test
    void aSideRunsUntilItWasCalledOftenAndNothingIsCompiled() {
        assertThat(warmUp.isOver(SECOND, 50_000, false)).isFalse();
        assertThat(warmUp.isOver(3 * SECOND, 9_000, false)).isFalse();
        assertThat(warmUp.isOver(3 * SECOND, 10_000, true)).isFalse();
        assertThat(warmUp.isOver(3 * SECOND, 10_000, false)).isTrue();
    }

    @Test
    void aSideThatCannotBeCalledSoOftenInTimeIsNotWaitedFor() {
        assertThat(warmUp.isOver(3 * SECOND, 30, false)).isTrue();
        assertThat(warmUp.isOver(3 * SECOND, 30, true)).isFalse();
        assertThat(warmUp.isOver(21 * SECOND, 9_000, true)).isTrue();
    }
}
