package io.contextdb.embedder.openai;

import io.contextdb.json.PropertyJson;
import io.contextdb.spi.error.CorruptDataException;
import io.contextdb.spi.error.InvalidRequestException;
import io.contextdb.spi.value.PropertyMap;
import io.contextdb.spi.vector.Vector;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The JSON of requests and answers. */
final class Wire {
    /** Longest spelling of a component, with what stands around it in a text written for people. */
    private static final long BYTES_OF_COMPONENT = 64;

    private static final Pattern CODE = Pattern.compile("[a-z][a-z_]{0,63}");

    private final Settings settings;

    Wire(Settings settings) {
        this.settings = settings;
    }

    byte[] request(List<String> texts) {
        Map<String, Object> request = new LinkedHashMap<>();
        request.put("model", settings.model().id());
        request.put("input", texts);
        if (settings.askForDimensions()) {
            request.put("dimensions", settings.model().dimensions());
        }
        return PropertyJson.writeValue(request).getBytes(StandardCharsets.UTF_8);
    }

    /** Returns the most bytes that a well-formed answer to so many texts takes. */
    int maxAnswerBytes(int texts) {
        long bytes = (1 << 16) + (long) texts * settings.model().dimensions() * BYTES_OF_COMPONENT;
        return (int) Math.min(bytes, 1 << 30);
    }

    /** Returns the vectors in the order of the request's texts. */
    List<Vector> vectors(byte[] answer, int texts) {
        if (answer.length > maxAnswerBytes(texts)) {
            throw corrupt("is larger than " + maxAnswerBytes(texts) + " bytes", null);
        }
        if (!(parsed(answer).get("data") instanceof List<?> data)) {
            throw corrupt("has no list 'data'", null);
        }
        if (data.size() != texts) {
            throw corrupt("has " + data.size() + " vectors for " + texts + " texts", null);
        }
        @Nullable Vector[] vectors = new Vector[texts];
        for (Object element : data) {
            if (!(element instanceof Map<?, ?> entry
                    && entry.get("index") instanceof Long index
                    && entry.get("embedding") instanceof List<?> components)) {
                throw corrupt("has an entry without 'index' and 'embedding'", null);
            }
            if (index < 0 || index >= texts || vectors[index.intValue()] != null) {
                throw corrupt("has index " + index + ", which is beyond its " + texts + " texts or there twice", null);
            }
            vectors[index.intValue()] = vector(components);
        }
        return Arrays.stream(vectors).map(Objects::requireNonNull).toList();
    }

    private Vector vector(List<?> components) {
        int expected = settings.model().dimensions();
        if (components.size() != expected) {
            throw new InvalidRequestException(
                    "dimensions",
                    "is " + expected + ", but model " + settings.model().id() + " answers with " + components.size()
                            + "; set dimensions=" + components.size());
        }
        float[] values = new float[expected];
        for (int i = 0; i < expected; i++) {
            if (!(components.get(i) instanceof Number number) || !Float.isFinite(number.floatValue())) {
                throw corrupt("has a vector with a component that is no 32-bit float", null);
            }
            values[i] = number.floatValue();
        }
        return Vector.of(values);
    }

    /** Returns the short name of an error's cause, where the body has one: nothing else of it may be shown. */
    static Optional<String> errorCode(byte[] body) {
        try {
            PropertyMap error = PropertyJson.read(new String(body, StandardCharsets.UTF_8))
                    .map("error")
                    .orElse(PropertyMap.empty());
            return error.string("code")
                    .or(() -> error.string("type"))
                    .filter(code -> CODE.matcher(code).matches());
        } catch (InvalidRequestException notJson) {
            return Optional.empty();
        }
    }

    private PropertyMap parsed(byte[] answer) {
        try {
            return PropertyJson.read(new String(answer, StandardCharsets.UTF_8));
        } catch (InvalidRequestException malformed) {
            throw corrupt("is not the JSON that was expected", malformed);
        }
    }

    private CorruptDataException corrupt(String problem, @Nullable Throwable cause) {
        return new CorruptDataException("openai: the answer of " + settings.endpoint() + " " + problem, cause);
    }
}
