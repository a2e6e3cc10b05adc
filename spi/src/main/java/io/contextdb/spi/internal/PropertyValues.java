package io.contextdb.spi.internal;

import io.contextdb.spi.error.InvalidRequestException;
import io.contextdb.spi.value.CodePointOrder;
import io.contextdb.spi.value.PropertyMap;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The values that properties and filters hold (contract G3): checked, widened, copied. */
public final class PropertyValues {
    private PropertyValues() {}

    /** Returns a key, or refuses it. */
    public static String key(String field, @Nullable String key) {
        return TextRule.PROPERTY_KEY.check(field, Check.notNull(field + " key", key));
    }

    /** Returns a checked, deep copy of a map at a depth, the outermost being 1. */
    public static SortedMap<String, @Nullable Object> map(String field, Map<?, ?> map, int depth) {
        if (depth > PropertyMap.MAX_DEPTH) {
            throw Check.limit(Check.shown(field), "is nested deeper than allowed", PropertyMap.MAX_DEPTH);
        }
        SortedMap<String, @Nullable Object> copy = new TreeMap<>(CodePointOrder.INSTANCE);
        for (Map.Entry<?, ?> entry : map.entrySet()) {
            if (!(entry.getKey() instanceof String name)) {
                throw new InvalidRequestException(Check.shown(field), "has a key that is not a string");
            }
            copy.put(key(field, name), copy(field + "." + name, entry.getValue(), depth));
        }
        return Collections.unmodifiableSortedMap(copy);
    }

    /** Returns a checked, deep copy of a value inside a map at a depth. */
    public static @Nullable Object copy(String field, @Nullable Object value, int depth) {
        return switch (value) {
            case null -> null;
            case Boolean bool -> bool;
            case Long number -> number;
            case Double number -> finite(field, number);
            case Integer number -> (long) number;
            case Short number -> (long) number;
            case Byte number -> (long) number;
            case Float number -> finite(field, number);
            case String text -> Check.unicode(Check.shown(field), text);
            case PropertyMap map -> map(field, map.asMap(), depth + 1);
            case Map<?, ?> map -> map(field, map, depth + 1);
            case Collection<?> list -> list(field, list, depth + 1);
            default ->
                throw new InvalidRequestException(
                        Check.shown(field),
                        "must be null, boolean, integer, float, string, list or map, is "
                                + value.getClass().getName());
        };
    }

    private static List<@Nullable Object> list(String field, Collection<?> list, int depth) {
        if (depth > PropertyMap.MAX_DEPTH) {
            throw Check.limit(Check.shown(field), "is nested deeper than allowed", PropertyMap.MAX_DEPTH);
        }
        List<@Nullable Object> copy = new ArrayList<>(list.size());
        for (Object element : list) {
            copy.add(copy(field + "[]", element, depth));
        }
        return Collections.unmodifiableList(copy);
    }

    private static Double finite(String field, double number) {
        if (Double.isNaN(number) || Double.isInfinite(number)) {
            throw new InvalidRequestException(Check.shown(field), "must be finite, is " + number);
        }
        return number;
    }
}
