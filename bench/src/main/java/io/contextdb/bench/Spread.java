package io.contextdb.bench;

import io.contextdb.spi.value.PropertyMap;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/**
 * The middle and the ends of what several rounds gave.
 *
 * @param median the middle one, or the mean of the two in the middle
 * @param min the smallest
 * @param max the largest
 */
public record Spread(double median, double min, double max) {
    /** Returns the spread of at least one value. */
    public static Spread of(double... values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        int middle = sorted.length / 2;
        double median = sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
        return new Spread(median, sorted[0], sorted[sorted.length - 1]);
    }

    static <T> Spread of(List<T> rounds, ToDoubleFunction<T> value) {
        return of(rounds.stream().mapToDouble(value).toArray());
    }

    PropertyMap toMap() {
        return PropertyMap.of("median", median, "min", min, "max", max);
    }

    static Spread from(PropertyMap map) {
        return new Spread(
                map.number("median").orElseThrow(),
                map.number("min").orElseThrow(),
                map.number("max").orElseThrow());
    }

    @Override
    public String toString() {
        return figure(median) + " (" + figure(min) + " to " + figure(max) + ")";
    }

    /** Writes a number with as many digits as mean something. */
    public static String figure(double value) {
        double size = Math.abs(value);
        String form = size >= 100 ? "%,.0f" : size >= 10 ? "%.1f" : size >= 0.1 || size == 0 ? "%.2f" : "%.4f";
        return String.format(Locale.ROOT, form, value);
    }
}
