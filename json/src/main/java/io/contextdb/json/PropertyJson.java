package io.contextdb.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import io.contextdb.spi.error.InvalidRequestException;
import io.contextdb.spi.value.PropertyMap;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Property maps as JSON text and back, exactly: integers are read as {@link Long}, numbers with a point or an exponent as
 * {@link Double}, and written so that they are read as what they were. Thread-safe.
 */
public final class PropertyJson {
    private static final JsonFactory JSON = JsonFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(PropertyMap.MAX_DEPTH)
                    .maxStringLength(1 << 26)
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
     * Returns the property map of a JSON object.
     *
     * @throws InvalidRequestException if the text is no JSON object, has a key twice, or holds what a property map refuses;
     *     the message shows where, and nothing of the content
     */
    public static PropertyMap read(String json) {
        if (json.equals("{}")) {
            return PropertyMap.empty();
        }
        try (JsonParser in = JSON.createParser(json)) {
            if (in.nextToken() != JsonToken.START_OBJECT) {
                throw new InvalidRequestException("json", "must be an object");
            }
            Map<String, @Nullable Object> map = readObject(in);
            if (in.nextToken() != null) {
                throw new InvalidRequestException("json", "goes on after the object");
            }
            return PropertyMap.copyOf(map);
        } catch (JsonProcessingException malformed) {
            JsonLocation where = malformed.getLocation();
            throw new InvalidRequestException(
                    "json",
                    where == null
                            ? "breaks a limit: nested at most " + PropertyMap.MAX_DEPTH + " deep"
                            : "is malformed at line " + where.getLineNr() + ", column " + where.getColumnNr());
        } catch (IOException impossible) {
            throw new UncheckedIOException("a string does not fail", impossible);
        }
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
            case VALUE_NUMBER_FLOAT -> in.getDoubleValue();
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

    private static Map<String, @Nullable Object> readObject(JsonParser in) throws IOException {
        Map<String, @Nullable Object> map = new HashMap<>();
        for (String name = in.nextFieldName(); name != null; name = in.nextFieldName()) {
            in.nextToken();
            map.put(name, readValue(in));
        }
        return map;
    }
}
