package io.contextdb.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;

/** What is made of rounds. */
class ComparisonResultTest {
    private static final Side SIDE = Side.of("side", () -> 1);

    /** 100 operations that took so many milliseconds, and so many of CPU time. */
    private static Round round(long millis, long cpuMillis) {
        return new Round(100, millis * 1_000_000, cpuMillis * 1_000_000, 12_800);
    }

    private static ComparisonResult result(Clock clock, List<Round> ours, List<Round> theirs) {
        return ComparisonResult.of(Comparison.of("s/c", "what", SIDE, SIDE).by(clock), ours, theirs);
    }

    @Test
    void theRatioIsOfNeighbouringRoundsAndNotOfMedians() {
        // The machine was three times slower in the second pair of rounds, and both sides with it.
        ComparisonResult result = result(
                Clock.WALL,
                List.of(round(10, 10), round(30, 10), round(10, 10)),
                List.of(round(20, 10), round(60, 10), round(20, 10)));
        assertThat(result.ratio()).isEqualTo(new Spread(2, 2, 2));
    }

    @Test
    void aRatioByCpuTimeDoesNotKnowWhatPassed() {
        ComparisonResult result = result(Clock.CPU, List.of(round(500, 10)), List.of(round(10, 40)));
        assertThat(result.ratio().median()).isEqualTo(4);
        assertThat(result.cpuRatio()).isEqualTo(result.ratio());
    }

    @Test
    void figuresAreOfOneOperation() {
        SideResult ours =
                result(Clock.WALL, List.of(round(50, 20)), List.of(round(1, 1))).ours();
        assertThat(ours.rate().median()).isCloseTo(2_000, within(1e-6));
        assertThat(ours.cpuMicros().median()).isCloseTo(200, within(1e-6));
        assertThat(ours.bytes().median()).isEqualTo(128);
    }

    @Test
    void theMedianOfAnEvenNumberLiesBetween() {
        assertThat(Spread.of(4, 1, 2, 10)).isEqualTo(new Spread(3, 1, 10));
    }
}
