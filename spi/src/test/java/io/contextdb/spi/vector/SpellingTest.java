package io.contextdb.spi.vector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

/** How much words count that are spelled like those of a query (contract V9). */
class SpellingTest {
    @Test
    void aWordCountsByHowOftenAndHowExactlyItIsAskedFor() {
        SequencedMap<String, Integer> times = new LinkedHashMap<>();
        times.put("recall", 2);
        times.put("recalls", 1);
        List<String> texts = List.of("recall", "recalls", "rekall", "other");

        Map<String, Double> weights = Spelling.weights(times, Map.of("recall", texts, "recalls", texts));

        assertThat(weights).containsOnlyKeys("recall", "recalls", "rekall");
        assertThat(weights.get("recall")).isCloseTo(2 + 5.0 / 6, Offset.offset(1e-9));
        assertThat(weights.get("recalls")).isCloseTo(2 * 5.0 / 6 + 1, Offset.offset(1e-9));
        assertThat(weights.get("rekall")).isCloseTo(2 * 5.0 / 6 + 4.0 / 6, Offset.offset(1e-9));
    }

    @Test
    void aQueryThatIsNotFuzzyCountsAsItIs() {
        SequencedMap<String, Integer> times = new LinkedHashMap<>(Map.of("recall", 2));

        assertThat(Spelling.weights(times, Map.of())).containsExactly(entry("recall", 2.0));
    }

    @Test
    void othersAreSoughtForTheFirstThirtyTwoWordsThatAreLongEnough() {
        SequencedMap<String, Integer> times = new LinkedHashMap<>();
        Map<String, List<String>> near = new HashMap<>();
        List<String> words = new ArrayList<>(List.of("at"));
        for (int i = 10; i < 42; i++) {
            words.add("word" + i);
        }
        for (String word : words) {
            times.put(word, 1);
            near.put(word, List.of(word + "s"));
        }

        assertThat(Spelling.sought(times)).isEqualTo(words.subList(1, 32));
        assertThat(Spelling.weights(times, near))
                .hasSize(33)
                .containsKeys("at", "word10s", "word40s")
                .containsEntry("word41", 1.0);
    }
}
