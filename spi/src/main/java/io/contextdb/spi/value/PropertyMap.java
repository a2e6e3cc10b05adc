package io.contextdb.spi.value;

import io.contextdb.spi.error.InvalidRequestException;
import io.contextdb.spi.internal.Check;
import io.contextdb.spi.internal.PropertyValues;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * An immutable tree of properties: the body of a document, the properties of a node, an edge or a point, the payload of
 * an event. Values are null, {@link Boolean}, {@link Long}, {@link Double}, {@link String}, {@link List} and {@link Map}
 * with string keys, nested at most {@value #MAX_DEPTH} deep (contract G3). Narrower numbers are widened ({@code Integer}
 * to {@code Long}, {@code Float} to {@code Double}); integer and float stay apart. NaN, infinities, NUL characters and
 * unpaired surrogates are refused. Keys are kept in code point order.
 */
public final class PropertyMap {
    /** Deepest nesting; the map itself is level 1. */
    public static final int MAX_DEPTH = 64;

    private static final PropertyMap EMPTY = new PropertyMap(Collections.emptySortedMap());

    private final SortedMap<String, @Nullable Object> values;

    private PropertyMap(SortedMap<String, @Nullable Object> values) {
        this.values = values;
    }

    /** Returns the map without entries. */
    public static PropertyMap empty() {
        return EMPTY;
    }

    /** Returns a map of one entry. */
    public static PropertyMap of(String key, @Nullable Object value) {
        return empty().with(key, value);
    }

    /** Returns a map of two entries. */
    public static PropertyMap of(String k1, @Nullable Object v1, String k2, @Nullable Object v2) {
        return of(k1, v1).with(k2, v2);
    }

    /** Returns a map of three entries. */
    public static PropertyMap of(
            String k1, @Nullable Object v1, String k2, @Nullable Object v2, String k3, @Nullable Object v3) {
        return of(k1, v1, k2, v2).with(k3, v3);
    }

    /** Returns a checked, deep copy. */
    public static PropertyMap copyOf(Map<String, ? extends @Nullable Object> map) {
        Check.notNull("properties", map);
        return map.isEmpty() ? EMPTY : new PropertyMap(PropertyValues.map("properties", map, 1));
    }

    /** Returns this map with one entry put or replaced. */
    public PropertyMap with(String key, @Nullable Object value) {
        SortedMap<String, @Nullable Object> copy = new TreeMap<>(CodePointOrder.INSTANCE);
        copy.putAll(values);
        copy.put(PropertyValues.key("properties", key), PropertyValues.copy("properties." + key, value, 1));
        return new PropertyMap(Collections.unmodifiableSortedMap(copy));
    }

    /** Returns this map without one entry. */
    public PropertyMap without(String key) {
        SortedMap<String, @Nullable Object> copy = new TreeMap<>(CodePointOrder.INSTANCE);
        copy.putAll(values);
        copy.remove(Check.notNull("key", key));
        return new PropertyMap(Collections.unmodifiableSortedMap(copy));
    }

    /**
     * Returns the result of applying a JSON merge patch (RFC 7396): null removes, objects merge, everything else
     * replaces.
     */
    public PropertyMap patched(PropertyMap patch) {
        return copyOf(merge(values, Check.notNull("patch", patch).values));
    }

    /** Returns a value; null both for an absent entry and for a stored null, which {@link #contains} tells apart. */
    public @Nullable Object get(String key) {
        return values.get(Check.notNull("key", key));
    }

    /** Returns whether there is an entry, be its value null. */
    public boolean contains(String key) {
        return values.containsKey(Check.notNull("key", key));
    }

    /** Returns whether the path leads to an entry, be its value null; lists are not entered. */
    public boolean contains(List<String> path) {
        Map<?, ?> parent = parent(path);
        return parent != null && parent.containsKey(step(path, path.size() - 1));
    }

    /** Returns the value at a path; null where it is absent or a stored null. */
    public @Nullable Object get(List<String> path) {
        Map<?, ?> parent = parent(path);
        return parent == null ? null : parent.get(step(path, path.size() - 1));
    }

    /** Returns a string value; empty where it is absent or of another type. */
    public Optional<String> string(String key) {
        return get(key) instanceof String text ? Optional.of(text) : Optional.empty();
    }

    /** Returns a number, integer or float, as a float; empty where it is absent or of another type. */
    public Optional<Double> number(String key) {
        return get(key) instanceof Number number ? Optional.of(number.doubleValue()) : Optional.empty();
    }

    /** Returns an integer; empty where it is absent or of another type. */
    public Optional<Long> integer(String key) {
        return get(key) instanceof Long number ? Optional.of(number) : Optional.empty();
    }

    /** Returns a nested map; empty where it is absent or of another type. */
    public Optional<PropertyMap> map(String key) {
        return get(key) instanceof Map<?, ?> nested
                ? Optional.of(new PropertyMap(PropertyValues.map(key, nested, 1)))
                : Optional.empty();
    }

    /** Returns the entries, unmodifiable at every level, keys in code point order. */
    public SortedMap<String, @Nullable Object> asMap() {
        return values;
    }

    /** Returns whether there are no entries. */
    public boolean isEmpty() {
        return values.isEmpty();
    }

    /** Returns roughly how many bytes the map takes when written, for limits on batches. */
    public long estimatedBytes() {
        return estimate(values);
    }

    private @Nullable Map<?, ?> parent(List<String> path) {
        if (Check.notNull("path", path).isEmpty()) {
            throw new InvalidRequestException("path", "must not be empty");
        }
        Map<?, ?> map = values;
        for (int i = 0; i < path.size() - 1; i++) {
            if (!(map.get(step(path, i)) instanceof Map<?, ?> child)) {
                return null;
            }
            map = child;
        }
        return map;
    }

    private static String step(List<?> path, int index) {
        return Check.only(String.class, "path", path.get(index));
    }

    private static long estimate(@Nullable Object value) {
        if (value instanceof String text) {
            return 2L + text.length();
        }
        long sum = 8;
        if (value instanceof List<?> list) {
            for (Object element : list) {
                sum += estimate(element);
            }
        } else if (value instanceof Map<?, ?> map) {
            for (Map.Entry<?, ?> entry : map.entrySet()) {
                sum += 3 + ((String) entry.getKey()).length() + estimate(entry.getValue());
            }
        }
        return sum;
    }

    private static Map<String, @Nullable Object> merge(Map<?, ?> target, Map<?, ?> patch) {
        Map<String, @Nullable Object> merged = new TreeMap<>(CodePointOrder.INSTANCE);
        target.forEach((key, value) -> merged.put((String) key, value));
        patch.forEach((k, value) -> {
            String key = (String) k;
            if (value == null) {
                merged.remove(key);
            } else if (value instanceof Map<?, ?> child) {
                merged.put(key, merge(merged.get(key) instanceof Map<?, ?> old ? old : Map.of(), child));
            } else {
                merged.put(key, value);
            }
        });
        return merged;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof PropertyMap that && values.equals(that.values);
    }

    @Override
    public int hashCode() {
        return values.hashCode();
    }

    @Override
    public String toString() {
        return values.toString();
    }
}
