package io.contextdb.arguments;

import io.contextdb.memory.MemoryDraft;
import io.contextdb.spi.value.PropertyMap;
import java.lang.reflect.Array;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.UUID;

/** What careless or hostile callers give for a parameter, by its type. */
final class HostileValues {
    static final String TOO_LONG = "é".repeat(600_000);

    private HostileValues() {}

    static List<Object> of(Type type) {
        Class<?> raw = raw(type);
        if (raw == int.class) {
            return List.of(Integer.MIN_VALUE, -1, 0, Integer.MAX_VALUE);
        }
        if (raw == long.class) {
            return List.of(Long.MIN_VALUE, -1L, 0L, Long.MAX_VALUE);
        }
        if (raw == double.class) {
            return List.of(Double.NaN, Double.NEGATIVE_INFINITY, Double.MAX_VALUE, -1.0, 1.0000000001);
        }
        if (raw.isPrimitive()) {
            return List.of();
        }
        List<Object> values = new ArrayList<>();
        values.add(null);
        if (raw == String.class) {
            values.addAll(List.of("", "\ud83d", "a\ude00b", "a\0", "\0", "\uffff", "..", " ", TOO_LONG, "%zz", "{"));
        } else if (raw == Duration.class) {
            Duration forever = ChronoUnit.FOREVER.getDuration();
            values.addAll(List.of(forever, forever.negated(), Duration.ofSeconds(Long.MIN_VALUE)));
            values.addAll(List.of(Duration.ZERO, Duration.ofNanos(1), Duration.ofNanos(-1), Duration.ofDays(4_018)));
        } else if (raw == Instant.class) {
            values.addAll(List.of(Instant.MIN, Instant.MAX, Instant.EPOCH));
        } else if (raw == Object.class) {
            values.addAll(List.of(new Object(), Double.NaN, "\ud83d", "\0", endless(), Map.of(1, 2), Instant.MIN));
        } else if (raw.isArray()) {
            arrays(raw, values);
        } else if (raw == Map.class) {
            maps(type, values);
        } else if (Collection.class.isAssignableFrom(raw)) {
            collections(type, raw, values);
        }
        return values;
    }

    static Class<?> raw(Type type) {
        return switch (type) {
            case Class<?> known -> known;
            case ParameterizedType generic -> raw(generic.getRawType());
            case java.lang.reflect.GenericArrayType array ->
                raw(array.getGenericComponentType()).arrayType();
            case java.lang.reflect.WildcardType wildcard -> raw(wildcard.getUpperBounds()[0]);
            case java.lang.reflect.TypeVariable<?> variable -> raw(variable.getBounds()[0]);
            default -> Object.class;
        };
    }

    private static List<Object> endless() {
        List<Object> list = new ArrayList<>();
        list.add(list);
        return list;
    }

    private static void arrays(Class<?> raw, List<Object> values) {
        Class<?> element = raw.getComponentType();
        values.add(Array.newInstance(element, 0));
        for (Object hostile : of(element)) {
            Object array = Array.newInstance(element, 1);
            Array.set(array, 0, hostile);
            values.add(array);
        }
        if (element == float.class) {
            values.add(new float[] {Float.NaN});
        }
        if (element == byte.class) {
            values.add(new byte[0]);
        }
    }

    private static void maps(Type type, List<Object> values) {
        values.add(new HashMap<>());
        Type[] of = type instanceof ParameterizedType generic
                ? generic.getActualTypeArguments()
                : new Type[] {String.class, Object.class};
        for (Object key : of(of[0])) {
            Map<Object, Object> map = new HashMap<>();
            map.put(key, raw(of[1]) == PropertyMap.class ? PropertyMap.empty() : Samples.optional(raw(of[1])));
            values.add(map);
        }
        for (Object value : of(of[1])) {
            Map<Object, Object> map = new HashMap<>();
            map.put(Samples.optional(raw(of[0])), value);
            values.add(map);
        }
    }

    private static void collections(Type type, Class<?> raw, List<Object> values) {
        Type element = type instanceof ParameterizedType generic ? generic.getActualTypeArguments()[0] : Object.class;
        List<Object> all = new ArrayList<>();
        all.add(List.of());
        for (Object hostile : of(element)) {
            all.add(Collections.singletonList(hostile));
            all.add(Arrays.asList(Samples.optional(raw(element)), hostile));
        }
        if (raw(element) == String.class || raw(element) == UUID.class) {
            all.add(List.of(1));
        }
        if (raw(element) != MemoryDraft.class) {
            // Of drafts there may be any number, which takes its time.
            all.add(Collections.nCopies(100_001, Samples.optional(raw(element))));
        }
        for (Object list : all) {
            if (SortedSet.class.isAssignableFrom(raw)) {
                sorted((List<?>) list, values);
            } else if (raw.isInstance(list)) {
                values.add(list);
            }
        }
    }

    /** Sorted sets refuse some elements themselves, before any call. */
    private static void sorted(List<?> list, List<Object> values) {
        try {
            values.add(new TreeSet<>(list));
        } catch (NullPointerException | ClassCastException refused) {
            return;
        }
    }
}
