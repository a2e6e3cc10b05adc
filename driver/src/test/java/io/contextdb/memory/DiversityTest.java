package io.contextdb.memory;

import static org.assertj.core.api.Assertions.assertThat;

import io.contextdb.memory.Recollection.ScoreParts;
import io.contextdb.spi.vector.Vector;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class DiversityTest {
    private static final Recollection FIRST = found(1, 0.9);
    private static final Recollection LIKE_FIRST = found(2, 0.8);
    private static final Recollection DIFFERENT = found(3, 0.5);
    private static final List<Recollection> POOL = List.of(FIRST, LIKE_FIRST, DIFFERENT);
    private static final Map<UUID, Vector> VECTORS =
            Map.of(new UUID(0, 1), Vector.of(1, 0), new UUID(0, 2), Vector.of(1, 0), new UUID(0, 3), Vector.of(0, 1));

    private static Recollection found(long id, double score) {
        return new Recollection(Nodes.memory(id, 1, null, Instant.EPOCH), new ScoreParts(score, 0, 0, 0), 0, Map.of());
    }

    @Test
    void bringsInWhatTheScoresWouldCutOff() {
        assertThat(Diversity.pick(POOL, VECTORS, 0.5, 2)).containsExactly(FIRST, DIFFERENT);
    }

    @Test
    void withoutWeightItIsTheOrderOfScores() {
        assertThat(Diversity.pick(POOL, VECTORS, 0, 3)).containsExactlyElementsOf(POOL);
    }

    @Test
    void withoutVectorsItIsTheOrderOfScores() {
        assertThat(Diversity.pick(POOL, Map.of(), 0.5, 3)).containsExactlyElementsOf(POOL);
    }

    @Test
    void equalOnesComeInTheOrderOfThePool() {
        List<Recollection> equal = List.of(found(1, 0.5), found(2, 0.5), found(3, 0.5));

        assertThat(Diversity.pick(equal, Map.of(), 1, 2)).containsExactlyElementsOf(equal.subList(0, 2));
    }

    @Test
    void aPoolSmallerThanKIsTakenWhole() {
        assertThat(Diversity.pick(POOL, VECTORS, 1, 9)).containsExactlyInAnyOrderElementsOf(POOL);
    }
}
