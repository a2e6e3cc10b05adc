package io.contextdb.spi.filter;

import io.contextdb.spi.value.CodePointOrder;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The total order of property values that sorting uses (contract D2): null, then false, true, numbers by exact value,
 * strings by code point, instants, lists element by element (a prefix first), maps as their entries in key order.
 */
public enum ValueOrder implements Comparator<@Nullable Object> {
    /** The order. */
    INSTANCE;

    @Override
    public int compare(@Nullable Object a, @Nullable Object b) {
        int byType = Integer.compare(rank(a), rank(b));
        if (byType != 0) {
            return byType;
        }
        if (a instanceof Boolean x && b instanceof Boolean y) {
            return Boolean.compare(x, y);
        }
        if (a instanceof List<?> x && b instanceof List<?> y) {
            return compareLists(x, y);
        }
        if (a instanceof Map<?, ?> x && b instanceof Map<?, ?> y) {
            return compareLists(entries(x), entries(y));
        }
        return Comparing.order(a, b).orElse(0);
    }

    private int compareLists(List<?> a, List<?> b) {
        for (int i = 0; i < Math.min(a.size(), b.size()); i++) {
            int order = compare(a.get(i), b.get(i));
            if (order != 0) {
                return order;
            }
        }
        return Integer.compare(a.size(), b.size());
    }

    private static List<@Nullable Object> entries(Map<?, ?> map) {
        List<@Nullable Object> flat = new ArrayList<>();
        map.keySet().stream()
                .map(String.class::cast)
                .sorted(CodePointOrder.INSTANCE)
                .forEach(key -> {
                    flat.add(key);
                    flat.add(map.get(key));
                });
        return flat;
    }

    private static int rank(@Nullable Object value) {
        return switch (value) {
            case null -> 0;
            case Boolean bool -> 1;
            case Number number -> 2;
            case String text -> 3;
            case Instant instant -> 4;
            case List<?> list -> 5;
            default -> 6;
        };
    }
}
