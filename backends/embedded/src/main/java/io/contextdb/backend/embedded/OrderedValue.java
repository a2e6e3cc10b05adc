package io.contextdb.backend.embedded;

import io.contextdb.spi.filter.Field;
import io.contextdb.spi.filter.Fields;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Values as bytes that have their order (contract D2): absent, null, false, true, numbers, strings, lists, maps. Numbers are
 * whole: equal ones, and only those, have the same bytes, across integer and float. Strings are cut, lists and maps are told by
 * their type alone; where that is so, documents with the same bytes are looked at.
 */
final class OrderedValue {
    static final byte ABSENT = 0;
    static final byte NULL = 1;
    static final byte FALSE = 2;
    static final byte TRUE = 3;
    static final byte NUMBER = 4;
    static final byte STRING = 5;
    static final byte LIST = 6;
    static final byte MAP = 7;

    /** Longest string that is kept whole, in bytes of UTF-8. */
    static final int MAX_STRING = 200;

    private static final double BEYOND_LONG = 0x1p63;

    private OrderedValue() {}

    static byte[] of(Fields record, Field field) {
        return record.has(field) ? of(record.value(field)) : new byte[] {ABSENT};
    }

    static byte[] of(@Nullable Object value) {
        return switch (value) {
            case null -> new byte[] {NULL};
            case Boolean bool -> new byte[] {bool ? TRUE : FALSE};
            case Number number -> number(number);
            case String text -> string(text);
            case List<?> list -> new byte[] {LIST};
            case Map<?, ?> map -> new byte[] {MAP};
            default -> throw new IllegalArgumentException("no value of a property: " + value.getClass());
        };
    }

    /** The nearest float, then how far an integer is from it: beyond 2^53 several integers have the same. */
    private static byte[] number(Number number) {
        double nearest = number.doubleValue() + 0.0;
        long bits = Double.doubleToLongBits(nearest);
        long ordered = bits ^ ((bits >> 63) | Long.MIN_VALUE);
        short off = number instanceof Long integer ? off(integer, nearest) : 0;
        return ByteBuffer.allocate(11)
                .put(NUMBER)
                .putLong(ordered)
                .putShort((short) (off ^ Short.MIN_VALUE))
                .array();
    }

    private static short off(long integer, double nearest) {
        return nearest < BEYOND_LONG && nearest > -BEYOND_LONG
                ? (short) (integer - (long) nearest)
                : BigDecimal.valueOf(integer).subtract(new BigDecimal(nearest)).shortValueExact();
    }

    private static byte[] string(String text) {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        int length = Math.min(utf8.length, MAX_STRING);
        return ByteBuffer.allocate(1 + length).put(STRING).put(utf8, 0, length).array();
    }

    /** Returns whether all values with these bytes are equal. */
    static boolean isWhole(byte[] encoded) {
        return encoded[0] < LIST && !(encoded[0] == STRING && encoded.length > MAX_STRING);
    }

    /** Returns the first bytes after these. */
    static byte[] next(byte[] encoded) {
        return Arrays.copyOf(encoded, encoded.length + 1);
    }

    /** Returns the first bytes after all that begin so. */
    static byte[] afterPrefix(byte[] encoded) {
        int last = encoded.length - 1;
        while (encoded[last] == (byte) 0xff) {
            last--;
        }
        byte[] after = Arrays.copyOf(encoded, last + 1);
        after[last]++;
        return after;
    }
}
