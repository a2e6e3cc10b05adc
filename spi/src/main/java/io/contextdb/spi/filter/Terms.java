package io.contextdb.spi.filter;

import io.contextdb.spi.internal.Check;
import io.contextdb.spi.internal.PropertyValues;
import io.contextdb.spi.internal.TextRule;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Limits on the size of filters, and the normal form of the values in them. */
final class Terms {
    private static final int MAX_VALUES = 10_000;

    private Terms() {}

    static void check(List<Filter> operands) {
        int terms = 1;
        int depth = 1;
        for (Filter operand : operands) {
            terms += count(operand);
            depth = Math.max(depth, 1 + depth(operand));
        }
        if (terms > Filter.MAX_TERMS) {
            throw Check.limit("filter", "has " + terms + " terms", Filter.MAX_TERMS);
        }
        if (depth > Filter.MAX_DEPTH) {
            throw Check.limit("filter", "is nested " + depth + " deep", Filter.MAX_DEPTH);
        }
    }

    private static int count(Filter filter) {
        return switch (filter) {
            case Filter.And and ->
                1 + and.operands().stream().mapToInt(Terms::count).sum();
            case Filter.Or or ->
                1 + or.operands().stream().mapToInt(Terms::count).sum();
            case Filter.Not not -> 1 + count(not.operand());
            default -> 1;
        };
    }

    private static int depth(Filter filter) {
        return switch (filter) {
            case Filter.And and ->
                1 + and.operands().stream().mapToInt(Terms::depth).max().orElse(0);
            case Filter.Or or ->
                1 + or.operands().stream().mapToInt(Terms::depth).max().orElse(0);
            case Filter.Not not -> 1 + depth(not.operand());
            default -> 0;
        };
    }

    static @Nullable Object normalised(@Nullable Object value) {
        return value instanceof Instant instant
                ? Check.instant("filter.value", instant)
                : checkTexts(PropertyValues.copy("filter.value", value, 1));
    }

    /** Refuses a text that is longer than filters take, also within lists and maps. */
    private static @Nullable Object checkTexts(@Nullable Object value) {
        if (value instanceof String text) {
            TextRule.FILTER_TEXT.check("filter.value", text);
        } else if (value instanceof List<?> list) {
            list.forEach(Terms::checkTexts);
        } else if (value instanceof Map<?, ?> map) {
            map.values().forEach(Terms::checkTexts);
        }
        return value;
    }

    static List<@Nullable Object> normalisedList(Collection<? extends @Nullable Object> values) {
        Check.notNull("filter.in", values);
        if (values.size() > MAX_VALUES) {
            throw Check.limit("filter.in", "has " + values.size() + " values", MAX_VALUES);
        }
        List<@Nullable Object> copy = new ArrayList<>(values.size());
        for (Object value : values) {
            copy.add(normalised(value));
        }
        return Collections.unmodifiableList(copy);
    }
}
