package io.contextdb.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.exc.InputCoercionException;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import io.contextdb.spi.error.InvalidRequestException;
import io.contextdb.spi.value.PropertyMap;
import java.io.IOException;
import java.io.Reader;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Spliterator;
import java.util.Spliterators.AbstractSpliterator;
import java.util.function.Consumer;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/**
 * Property maps as JSON text and back, exactly: integers are read as {@link Long}, numbers with a point or an exponent as
 * {@link Double}, and written so that they are read as what they were. Thread-safe.
 */
public final class PropertyJson {
    private static final int LONGEST_TEXT = 1 << 26;

    // Keys come from anywhere: interning them would fill the JVM's table of strings, sharing them would slow it down.
    private static final JsonFactory JSON = JsonFactory.builder()
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
            .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(PropertyMap.MAX_DEPTH)
                    .maxNameLength(LONGEST_TEXT)
                    .maxStringLength(LONGEST_TEXT)
                    .build())
            .build();

    private PropertyJson() {}

    /** Returns the JSON object of a property map. */
    public static String write(PropertyMap properties) {
        return properties.isEmpty() ? "{}" : writeValue(properties.asMap());
    }

    /**
     * Returns the JSON text of a value: null, boolean, integer, float, string, map with string keys, or collection; anything
     * else is written as the string that it shows.
     */
    public static String writeValue(@Nullable Object value) {
        StringWriter text = new StringWriter();
        try (JsonGenerator out = JSON.createGenerator(text)) {
            write(out, value);
        } catch (IOException impossible) {
            throw new UncheckedIOException("a string writer does not fail", impossible);
        }
        return text.toString();
    }

    /**
     * Returns the property map of a JSON object. Strings and keys of more than 67,108,864 characters are refused.
     *
     * @throws InvalidRequestException if the text is no JSON object, has a key twice, or holds what a property map refuses;
     *     the message shows where, and nothing of the values
     */
    public static PropertyMap read(String json) {
        if (json.equals("{}")) {
            return PropertyMap.empty();
        }
        try (JsonParser in = JSON.createParser(json)) {
            PropertyMap properties = next(in);
            if (properties == null) {
                throw new InvalidRequestException("json", "must be an object, is empty");
            }
            if (nextToken(in) != null) {
                throw new InvalidRequestException(
                        "json", "goes on after the object" + where(in.currentTokenLocation()));
            }
            return properties;
        } catch (IOException impossible) {
            throw new UncheckedIOException("a string does not fail", impossible);
        }
    }

    /**
     * Returns the property maps of JSON objects one after the other, as in JSON Lines, read one by one as the stream asks.
     * The stream throws as {@link #read} does at the first bad one, and {@link UncheckedIOException} where the reader
     * fails; closing it closes the reader.
     */
    public static Stream<PropertyMap> readLines(Reader lines) {
        JsonParser in;
        try {
            in = JSON.createParser(lines);
        } catch (IOException unreadable) {
            throw new UncheckedIOException("cannot read JSON lines", unreadable);
        }
        Spliterator<PropertyMap> objects =
                new AbstractSpliterator<>(Long.MAX_VALUE, Spliterator.ORDERED | Spliterator.NONNULL) {
                    @Override
                    public boolean tryAdvance(Consumer<? super PropertyMap> action) {
                        PropertyMap properties = nextUnchecked(in);
                        if (properties != null) {
                            action.accept(properties);
                        }
                        return properties != null;
                    }
                };
        return StreamSupport.stream(objects, false).onClose(() -> close(in));
    }

    private static void close(JsonParser in) {
        try {
            in.close();
        } catch (IOException unclosed) {
            throw new UncheckedIOException("cannot close JSON lines", unclosed);
        }
    }

    private static @Nullable PropertyMap nextUnchecked(JsonParser in) {
        try {
            return next(in);
        } catch (IOException unreadable) {
            throw new UncheckedIOException("cannot read JSON lines", unreadable);
        }
    }

    private static @Nullable PropertyMap next(JsonParser in) throws IOException {
        JsonToken first = nextToken(in);
        if (first == null) {
            return null;
        }
        if (first != JsonToken.START_OBJECT) {
            throw new InvalidRequestException("json", "must be an object" + where(in.currentTokenLocation()));
        }
        try {
            return PropertyMap.copyOf(readObject(in));
        } catch (JsonProcessingException malformed) {
            throw refused(malformed);
        }
    }

    private static @Nullable JsonToken nextToken(JsonParser in) throws IOException {
        try {
            return in.nextToken();
        } catch (JsonProcessingException malformed) {
            throw refused(malformed);
        }
    }

    private static InvalidRequestException refused(JsonProcessingException malformed) {
        String problem = switch (malformed) {
            case StreamConstraintsException limit ->
                "breaks a limit: nested at most " + PropertyMap.MAX_DEPTH + " deep, texts of at most " + LONGEST_TEXT
                        + " characters, numbers of at most 1000";
            case InputCoercionException integer -> "has an integer of more than 64 bits";
            default -> "is malformed";
        };
        return new InvalidRequestException("json", problem + where(malformed.getLocation()));
    }

    private static String where(@Nullable JsonLocation location) {
        return location == null ? "" : " at line " + location.getLineNr() + ", column " + location.getColumnNr();
    }

    private static void write(JsonGenerator out, @Nullable Object value) throws IOException {
        switch (value) {
            case null -> out.writeNull();
            case Boolean bool -> out.writeBoolean(bool);
            case Long integer -> out.writeNumber(integer);
            case Integer integer -> out.writeNumber(integer);
            case Double number -> out.writeNumber(number);
            case PropertyMap properties -> write(out, properties.asMap());
            case Map<?, ?> map -> {
                out.writeStartObject();
                for (Map.Entry<?, ?> entry : map.entrySet()) {
                    out.writeFieldName(String.valueOf(entry.getKey()));
                    write(out, entry.getValue());
                }
                out.writeEndObject();
            }
            case Collection<?> list -> {
                out.writeStartArray();
                for (Object element : list) {
                    write(out, element);
                }
                out.writeEndArray();
            }
            default -> out.writeString(value.toString());
        }
    }

    private static @Nullable Object readValue(JsonParser in) throws IOException {
        return switch (in.currentToken()) {
            case VALUE_NULL -> null;
            case VALUE_TRUE -> true;
            case VALUE_FALSE -> false;
            case VALUE_STRING -> in.getText();
            case VALUE_NUMBER_INT -> in.getLongValue();
            case VALUE_NUMBER_FLOAT -> readDouble(in);
            case START_OBJECT -> readObject(in);
            case START_ARRAY -> {
                List<@Nullable Object> list = new ArrayList<>();
                while (in.nextToken() != JsonToken.END_ARRAY) {
                    list.add(readValue(in));
                }
                yield list;
            }
            default -> throw new InvalidRequestException("json", "ends too early");
        };
    }

    private static double readDouble(JsonParser in) throws IOException {
        double number = in.getDoubleValue();
        if (Double.isInfinite(number)) {
            throw new InvalidRequestException("json", "has a float beyond 64 bits" + where(in.currentTokenLocation()));
        }
        return number;
    }

    private static Map<String, @Nullable Object> readObject(JsonParser in) throws IOException {
        Map<String, @Nullable Object> map = new HashMap<>();
        for (String name = in.nextFieldName(); name != null; name = in.nextFieldName()) {
            in.nextToken();
            map.put(name, readValue(in));
        }
        return map;
    }
}
