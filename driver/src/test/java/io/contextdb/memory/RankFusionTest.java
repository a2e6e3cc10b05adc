package io.contextdb.memory;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class RankFusionTest {
    private static final UUID A = new UUID(0, 1);
    private static final UUID B = new UUID(0, 2);
    private static final UUID C = new UUID(0, 3);
    private static final UUID HIGH = new UUID(-1, 0);

    @Test
    void whatTwoLegsFindBeatsTheBestOfOne() {
        RankFusion fusion = new RankFusion();
        fusion.add(Leg.VECTOR, List.of(A, B));
        fusion.add(Leg.TEXT, List.of(C, B));

        assertThat(fusion.inOrder()).containsExactly(B, A, C);
        assertThat(fusion.ranks(B)).isEqualTo(Map.of(Leg.VECTOR, 2, Leg.TEXT, 2));
        assertThat(fusion.ranks(HIGH)).isEmpty();
    }

    @Test
    void tiesBreakByIdAsUnsignedWhateverTheOrderOfLegs() {
        for (boolean swapped : new boolean[] {false, true}) {
            RankFusion fusion = new RankFusion();
            fusion.add(swapped ? Leg.TEXT : Leg.VECTOR, List.of(HIGH));
            fusion.add(swapped ? Leg.VECTOR : Leg.TEXT, List.of(A));

            assertThat(fusion.inOrder()).containsExactly(A, HIGH);
        }
    }

    @Test
    void theBestRankInALegCounts() {
        RankFusion fusion = new RankFusion();
        fusion.add(Leg.WALK, List.of(A, B, A));

        assertThat(fusion.ranks(A)).isEqualTo(Map.of(Leg.WALK, 1));
    }
}
