package io.contextdb.backend.embedded;

import io.contextdb.spi.filter.Field;
import io.contextdb.spi.filter.Filter;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Where the documents stand that match a filter, by the values at a declared path.
 *
 * @param field what the filter looks at
 * @param ranges do not overlap, and hold all that match
 * @param exact whether they hold nothing else
 */
record ValueRanges(Field field, List<Range> ranges, boolean exact) {
    /**
     * Encoded values, in the order of their bytes.
     *
     * @param from the first
     * @param to the first that is not in it
     */
    @SuppressWarnings("ArrayRecordComponent") // Compared by nobody.
    record Range(byte[] from, byte[] to) {
        static Range one(byte[] encoded) {
            return new Range(encoded, OrderedValue.next(encoded));
        }

        static Range types(byte first, int afterLast) {
            return new Range(new byte[] {first}, new byte[] {(byte) afterLast});
        }

        /** Returns whether all of it is one value. */
        boolean isOne() {
            return Arrays.equals(to, OrderedValue.next(from));
        }
    }

    /** Returns the ranges of a filter that looks at one field; empty where the order of values does not help. */
    static Optional<ValueRanges> of(Filter filter) {
        return Optional.ofNullable(
                switch (filter) {
                    case Filter.Comparison term -> comparison(term);
                    case Filter.In in -> in(in);
                    case Filter.Exists exists ->
                        new ValueRanges(
                                exists.field(), List.of(Range.types(OrderedValue.NULL, OrderedValue.MAP + 1)), true);
                    case Filter.Everything all -> null;
                    case Filter.And and -> null;
                    case Filter.Or or -> null;
                    case Filter.Not not -> null;
                });
    }

    private static @Nullable ValueRanges comparison(Filter.Comparison term) {
        Object value = term.value();
        if (value instanceof Instant) {
            // No value of a document is an instant.
            return new ValueRanges(term.field(), List.of(), true);
        }
        byte[] encoded = OrderedValue.of(value);
        boolean whole = OrderedValue.isWhole(encoded);
        return switch (term.operator()) {
            case EQ -> new ValueRanges(term.field(), List.of(Range.one(encoded)), whole);
            case GT, GE, LT, LE -> order(term, value, encoded, whole);
            case STARTS_WITH ->
                new ValueRanges(
                        term.field(), List.of(new Range(encoded, OrderedValue.afterPrefix(encoded))), isKept(value));
            case CONTAINS -> null;
        };
    }

    private static boolean isKept(@Nullable Object value) {
        return value instanceof String text && text.getBytes(StandardCharsets.UTF_8).length <= OrderedValue.MAX_STRING;
    }

    private static ValueRanges order(Filter.Comparison term, @Nullable Object value, byte[] encoded, boolean whole) {
        if (!(value instanceof Number) && !(value instanceof String)) {
            return new ValueRanges(term.field(), List.of(), true);
        }
        byte[] first = {encoded[0]};
        byte[] end = {(byte) (encoded[0] + 1)};
        // A string that is cut stands where what it was cut from does: it is in, and looked at.
        Range range = switch (term.operator()) {
            case GT -> new Range(whole ? OrderedValue.next(encoded) : encoded, end);
            case GE -> new Range(encoded, end);
            case LT -> new Range(first, whole ? encoded : OrderedValue.next(encoded));
            default -> new Range(first, OrderedValue.next(encoded));
        };
        return new ValueRanges(term.field(), List.of(range), whole);
    }

    private static ValueRanges in(Filter.In in) {
        TreeSet<byte[]> values = new TreeSet<>(Arrays::compareUnsigned);
        boolean exact = true;
        for (Object value : in.values()) {
            if (!(value instanceof Instant)) {
                byte[] encoded = OrderedValue.of(value);
                exact &= OrderedValue.isWhole(encoded);
                values.add(encoded);
            }
        }
        List<Range> ranges = new ArrayList<>();
        values.forEach(value -> ranges.add(Range.one(value)));
        return new ValueRanges(in.field(), ranges, exact);
    }
}
