package io.contextdb.tck.event;

import static org.assertj.core.api.Assertions.assertThat;

import io.contextdb.Events;
import io.contextdb.spi.capability.Capability;
import io.contextdb.spi.event.AggregateQuery;
import io.contextdb.spi.event.AggregateRow;
import io.contextdb.spi.event.EventDraft;
import io.contextdb.spi.event.Measure;
import io.contextdb.spi.event.TimeBucket;
import io.contextdb.spi.filter.Field;
import io.contextdb.spi.filter.Filter;
import io.contextdb.spi.value.PropertyMap;
import io.contextdb.tck.Kit;
import io.contextdb.tck.Needs;
import io.contextdb.tck.Proves;
import java.math.BigDecimal;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Sums and averages of numbers that are easily rounded twice. */
@Needs(Capability.AGGREGATES)
public abstract class AverageSuite {
    private static final double EPSILON = 0x1p-52;

    private static final List<List<Number>> SETS = List.of(
            List.of(0.1 + 0.2),
            List.of(0.1, 0.2),
            List.of(0.1, 0.2, 0.3),
            Collections.nCopies(10, 0.1),
            List.of(1.0 / 3),
            List.of(Math.PI, -Math.E),
            List.of(Double.MIN_VALUE),
            List.of(Double.MIN_VALUE, 0.0),
            List.of(3 * Double.MIN_VALUE, 0.0),
            List.of(Double.MIN_VALUE, Double.MIN_NORMAL, Math.nextDown(Double.MIN_NORMAL)),
            List.of(-Double.MIN_VALUE, -Double.MIN_VALUE, Double.MIN_VALUE),
            List.of(1e308, 1e308, 1e308, 1e308, 1e308),
            List.of(Double.MAX_VALUE, Double.MAX_VALUE, Double.MAX_VALUE),
            List.of(-Double.MAX_VALUE, Double.MAX_VALUE, 1.0),
            List.of((1L << 53) + 1),
            List.of((1L << 53) + 1, 0.5),
            List.of((1L << 53) + 1, (1L << 53) + 2, 2.0),
            List.of(Long.MAX_VALUE, Long.MAX_VALUE, 1.5),
            List.of(Long.MIN_VALUE, Long.MAX_VALUE),
            List.of(1e16, 1.0, -1e16),
            // Half-way between two floats, exactly; then beyond it by less than any float near it can tell.
            List.of(1.0, 1.0 + EPSILON),
            List.of(1.0 + EPSILON, 1.0 + 2 * EPSILON),
            List.of(2.0, 1 + 2 * EPSILON, 1 + EPSILON, 1.0, 1.0, Double.MIN_VALUE),
            List.of(-2.0, -1 - 2 * EPSILON, -1 - EPSILON, -1.0, -1.0, -Double.MIN_VALUE));

    @Test
    @Proves("E6")
    void averagesAreTheExactSumByTheCountRoundedOnce(Kit kit) {
        Events events = kit.namespace().events();
        List<List<Number>> sets = new ArrayList<>(SETS);
        for (int i = 0; i < 18; i++) {
            sets.add(Stream.generate(() -> Double.longBitsToDouble(kit.random().nextLong()))
                    .filter(Double::isFinite)
                    .limit(1 + i % 6)
                    .map(Number.class::cast)
                    .toList());
        }
        for (int i = 0; i < sets.size(); i++) {
            PropertyMap set = PropertyMap.of("set", i);
            events.append(sets.get(i).stream()
                    .map(number -> EventDraft.of("t", set.with("v", number)))
                    .toList());
        }

        Field v = Field.property("v");
        List<AggregateRow> rows = events.aggregate(new AggregateQuery(
                Filter.everything(),
                TimeBucket.ALL,
                ZoneOffset.UTC,
                List.of(Field.property("set")),
                List.of(
                        Measure.of("average", Measure.Function.AVERAGE, v),
                        Measure.of("sum", Measure.Function.SUM, v))));

        assertThat(rows).hasSameSizeAs(sets);
        for (int i = 0; i < sets.size(); i++) {
            List<Number> set = sets.get(i);
            Number average = rows.get(i).values().getOrDefault("average", Double.NaN);
            assertThat(average).as("%s", set).isInstanceOf(Double.class);
            assertNearest(set, average.doubleValue());
            if (set.size() == 1 && set.get(0) instanceof Double one) {
                assertThat(average).isEqualTo(one);
                assertThat(rows.get(i).values()).containsEntry("sum", one);
            }
        }
    }

    /** By multiplication alone, so that nothing is rounded: no float is nearer to the mean, and of two as near it is the even one. */
    private static void assertNearest(List<Number> set, double average) {
        BigDecimal sum = set.stream()
                .map(number -> number instanceof Long integer
                        ? BigDecimal.valueOf(integer)
                        : new BigDecimal(number.doubleValue()))
                .reduce(BigDecimal.ZERO, BigDecimal::add);
        assertThat(average).as("%s", set).isFinite();
        for (double other : new double[] {Math.nextUp(average), Math.nextDown(average)}) {
            int nearer = Double.isInfinite(other)
                    ? -1
                    : distance(sum, average, set.size()).compareTo(distance(sum, other, set.size()));
            boolean even = (Double.doubleToLongBits(average) & 1) == 0;
            assertThat(nearer < 0 || (nearer == 0 && even))
                    .as("the average of %s is %s, and not %s", set, average, other)
                    .isTrue();
        }
    }

    private static BigDecimal distance(BigDecimal sum, double mean, int count) {
        return sum.subtract(new BigDecimal(mean).multiply(BigDecimal.valueOf(count)))
                .abs();
    }
}
