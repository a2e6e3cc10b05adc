package io.contextdb.cli.filter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.contextdb.spi.error.InvalidRequestException;
import io.contextdb.spi.filter.Field;
import io.contextdb.spi.filter.Filter;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class FilterTextTest {
    private static final List<String> WORDS = List.of(
            "and",
            "or",
            "not",
            "(",
            ")",
            "exists",
            "in",
            "=",
            "!=",
            "<",
            ">=",
            "contains",
            "startsWith",
            "label",
            "a.b",
            "source",
            "validTo",
            "1",
            "-2.5",
            "1e999",
            "true",
            "null",
            "\"x\"",
            "'",
            "\\",
            ",",
            "2026-01-01T00:00:00Z",
            "é");

    @Test
    void andBindsCloserThanOr() {
        assertThat(FilterText.parse("a = 1 or b = 2 and not c = 3"))
                .isEqualTo(Filter.or(
                        Filter.eq(Field.property("a"), 1L),
                        Filter.and(
                                Filter.eq(Field.property("b"), 2L), Filter.not(Filter.eq(Field.property("c"), 3L)))));
    }

    @Test
    void parenthesesAndPathsAndAllComparisons() {
        assertThat(FilterText.parse("(record.stars >= 4.5 or exists(record.draft)) and source startsWith \"file:\""))
                .isEqualTo(Filter.and(
                        Filter.or(
                                Filter.ge(Field.property("record", "stars"), 4.5),
                                Filter.exists(Field.property("record", "draft"))),
                        Filter.startsWith(Field.source(), "file:")));
        assertThat(FilterText.parse("name in ('a', \"b\", null)"))
                .isEqualTo(Filter.in(Field.property("name"), java.util.Arrays.asList("a", "b", null)));
        assertThat(FilterText.parse("validFrom < 2026-01-31T00:00:00Z"))
                .isEqualTo(Filter.lt(Field.validFrom(), Instant.parse("2026-01-31T00:00:00Z")));
    }

    @Test
    void aLabelIsOneOfSeveral() {
        assertThat(FilterText.parse("label = 'chunk'")).isEqualTo(Filter.label("chunk"));
        assertThat(FilterText.parse("label != 'chunk'")).isEqualTo(Filter.not(Filter.label("chunk")));
    }

    @Test
    void quotesCanBeEscaped() {
        assertThat(FilterText.parse("a = \"say \\\"hi\\\"\"")).isEqualTo(Filter.eq(Field.property("a"), "say \"hi\""));
    }

    @Test
    void anErrorSaysWhatAndWhere() {
        assertThatThrownBy(() -> FilterText.parse("a = 1 b"))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("column 7")
                .hasMessageContaining("'b'");
        assertThatThrownBy(() -> FilterText.parse("a = bare")).hasMessageContaining("in quotes");
        assertThatThrownBy(() -> FilterText.parse("a ~ 1")).hasMessageContaining("comparison");
        assertThatThrownBy(() -> FilterText.parse("a = 'open")).hasMessageContaining("not closed");
        assertThatThrownBy(() -> FilterText.parse("(".repeat(10_000))).hasMessageContaining("deep");
        assertThatThrownBy(() -> FilterText.parse("not ".repeat(10_000) + "a = 1"))
                .hasMessageContaining("deep");
    }

    @Test
    void noInputBreaksTheParser() {
        long seed = Long.getLong("contextdb.seed", 42);
        int rounds = Integer.getInteger("contextdb.fuzz", 100_000);
        Random random = new Random(seed);
        for (int i = 0; i < rounds; i++) {
            StringBuilder text = new StringBuilder();
            for (int words = random.nextInt(12); words >= 0; words--) {
                text.append(WORDS.get(random.nextInt(WORDS.size()))).append(random.nextBoolean() ? " " : "");
            }
            try {
                FilterText.parse(text.toString());
            } catch (InvalidRequestException refused) {
                assertThat(refused.getMessage()).as("seed %d: %s", seed, text).isNotBlank();
            }
        }
    }
}
