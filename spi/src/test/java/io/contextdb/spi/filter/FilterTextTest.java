package io.contextdb.spi.filter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.contextdb.spi.error.InvalidRequestException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FilterTextTest {
    @Test
    void readsWhatAPersonWrites() {
        Filter filter = Filter.parse("label = \"chunk\" AND properties.age >= 3 and not (source = \"a\" or exists"
                + " properties.b.\"odd name\") and validFrom < @2026-01-01T00:00:00Z");

        assertThat(filter)
                .isEqualTo(Filter.and(
                        Filter.label("chunk"),
                        Filter.ge(Field.property("age"), 3),
                        Filter.not(Filter.or(
                                Filter.eq(Field.source(), "a"), Filter.exists(Field.property("b", "odd name")))),
                        Filter.lt(Field.validFrom(), Instant.parse("2026-01-01T00:00:00Z"))));
    }

    @Test
    void readsBackWhatItWrites() {
        Random random = new Random(17);
        for (int i = 0; i < 5_000; i++) {
            Filter filter = randomFilter(random, 4);

            assertThat(Filter.parse(filter.text())).as(filter.text()).isEqualTo(filter);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "labels",
                "labels =",
                "size = 1",
                "properties = 1",
                "id = \"x",
                "id = 1 and",
                "(id = 1",
                "id in (1 2)",
                "id = 99999999999999999999",
                "time > @yesterday",
                "id starts 1",
                "id = 1 id = 2"
            })
    void saysWhereItIsWrong(String text) {
        assertThatThrownBy(() -> Filter.parse(text))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("filter")
                .hasMessageContaining("character");
    }

    /** 100,000 random texts; {@code -Dcontextdb.fuzz=1000000} for more. */
    @Test
    void noTextDoesMoreThanBeRefused() {
        Random random = new Random(Long.getLong("contextdb.seed", 23));
        List<String> parts = List.of(
                "id",
                "labels",
                "properties",
                ".a",
                ".\"b c\"",
                " = ",
                " != ",
                " in (",
                ")",
                "(",
                "not ",
                " and ",
                " or ",
                "exists ",
                "\"x\"",
                "\"",
                "\\",
                "1",
                "-1.5e9",
                "@2026-01-01T00:00:00Z",
                "@",
                "[",
                "]",
                "{",
                "}",
                ":",
                ",",
                "null",
                "true",
                " contains ",
                " starts with ",
                "everything",
                "all(",
                "😀",
                "\uD800",
                "\0",
                "validTo");
        for (int i = Integer.getInteger("contextdb.fuzz", 100_000); i > 0; i--) {
            StringBuilder text = new StringBuilder();
            for (int n = random.nextInt(12); n > 0; n--) {
                text.append(parts.get(random.nextInt(parts.size())));
            }
            try {
                Filter filter = Filter.parse(text.toString());
                assertThat(Filter.parse(filter.text())).isEqualTo(filter);
            } catch (InvalidRequestException refused) {
                assertThat(refused.field()).isNotEmpty();
            }
        }
    }

    @Test
    void depthDoesNotExhaustTheStack() {
        assertThatThrownBy(() -> Filter.parse("(".repeat(50_000))).isInstanceOf(InvalidRequestException.class);
        assertThatThrownBy(() -> Filter.parse("not ".repeat(20_000))).isInstanceOf(InvalidRequestException.class);
        assertThatThrownBy(() -> Filter.parse("id = " + "[".repeat(50_000)))
                .isInstanceOf(InvalidRequestException.class);
    }

    private static Filter randomFilter(Random random, int depth) {
        if (depth > 0 && random.nextInt(3) > 0) {
            List<Filter> operands = new ArrayList<>();
            for (int n = random.nextInt(4); n > 0; n--) {
                operands.add(randomFilter(random, depth - 1));
            }
            return switch (random.nextInt(3)) {
                case 0 -> new Filter.And(operands);
                case 1 -> new Filter.Or(operands);
                default -> Filter.not(randomFilter(random, depth - 1));
            };
        }
        Field field = randomField(random);
        return switch (random.nextInt(5)) {
            case 0 -> Filter.exists(field);
            case 1 -> Filter.in(field, new ArrayList<>(List.of("a\"\\", 1, -0.0)));
            case 2 -> Filter.startsWith(field, "x");
            case 3 -> Filter.everything();
            default ->
                new Filter.Comparison(
                        field,
                        List.of(Filter.Operator.EQ, Filter.Operator.GE, Filter.Operator.CONTAINS)
                                .get(random.nextInt(3)),
                        randomValue(random));
        };
    }

    private static Field randomField(Random random) {
        return switch (random.nextInt(4)) {
            case 0 -> Field.labels();
            case 1 -> Field.validTo();
            case 2 -> Field.property("and");
            default -> Field.property("a", "b c", "\"", "");
        };
    }

    private static Object randomValue(Random random) {
        return switch (random.nextInt(8)) {
            case 0 -> null;
            case 1 -> true;
            case 2 -> random.nextLong();
            case 3 -> random.nextDouble() * 1e300;
            case 4 -> Instant.ofEpochSecond(random.nextInt());
            case 5 -> List.of(1L, "x", List.of());
            case 6 -> Map.of("k", 1L, "", 2.0);
            default -> "text \\ \" 😀";
        };
    }
}
