package io.contextdb.spi.internal;

import io.contextdb.spi.error.ErrorCode;
import io.contextdb.spi.error.InvalidRequestException;
import io.contextdb.spi.value.CodePointOrder;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
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
    private static final int MAX_LABELS = 256;

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
        count(field, present.size(), max);
        List<T> copy = new ArrayList<>(present.size());
        for (T value : present) {
            // Named only where it is wrong: a name an element would cost more than the rest of a short call.
            copy.add(value != null ? value : notNull(element(field, copy.size()), value));
        }
        return Collections.unmodifiableList(copy);
    }

    /** Returns an immutable copy of what a collection of any type holds, if all are of one type. */
    public static <T> List<T> listOf(Class<T> type, String field, @Nullable Collection<?> values, int max) {
        Collection<?> present = notNull(field, values);
        count(field, present.size(), max);
        List<T> copy = new ArrayList<>(present.size());
        for (Object value : present) {
            copy.add(type.isInstance(value) ? type.cast(value) : only(type, element(field, copy.size()), value));
        }
        return Collections.unmodifiableList(copy);
    }

    private static String element(String field, int index) {
        return field + "[" + index + "]";
    }

    /** Returns an immutable copy without nulls. */
    public static <T> List<T> list(String field, T @Nullable [] values, int max) {
        return list(field, Arrays.asList(notNull(field, values)), max);
    }

    /** Returns an immutable copy of texts, each by the rule of {@link #text}. */
    public static List<String> texts(String field, @Nullable Collection<?> values, int count, int min, int max) {
        List<String> copy = listOf(String.class, field, values, count);
        for (int i = 0; i < copy.size(); i++) {
            try {
                text(field, copy.get(i), min, max);
            } catch (InvalidRequestException unnamed) {
                text(element(field, i), copy.get(i), min, max);
            }
        }
        return copy;
    }

    /** Refuses null, and what a collection of another type has smuggled in. */
    public static <T> T only(Class<T> type, String field, @Nullable Object value) {
        Object present = notNull(field, value);
        if (!type.isInstance(present)) {
            throw new InvalidRequestException(
                    field,
                    "must be a " + type.getSimpleName() + ", is "
                            + present.getClass().getName());
        }
        return type.cast(present);
    }

    private static void count(String field, int size, int max) {
        if (size > max) {
            throw limit(field, "has " + size + " elements", max);
        }
    }

    /** Refuses text with NUL or unpaired surrogates, or whose UTF-8 form is not of {@code min} to {@code max} bytes. */
    public static String text(String field, @Nullable String value, int min, int max) {
        String text = notNull(field, value);
        long bytes = utf8Bytes(field, text);
        if (bytes > max) {
            throw limit(field, "has " + bytes + " bytes in UTF-8", max);
        }
        if (bytes < min) {
            throw new InvalidRequestException(field, "must have at least " + min + " byte(s), has " + bytes);
        }
        return text;
    }

    /** Refuses NUL and unpaired surrogates, which no store keeps faithfully (contract G3). */
    public static String unicode(String field, String value) {
        utf8Bytes(field, value);
        return value;
    }

    /** Refuses unpaired surrogates only: what becomes bytes may have NUL. */
    public static String paired(String field, String value) {
        for (int i = 0; i < value.length(); i++) {
            if (Character.isSurrogate(value.charAt(i))) {
                checkPair(field, value, i);
                i++;
            }
        }
        return value;
    }

    /**
     * Returns the length in UTF-8 of a text without NUL and unpaired surrogates; in one pass and without a copy, as every key of
     * every call comes through here.
     */
    public static long utf8Bytes(String field, String text) {
        int length = text.length();
        long bytes = length;
        for (int i = 0; i < length; i++) {
            char c = text.charAt(i);
            if (c == 0) {
                throw new InvalidRequestException(field, "contains NUL at index " + i);
            }
            if (c >= 0x80) {
                // A pair is two chars and four bytes, so that the first of them counts as the others from U+0800 do.
                bytes += c < 0x800 ? 1 : 2;
                if (Character.isSurrogate(c)) {
                    checkPair(field, text, i);
                    i++;
                }
            }
        }
        return bytes;
    }

    private static void checkPair(String field, String text, int index) {
        if (!Character.isHighSurrogate(text.charAt(index))
                || index + 1 == text.length()
                || !Character.isLowSurrogate(text.charAt(index + 1))) {
            throw new InvalidRequestException(field, "contains an unpaired surrogate at index " + index);
        }
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

    /** Refuses a duration outside {@code [min, max]}, however long it is. */
    public static Duration duration(String field, @Nullable Duration value, Duration min, Duration max) {
        Duration present = notNull(field, value);
        if (present.compareTo(min) < 0) {
            throw new InvalidRequestException(
                    field, "must be at least " + spelled(min) + " and at most " + spelled(max) + ", is " + present);
        }
        if (present.compareTo(max) > 0) {
            throw new InvalidRequestException(
                    ErrorCode.LIMIT_EXCEEDED, field, "is " + present + "; the limit is " + spelled(max));
        }
        return present;
    }

    private static String spelled(Duration limit) {
        if (limit.toNanosPart() != 0) {
            return limit.toNanosPart() % 1_000_000 == 0 ? limit.toMillis() + " ms" : limit.toNanos() + " ns";
        }
        long seconds = limit.toSeconds();
        return seconds > 0 && seconds % 86_400 == 0
                ? seconds / 86_400 + " days"
                : seconds > 0 && seconds % 3_600 == 0 ? seconds / 3_600 + " h" : seconds + " s";
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
        for (Object label : notNull(field, labels)) {
            sorted.add(TextRule.LABEL.check(field, only(String.class, field, label)));
            if (sorted.size() > MAX_LABELS) {
                throw limit(field, "has more than " + MAX_LABELS + " labels", MAX_LABELS);
            }
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
