package io.contextdb.backend.embedded;

import io.contextdb.spi.vector.VectorPoint;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.lucene.util.BytesRef;
import org.apache.lucene.util.NumericUtils;
import org.jspecify.annotations.Nullable;

/**
 * The terms that a point is found by in filters. All stand in one field, so that the number of fields does not grow with
 * the properties that applications invent: each begins with the path it belongs to, then the kind of value.
 */
final class FilterTerms {
    /** Longer strings are cut: their terms find candidates, which are looked at again. */
    static final int MAX_STRING = 256;

    /** A point of more terms than this gets {@link #TRUNCATED}, and is a candidate of every filter on properties. */
    private static final int MAX_TERMS = 2_000;

    static final BytesRef TRUNCATED = new BytesRef("!");
    static final String LABELS = "L";
    static final String SOURCE = "S";
    static final String SUBJECT = "U";

    /** What a term says of the value at its path. */
    enum Kind {
        /** It is there. */
        EXISTS('?'),
        /** It is this value. */
        VALUE('='),
        /** It is a list with this element. */
        ELEMENT('+'),
        /** It is a string. */
        STRING('"'),
        /** It is a string, longer than what is indexed, that begins so. */
        LONG_STRING('~');

        private final char mark;

        Kind(char mark) {
            this.mark = mark;
        }
    }

    private FilterTerms() {}

    static Set<BytesRef> of(VectorPoint point) {
        Set<BytesRef> terms = new LinkedHashSet<>();
        for (String label : point.labels()) {
            add(terms, LABELS, Kind.ELEMENT, label);
        }
        text(terms, SOURCE, point.source());
        text(terms, SUBJECT, point.subject());
        boolean whole = properties(terms, "P", point.properties().asMap());
        if (!whole) {
            terms.add(TRUNCATED);
        }
        return terms;
    }

    private static void text(Set<BytesRef> terms, String path, String text) {
        if (!text.isEmpty()) {
            terms.add(term(path, Kind.EXISTS, new byte[0]));
            add(terms, path, Kind.VALUE, text);
        }
    }

    private static boolean properties(Set<BytesRef> terms, String path, Map<?, ?> map) {
        for (Map.Entry<?, ?> entry : map.entrySet()) {
            if (terms.size() > MAX_TERMS) {
                return false;
            }
            String child = child(path, (String) entry.getKey());
            terms.add(term(child, Kind.EXISTS, new byte[0]));
            switch (entry.getValue()) {
                case Map<?, ?> inner -> {
                    if (!properties(terms, child, inner)) {
                        return false;
                    }
                }
                case List<?> list -> {
                    for (Object element : list) {
                        add(terms, child, Kind.ELEMENT, element);
                    }
                }
                case null -> add(terms, child, Kind.VALUE, null);
                default -> add(terms, child, Kind.VALUE, entry.getValue());
            }
        }
        return terms.size() <= MAX_TERMS;
    }

    /** Returns the path of properties; lengths keep steps apart, whatever characters they have. */
    static String path(List<String> steps) {
        String path = "P";
        for (String step : steps) {
            path = child(path, step);
        }
        return path;
    }

    private static String child(String path, String step) {
        return path + step.length() + ":" + step;
    }

    private static void add(Set<BytesRef> terms, String path, Kind kind, @Nullable Object value) {
        byte[] encoded = encoded(value);
        if (encoded == null) {
            return;
        }
        if (value instanceof String) {
            terms.add(term(path, Kind.STRING, new byte[0]));
        }
        terms.add(term(path, kind, encoded));
        if (kind == Kind.VALUE && isLong(encoded)) {
            terms.add(term(path, Kind.LONG_STRING, new byte[0]));
        }
    }

    static boolean isLong(byte[] encoded) {
        return encoded[0] == 's' && encoded.length > MAX_STRING;
    }

    /** Returns a scalar so that order of bytes is order of values of its type; null for lists and maps. */
    static byte @Nullable [] encoded(@Nullable Object value) {
        return switch (value) {
            case null -> new byte[] {'0'};
            case Boolean bool -> new byte[] {'b', (byte) (bool ? 1 : 0)};
            case Number number -> number(number.doubleValue());
            case String text -> string(text);
            default -> null;
        };
    }

    private static byte[] number(double value) {
        byte[] bytes = new byte[9];
        bytes[0] = 'n';
        // Adding 0 makes −0.0, which equals 0, the same term.
        NumericUtils.longToSortableBytes(NumericUtils.doubleToSortableLong(value + 0.0), bytes, 1);
        return bytes;
    }

    private static byte[] string(String text) {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        int length = Math.min(utf8.length, MAX_STRING);
        return ByteBuffer.allocate(1 + length)
                .put((byte) 's')
                .put(utf8, 0, length)
                .array();
    }

    static BytesRef term(String path, Kind kind, byte[] value) {
        byte[] utf8 = path.getBytes(StandardCharsets.UTF_8);
        ByteBuffer term = ByteBuffer.allocate(utf8.length + 2 + value.length);
        // NUL is in no path: no path is another's beginning.
        return new BytesRef(
                term.put(utf8).put((byte) 0).put((byte) kind.mark).put(value).array());
    }
}
