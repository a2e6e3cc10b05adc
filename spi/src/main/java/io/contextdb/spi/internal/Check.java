package io.contextdb.spi.internal;

import io.contextdb.spi.error.ErrorCode;
import io.contextdb.spi.error.InvalidRequestException;
import io.contextdb.spi.value.CodePointOrder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The rules that several model types share; each error names the field, the problem and the limit. */
public final class Check {
    private static final Instant FIRST = Instant.parse("0001-01-01T00:00:00Z");
    private static final Instant LAST = Instant.parse("9999-12-31T23:59:59.999999Z");
    private static final int SHOWN = 60;

    private Check() {}

    /** Refuses null. */
    public static <T> T notNull(String field, @Nullable T value) {
        if (value == null) {
            throw new InvalidRequestException(field, "must not be null");
        }
        return value;
    }

    /** Returns an immutable copy without nulls. */
    public static <T> List<T> list(String field, @Nullable Collection<? extends T> values, int max) {
        Collection<? extends T> present = notNull(field, values);
        List<T> copy = new ArrayList<>(present.size());
        for (T value : present) {
            copy.add(notNull(field + "[" + copy.size() + "]", value));
        }
        if (copy.size() > max) {
            throw limit(field, "has " + copy.size() + " elements", max);
        }
        return Collections.unmodifiableList(copy);
    }

    /** Refuses text with NUL or unpaired surrogates, or whose UTF-8 form is not of {@code min} to {@code max} bytes. */
    public static String text(String field, @Nullable String value, int min, int max) {
        String text = unicode(field, notNull(field, value));
        // A char takes at least one byte, so long texts need no encoding to be refused.
        int bytes = text.length() > max ? text.length() : text.getBytes(StandardCharsets.UTF_8).length;
        if (bytes > max) {
            throw limit(field, "is longer than the limit (at least " + bytes + " bytes in UTF-8)", max);
        }
        if (bytes < min) {
            throw new InvalidRequestException(field, "must have at least " + min + " byte(s), has " + bytes);
        }
        return text;
    }

    /** Refuses NUL and unpaired surrogates, which no store keeps faithfully (contract G3). */
    public static String unicode(String field, String value) {
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c == 0) {
                throw new InvalidRequestException(field, "contains NUL at index " + i);
            }
            if (Character.isSurrogate(c)) {
                if (!Character.isHighSurrogate(c)
                        || i + 1 == value.length()
                        || !Character.isLowSurrogate(value.charAt(i + 1))) {
                    throw new InvalidRequestException(field, "contains an unpaired surrogate at index " + i);
                }
                i++;
            }
        }
        return value;
    }

    /** Refuses what is outside {@code [min, max]}. */
    public static long range(String field, long value, long min, long max) {
        if (value < min) {
            throw new InvalidRequestException(field, "must be at least " + min + ", is " + value);
        }
        if (value > max) {
            throw limit(field, "is " + value, max);
        }
        return value;
    }

    /** {@link #range(String, long, long, long)} for an {@code int}. */
    public static int range(String field, int value, int min, int max) {
        return (int) range(field, (long) value, min, max);
    }

    /** Refuses what is not a number in {@code [min, max]}. */
    public static double range(String field, double value, double min, double max) {
        if (!(value >= min && value <= max)) {
            throw new InvalidRequestException(field, "must be in [" + min + ", " + max + "], is " + value);
        }
        return value;
    }

    /** Truncates to microseconds and refuses instants outside the years 1 to 9999 (contract G2). */
    public static Instant instant(String field, @Nullable Instant value) {
        Instant truncated = notNull(field, value).truncatedTo(ChronoUnit.MICROS);
        if (truncated.isBefore(FIRST) || truncated.isAfter(LAST)) {
            throw new InvalidRequestException(field, "must be in the years 1 to 9999, is " + value);
        }
        return truncated;
    }

    /** Returns labels as an immutable sorted set; at most 256 of 1 to 256 bytes. */
    public static SortedSet<String> labels(String field, @Nullable Collection<String> labels) {
        SortedSet<String> sorted = new TreeSet<>(CodePointOrder.INSTANCE);
        for (String label : notNull(field, labels)) {
            sorted.add(text(field, label, 1, 256));
        }
        if (sorted.size() > 256) {
            throw limit(field, "has " + sorted.size() + " labels", 256);
        }
        return Collections.unmodifiableSortedSet(sorted);
    }

    /** Builds the error for a value over a limit. */
    public static InvalidRequestException limit(String field, String actual, long max) {
        return new InvalidRequestException(ErrorCode.LIMIT_EXCEEDED, field, actual + "; the limit is " + max);
    }

    /** Shortens a value for a message. */
    public static String shown(String value) {
        return value.length() <= SHOWN ? value : value.substring(0, SHOWN) + "…";
    }
}
