package io.contextdb.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** What counts as worse than before. */
class RegressionTest {
    private static final Spread SAME = new Spread(100, 90, 110);

    private static ComparisonResult result(Spread cpuRatio, Spread bytes) {
        SideResult ours = new SideResult("ours", SAME, SAME, bytes);
        SideResult theirs = new SideResult("theirs", SAME, SAME, SAME);
        return new ComparisonResult("a/b", "b", Clock.CPU, 1, Double.NaN, "", SAME, cpuRatio, ours, theirs);
    }

    private static boolean worse(Spread before, Spread now) {
        return !Regression.worse(List.of(result(before, SAME)), List.of(result(now, SAME)))
                .isEmpty();
    }

    @Test
    void aRatioBelowFourFifthsAndBeyondBothBandsIsWorse() {
        assertThat(worse(new Spread(1.0, 0.9, 1.1), new Spread(0.7, 0.6, 0.8))).isTrue();
    }

    @Test
    void aRatioThatFellByLessIsNot() {
        assertThat(worse(new Spread(1.0, 0.99, 1.01), new Spread(0.85, 0.84, 0.86)))
                .isFalse();
    }

    @Test
    void aRatioWithinTheBandOfWhatWasCommittedIsNot() {
        assertThat(worse(new Spread(1.0, 0.5, 1.1), new Spread(0.7, 0.6, 0.8))).isFalse();
    }

    @Test
    void aRatioWhoseOwnBandReachesWhatWasCommittedIsNot() {
        assertThat(worse(new Spread(1.0, 0.9, 1.1), new Spread(0.7, 0.6, 1.05))).isFalse();
    }

    @Test
    void moreAllocationIsWorseAndLessIsNot() {
        ComparisonResult committed = result(SAME, new Spread(1_000, 990, 1_010));
        assertThat(Regression.worse(List.of(committed), List.of(result(SAME, new Spread(1_300, 1_290, 1_310)))))
                .hasEntrySatisfying("a/b", why -> assertThat(why).contains("bytes allocated"));
        assertThat(Regression.worse(List.of(committed), List.of(result(SAME, new Spread(700, 690, 710)))))
                .isEmpty();
    }

    @Test
    void aComparisonThatWasNotCommittedIsNotJudged() {
        assertThat(Regression.worse(List.of(), List.of(result(SAME, SAME)))).isEmpty();
    }
}
