package io.contextdb.backend.postgresql;

import io.contextdb.json.PropertyJson;
import io.contextdb.spi.error.CorruptDataException;
import io.contextdb.spi.error.InvalidRequestException;
import io.contextdb.spi.value.PropertyMap;
import java.math.BigDecimal;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Properties as {@code jsonb} and back, exactly (contract G3). The type keeps numbers as decimals: it drops exponents, which
 * tell a float from an integer, and the sign of −0. So floats are written in plain digits with a point, whole ones from 2^53
 * on by their exact value, for comparisons with integers, and −0.0 as {@code 0.00}, which no other float is written as.
 */
final class JsonColumn {
    private static final String MINUS_ZERO = "0.00";
    private static final double WHOLE = 0x1p53;

    private JsonColumn() {}

    static String write(PropertyMap properties) {
        return stored(PropertyJson.write(properties));
    }

    static String writeValue(@Nullable Object value) {
        return stored(PropertyJson.writeValue(value));
    }

    static PropertyMap read(String json) {
        try {
            return PropertyJson.read(
                    json.contains(MINUS_ZERO)
                            ? numbers(json, number -> number.equals(MINUS_ZERO) ? "-0.0" : number)
                            : json);
        } catch (InvalidRequestException malformed) {
            throw new CorruptDataException(
                    "stored properties are not what was written; the store was damaged", malformed);
        }
    }

    static @Nullable Object readValue(String json) {
        return read("{\"value\":" + json + "}").get("value");
    }

    private static String stored(String json) {
        return json.indexOf('E') >= 0 || json.contains("-0.0") ? numbers(json, JsonColumn::plain) : json;
    }

    private static String plain(String number) {
        if (number.equals("-0.0")) {
            return MINUS_ZERO;
        }
        if (number.indexOf('E') < 0) {
            return number;
        }
        double value = Double.parseDouble(number);
        String digits = (Math.abs(value) >= WHOLE ? new BigDecimal(value) : new BigDecimal(number)).toPlainString();
        return digits.indexOf('.') < 0 ? digits + ".0" : digits;
    }

    /** Rewrites the numbers of a JSON text, and nothing inside of its strings. */
    private static String numbers(String json, UnaryOperator<String> rewrite) {
        StringBuilder text = new StringBuilder(json.length() + 64);
        int at = 0;
        while (at < json.length()) {
            int end = at + 1;
            char c = json.charAt(at);
            if (c == '"') {
                while (json.charAt(end) != '"') {
                    end += json.charAt(end) == '\\' ? 2 : 1;
                }
                text.append(json, at, ++end);
            } else if (c == '-' || (c >= '0' && c <= '9')) {
                while (end < json.length() && "0123456789+-.eE".indexOf(json.charAt(end)) >= 0) {
                    end++;
                }
                text.append(rewrite.apply(json.substring(at, end)));
            } else {
                text.append(c);
            }
            at = end;
        }
        return text.toString();
    }
}
