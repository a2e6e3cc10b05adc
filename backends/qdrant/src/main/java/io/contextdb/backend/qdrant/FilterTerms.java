package io.contextdb.backend.qdrant;

import io.contextdb.json.PropertyJson;
import io.contextdb.spi.filter.Comparing;
import io.contextdb.spi.filter.Field;
import io.contextdb.spi.value.PropertyMap;
import io.contextdb.spi.vector.VectorPoint;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What the server can find a point by: words such as {@code =["properties","city"]"Oslo"}, one for each value, element of a list
 * and field that is there, in one index; and its numbers as 64-bit floats. Values that are equal by the filter language have the
 * same word, others have not. A point with very many has {@link #TOO_MANY} instead.
 *
 * @param words the words
 * @param numbers the numbers, by the word of their field
 */
record FilterTerms(Set<String> words, Map<String, Double> numbers) {
    /** Stands for the words of properties that were too many. */
    static final String TOO_MANY = "*";

    private static final int MOST = 256;
    private static final int LONGEST = 120;

    static FilterTerms of(VectorPoint point) {
        Collected properties = new Collected();
        properties.addAll(List.of(), point.properties());
        boolean few = properties.words.size() <= MOST;
        Set<String> words = new LinkedHashSet<>();
        point.labels().forEach(label -> add(words, element(Field.labels(), label)));
        if (!point.source().isEmpty()) {
            add(words, equal(Field.source(), point.source()));
        }
        if (!point.subject().isEmpty()) {
            add(words, equal(Field.subject(), point.subject()));
        }
        if (few) {
            words.addAll(properties.words);
        } else {
            words.add(TOO_MANY);
        }
        return new FilterTerms(words, few ? properties.numbers : Map.of());
    }

    private static void add(Set<String> words, Optional<String> word) {
        word.ifPresent(words::add);
    }

    /** Returns the word of points where a field equals a value; empty for values that have no word. */
    static Optional<String> equal(Field field, @Nullable Object value) {
        return word("=", field, value);
    }

    /** Returns the word of points where a field is a list with an element. */
    static Optional<String> element(Field field, @Nullable Object value) {
        return word("[", field, value);
    }

    /** Returns the word of points that have a field. */
    static String present(Field field) {
        return shortened("?" + path(field));
    }

    /** Returns the name that a field's number has among the numbers: letters and digits, so that it needs no quotes. */
    static String number(Field field) {
        return "n" + digest(path(field)).substring(0, 16);
    }

    private static Optional<String> word(String kind, Field field, @Nullable Object value) {
        if (value instanceof List<?> || value instanceof Map<?, ?> || value instanceof Instant) {
            return Optional.empty();
        }
        return Optional.of(shortened(kind + path(field) + PropertyJson.writeValue(Comparing.canonical(value))));
    }

    private static String path(Field field) {
        List<String> steps = new ArrayList<>();
        steps.add(field.kind().name().toLowerCase(Locale.ROOT));
        steps.addAll(field.path());
        return PropertyJson.writeValue(steps);
    }

    private static String shortened(String word) {
        return word.length() <= LONGEST ? word : word.charAt(0) + "#" + digest(word);
    }

    private static String digest(String text) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest, 0, 20);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** Words and numbers of properties, no more than are kept and one. */
    private static final class Collected {
        final Set<String> words = new LinkedHashSet<>();
        final Map<String, Double> numbers = new TreeMap<>();

        void addAll(List<String> path, Map<String, @Nullable Object> values) {
            values.forEach((name, value) -> {
                if (words.size() <= MOST) {
                    List<String> longer = new ArrayList<>(path);
                    longer.add(name);
                    add(longer, value);
                }
            });
        }

        void addAll(List<String> path, PropertyMap values) {
            addAll(path, values.asMap());
        }

        private void add(List<String> path, @Nullable Object value) {
            Field field = new Field(Field.Kind.PROPERTY, path);
            words.add(present(field));
            equal(field, value).ifPresent(words::add);
            if (value instanceof Number number) {
                numbers.put(number(field), number.doubleValue());
            } else if (value instanceof List<?> list) {
                for (Object element : list) {
                    if (words.size() <= MOST) {
                        element(field, element).ifPresent(words::add);
                    }
                }
            } else if (value instanceof Map<?, ?> map) {
                Map<String, @Nullable Object> inner = new TreeMap<>();
                map.forEach((name, element) -> inner.put(String.valueOf(name), element));
                addAll(path, inner);
            }
        }
    }
}
