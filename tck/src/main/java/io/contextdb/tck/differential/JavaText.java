package io.contextdb.tck.differential;

import io.contextdb.spi.filter.Field;
import io.contextdb.spi.filter.Filter;
import io.contextdb.spi.value.Bytes;
import io.contextdb.spi.value.Interval;
import io.contextdb.spi.value.PropertyMap;
import io.contextdb.spi.vector.Vector;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Writes values as Java expressions. Values that differ have texts that differ: {@code 1L} and {@code 1.0}, 0.0 and −0.0. */
final class JavaText {
    private JavaText() {}

    static String of(@Nullable Object value) {
        return switch (value) {
            case null -> "null";
            case String text -> quoted(text);
            case Long number -> number == Long.MIN_VALUE ? "Long.MIN_VALUE" : number + "L";
            case Integer number -> number.toString();
            case Double number -> number.toString();
            case Float number -> number + "f";
            case Boolean truth -> truth.toString();
            case UUID id -> "UUID.fromString(" + quoted(id.toString()) + ")";
            case Instant instant ->
                instant.equals(Interval.OPEN) ? "Interval.OPEN" : "Instant.parse(" + quoted(instant.toString()) + ")";
            case Duration duration -> "Duration.ofMillis(" + duration.toMillis() + ")";
            case Interval interval -> "new Interval(" + of(interval.from()) + ", " + of(interval.to()) + ")";
            case PropertyMap map -> properties(map);
            case Map<?, ?> map -> properties(map) + ".asMap()";
            case Collection<?> list -> list(list);
            case Filter filter -> "Filter.parse(" + quoted(filter.text()) + ")";
            case Field field -> field(field);
            case Vector vector -> "Vector.of(" + vector(vector) + ")";
            case Bytes bytes -> bytes(bytes);
            case Optional<?> optional -> optional.map(JavaText::of).orElse("");
            case Enum<?> constant -> constant.getDeclaringClass().getSimpleName() + "." + constant.name();
            default -> value.toString();
        };
    }

    /** Returns the values, one after the other, as arguments. */
    static String arguments(Object... values) {
        return Arrays.stream(values).map(JavaText::of).collect(Collectors.joining(", "));
    }

    static String vector(Vector vector) {
        StringBuilder text = new StringBuilder();
        for (float value : vector.toArray()) {
            text.append(text.isEmpty() ? "" : ", ").append(of(value));
        }
        return text.toString();
    }

    private static String list(Collection<?> list) {
        String elements = list.stream().map(JavaText::of).collect(Collectors.joining(", "));
        return (list.stream().anyMatch(element -> element == null) ? "Arrays.asList(" : "List.of(") + elements + ")";
    }

    private static String properties(PropertyMap map) {
        return properties(map.asMap());
    }

    private static String properties(Map<?, ?> map) {
        return map.entrySet().stream()
                .map(entry -> ".with(" + of(entry.getKey()) + ", " + of(entry.getValue()) + ")")
                .collect(Collectors.joining("", "PropertyMap.empty()", ""));
    }

    private static String field(Field field) {
        return switch (field.kind()) {
            case PROPERTY ->
                "Field.property(" + field.path().stream().map(JavaText::quoted).collect(Collectors.joining(", ")) + ")";
            case VALID_FROM -> "Field.validFrom()";
            case VALID_TO -> "Field.validTo()";
            case ID, LABELS, SOURCE, SUBJECT, TYPE, TIME ->
                "Field." + field.kind().name().toLowerCase(java.util.Locale.ROOT) + "()";
        };
    }

    private static String bytes(Bytes bytes) {
        String text = bytes.utf8();
        return Bytes.utf8(text).equals(bytes)
                ? "Bytes.utf8(" + quoted(text) + ")"
                : "Bytes.of(HexFormat.of().parseHex(" + quoted(HexFormat.of().formatHex(bytes.toArray())) + "))";
    }

    static String quoted(String text) {
        StringBuilder quoted = new StringBuilder("\"");
        text.chars().forEach(c -> {
            switch (c) {
                case '"' -> quoted.append("\\\"");
                case '\\' -> quoted.append("\\\\");
                case '\n' -> quoted.append("\\n");
                case '\r' -> quoted.append("\\r");
                case '\t' -> quoted.append("\\t");
                default -> {
                    // Letters of every script stay readable; what an editor could hide or join does not.
                    if (c < ' ' || (c >= 0x7f && !Character.isLetter(c))) {
                        quoted.append(String.format("\\u%04x", c));
                    } else {
                        quoted.append((char) c);
                    }
                }
            }
        });
        return quoted.append('"').toString();
    }

    /** Returns the collection's texts in its order, for answers. */
    static List<String> each(Collection<?> values) {
        return values.stream().map(JavaText::of).toList();
    }
}
