package io.contextdb.spi.filter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.contextdb.spi.error.InvalidRequestException;
import io.contextdb.spi.value.Interval;
import io.contextdb.spi.value.PropertyMap;
import io.contextdb.spi.vector.VectorPoint;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class FilterTest {
    private static final Field P = Field.property("p");

    @Test
    void comparisonsWithAnAbsentValueAreFalseAndNotIsTheComplement() {
        VectorPoint absent = point(PropertyMap.empty());

        for (Filter filter : comparisons(1L)) {
            assertThat(filter.matches(absent)).as("%s", filter).isFalse();
            assertThat(Filter.not(filter).matches(absent)).as("not %s", filter).isTrue();
        }
        assertThat(Filter.ne(P, 1).matches(absent)).isTrue();
        assertThat(Filter.exists(P).matches(absent)).isFalse();
    }

    @Test
    void comparisonsAcrossTypesAreFalse() {
        List<Object> values = Arrays.asList(null, true, 1L, 1.5, "1", List.of(1L), Map.of("a", 1L));
        for (Object stored : values) {
            for (Object asked : values) {
                boolean bothNumbers = stored instanceof Number && asked instanceof Number;
                VectorPoint point = point(PropertyMap.of("p", stored));
                if (stored != asked && !bothNumbers) {
                    assertThat(Filter.eq(P, asked).matches(point))
                            .as("%s = %s", stored, asked)
                            .isFalse();
                    assertThat(Filter.ne(P, asked).matches(point)).isTrue();
                    if (asked != null) {
                        assertThat(Filter.gt(P, asked).matches(point)).isFalse();
                        assertThat(Filter.le(P, asked).matches(point)).isFalse();
                    }
                }
            }
        }
    }

    @Test
    void numbersCompareByTheirExactValue() {
        VectorPoint big = point(PropertyMap.of("p", (1L << 53) + 1));

        assertThat(Filter.eq(P, 0x1p53).matches(big)).isFalse();
        assertThat(Filter.gt(P, 0x1p53).matches(big)).isTrue();
        assertThat(Filter.eq(P, 1.0).matches(point(PropertyMap.of("p", 1)))).isTrue();
        assertThat(Filter.eq(P, 0).matches(point(PropertyMap.of("p", -0.0)))).isTrue();
        assertThat(Filter.lt(P, 1e19).matches(point(PropertyMap.of("p", Long.MAX_VALUE))))
                .isTrue();
        assertThat(Filter.in(P, List.of(2, 1.0)).matches(point(PropertyMap.of("p", 1))))
                .isTrue();
    }

    @Test
    void containsLooksIntoListsAndStrings() {
        assertThat(Filter.contains(P, 2.0).matches(point(PropertyMap.of("p", List.of(1, 2)))))
                .isTrue();
        assertThat(Filter.contains(P, "bc").matches(point(PropertyMap.of("p", "abcd"))))
                .isTrue();
        assertThat(Filter.contains(P, 2).matches(point(PropertyMap.of("p", "12"))))
                .isFalse();
        assertThat(Filter.startsWith(P, "ab").matches(point(PropertyMap.of("p", "abcd"))))
                .isTrue();
        assertThat(Filter.startsWith(P, "bc").matches(point(PropertyMap.of("p", "abcd"))))
                .isFalse();
    }

    @Test
    void validityIsHalfOpen() {
        Instant from = Instant.parse("2026-01-01T00:00:00Z");
        Instant to = Instant.parse("2026-02-01T00:00:00Z");
        VectorPoint point = VectorPoint.builder(new UUID(0, 1))
                .text("x")
                .validity(Interval.between(from, to))
                .build();

        assertThat(Filter.validAt(from).matches(point)).isTrue();
        assertThat(Filter.validAt(to.minusNanos(1_000)).matches(point)).isTrue();
        assertThat(Filter.validAt(to).matches(point)).isFalse();
        assertThat(Filter.validAt(from.minusNanos(1_000)).matches(point)).isFalse();
    }

    @Test
    void sizeAndDepthAreLimited() {
        Filter deep = Filter.everything();
        for (int i = 0; i < Filter.MAX_DEPTH; i++) {
            deep = Filter.not(deep);
        }
        Filter deepest = deep;

        assertThatThrownBy(() -> Filter.not(deepest)).isInstanceOf(InvalidRequestException.class);
        List<Filter> many = new ArrayList<>();
        for (int i = 0; i < Filter.MAX_TERMS; i++) {
            many.add(Filter.everything());
        }
        assertThatThrownBy(() -> new Filter.And(many))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("1001 terms")
                .hasMessageContaining("1000");
    }

    private static List<Filter> comparisons(Object value) {
        return List.of(
                Filter.eq(P, value),
                Filter.gt(P, value),
                Filter.ge(P, value),
                Filter.lt(P, value),
                Filter.le(P, value),
                Filter.contains(P, value),
                Filter.in(P, List.of(value)),
                Filter.startsWith(P, ""));
    }

    private static VectorPoint point(PropertyMap properties) {
        return VectorPoint.builder(new UUID(0, 1))
                .text("x")
                .properties(properties)
                .build();
    }
}
