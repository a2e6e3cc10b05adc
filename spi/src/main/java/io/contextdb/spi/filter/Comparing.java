package io.contextdb.spi.filter;

import io.contextdb.spi.value.CodePointOrder;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/** Comparison of field values: equality over all types, order within numbers, strings and instants (contract V6). */
public final class Comparing {
    private static final double LONG_LIMIT = 0x1p63;

    private Comparing() {}

    /** Returns whether a comparison holds for a value that is there. */
    static boolean holds(@Nullable Object actual, Filter.Operator operator, @Nullable Object value) {
        return switch (operator) {
            case EQ -> equal(actual, value);
            case CONTAINS ->
                actual instanceof List<?> list
                        ? list.stream().anyMatch(element -> equal(element, value))
                        : actual instanceof String text && value instanceof String part && text.contains(part);
            case STARTS_WITH ->
                actual instanceof String text && value instanceof String prefix && text.startsWith(prefix);
            case GT -> order(actual, value).orElse(0) > 0;
            case LT -> order(actual, value).orElse(0) < 0;
            case GE -> order(actual, value).orElse(-1) >= 0;
            case LE -> order(actual, value).orElse(1) <= 0;
        };
    }

    /** Returns whether two values are equal, numbers by their exact value across integer and float. */
    public static boolean equal(@Nullable Object a, @Nullable Object b) {
        if (a instanceof Number x && b instanceof Number y) {
            return compare(x, y) == 0;
        }
        if (a instanceof List<?> x && b instanceof List<?> y) {
            if (x.size() != y.size()) {
                return false;
            }
            Iterator<?> other = y.iterator();
            return x.stream().allMatch(element -> equal(element, other.next()));
        }
        if (a instanceof Map<?, ?> x && b instanceof Map<?, ?> y) {
            return x.size() == y.size()
                    && x.entrySet().stream()
                            .allMatch(entry ->
                                    y.containsKey(entry.getKey()) && equal(entry.getValue(), y.get(entry.getKey())));
        }
        return Objects.equals(a, b);
    }

    /**
     * Returns a value in the one form that all values {@link #equal} to it have, so that objects are equal where values are:
     * a whole float in the range of integers becomes an integer, inside lists and maps too.
     */
    public static @Nullable Object canonical(@Nullable Object value) {
        if (value instanceof Double number
                && number == Math.rint(number)
                && number >= -LONG_LIMIT
                && number < LONG_LIMIT) {
            return (long) (double) number;
        }
        if (value instanceof List<?> list) {
            List<@Nullable Object> copy = new ArrayList<>();
            list.forEach(element -> copy.add(canonical(element)));
            return copy;
        }
        if (value instanceof Map<?, ?> map) {
            Map<@Nullable Object, @Nullable Object> copy = new HashMap<>();
            map.forEach((key, element) -> copy.put(key, canonical(element)));
            return copy;
        }
        return value;
    }

    /** Returns the order of two values; empty where they have none: other types, booleans, lists, maps, nulls. */
    public static OptionalInt order(@Nullable Object a, @Nullable Object b) {
        if (a instanceof Number x && b instanceof Number y) {
            return OptionalInt.of(compare(x, y));
        }
        if (a instanceof String x && b instanceof String y) {
            return OptionalInt.of(CodePointOrder.INSTANCE.compare(x, y));
        }
        if (a instanceof Instant x && b instanceof Instant y) {
            return OptionalInt.of(x.compareTo(y));
        }
        return OptionalInt.empty();
    }

    /** Returns the order of two numbers by their exact value; −0.0 equals 0. */
    private static int compare(Number a, Number b) {
        if (a instanceof Long x && b instanceof Long y) {
            return Long.compare(x, y);
        }
        if (a instanceof Double x && b instanceof Double y) {
            return x < y ? -1 : x > y ? 1 : 0;
        }
        return a instanceof Long x ? mixed(x, b.doubleValue()) : -mixed(b.longValue(), a.doubleValue());
    }

    private static int mixed(long a, double b) {
        if (b >= LONG_LIMIT) {
            return -1;
        }
        if (b < -LONG_LIMIT) {
            return 1;
        }
        return BigDecimal.valueOf(a).compareTo(new BigDecimal(b));
    }
}
