package io.contextdb.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.contextdb.memory.Recollection.ScoreParts;
import io.contextdb.spi.error.InvalidRequestException;
import io.contextdb.spi.graph.Node;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Random;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class ScoringTest {
    private static final Offset<Double> EXACT = Offset.offset(1e-9);
    private static final Instant AT = Instant.parse("2026-01-02T00:00:00Z");
    private static final Scoring GENERAL =
            new Scoring(MemoryMode.GENERAL.weights().normalised(), MemoryMode.GENERAL.decayPerHour(), AT);

    @Test
    void partsAreTheWeightedTermsOfTheFormula() {
        Node node = Nodes.memory(1, 0.5, null, AT.minus(Duration.ofHours(10)));

        ScoreParts parts = GENERAL.score(node, 0.8);

        assertThat(parts.similarity()).isCloseTo(0.40 * 0.8, EXACT);
        assertThat(parts.confidence()).isCloseTo(0.30 * 0.5, EXACT);
        assertThat(parts.recency()).isCloseTo(0.20 * Math.exp(-0.05 * 10), EXACT);
        assertThat(parts.utility()).as("unrated is neutral, not perfect").isCloseTo(0.10 * 0.5, EXACT);
    }

    @ParameterizedTest
    @EnumSource(MemoryType.class)
    void theTypeOverridesTheModesDecay(MemoryType type) {
        Node node = Nodes.memory(1, 0.5, type, AT.minus(Duration.ofHours(1)));

        assertThat(GENERAL.score(node, 0).recency()).isCloseTo(0.20 * Math.exp(-type.decayPerHour()), EXACT);
    }

    @Test
    void whatIsNotYetValidIsNotNewerThanNew() {
        assertThat(GENERAL.score(Nodes.memory(1, 0, null, AT.plusSeconds(60)), 0)
                        .recency())
                .isCloseTo(0.20, EXACT);
    }

    @ParameterizedTest
    @ValueSource(strings = {"0001-01-01T00:00:00Z", "9999-12-31T23:59:59.999999Z"})
    void theEndsOfTimeHaveAScore(String validFrom) {
        assertThat(GENERAL.score(Nodes.memory(1, 1, null, Instant.parse(validFrom)), 1)
                        .sum())
                .isBetween(0.0, 1.0);
    }

    @Test
    void partsSumToTheScoreWhateverTheWeights() {
        Random random = new Random(7);
        for (int i = 0; i < 1_000; i++) {
            ScoreWeights weights = new ScoreWeights(
                    random.nextDouble() * 1e6, random.nextDouble(), random.nextDouble(), random.nextDouble());
            ScoreWeights normal = weights.normalised();
            assertThat(normal.similarity() + normal.confidence() + normal.recency() + normal.utility())
                    .isCloseTo(1, EXACT);
            Node node = Nodes.memory(i, random.nextDouble(), null, AT.minusSeconds(random.nextInt(1_000_000)));
            ScoreParts parts = new Scoring(normal, 0.05, AT).score(node, random.nextDouble());

            Recollection found = new Recollection(node, parts, 0, Map.of());

            assertThat(found.score())
                    .isCloseTo(parts.similarity() + parts.confidence() + parts.recency() + parts.utility(), EXACT);
            assertThat(found.score()).isBetween(0.0, 1 + 1e-9);
        }
    }

    @Test
    void weightsThatMeanNothingAreRefused() {
        assertThatThrownBy(() -> new ScoreWeights(0, 0, 0, 0)).isInstanceOf(InvalidRequestException.class);
        assertThatThrownBy(() -> new ScoreWeights(-1, 1, 1, 1)).isInstanceOf(InvalidRequestException.class);
        assertThatThrownBy(() -> new ScoreWeights(Double.NaN, 1, 1, 1)).isInstanceOf(InvalidRequestException.class);
    }
}
