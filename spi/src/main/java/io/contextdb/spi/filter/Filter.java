package io.contextdb.spi.filter;

import io.contextdb.spi.error.InvalidRequestException;
import io.contextdb.spi.internal.Check;
import io.contextdb.spi.value.PropertyMap;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A condition on a record, with the truth table of contract V6: a comparison with an absent value or with a value of
 * another type is false; {@code not} is the true complement, and {@code ne} is {@code not(eq)}. Numbers compare by their
 * exact value across integer and float; strings by code point; instants by time. Booleans, lists and maps have equality
 * but no order. Lists and maps are equal element by element, numbers across integer and float.
 *
 * <p>At most {@value #MAX_TERMS} terms, nested at most {@value #MAX_DEPTH} deep. Immutable.
 */
public sealed interface Filter {
    /** Most terms of a filter, connectives included. */
    int MAX_TERMS = 1_000;

    /** Deepest nesting of connectives. */
    int MAX_DEPTH = 64;

    /** Matches everything. */
    record Everything() implements Filter {}

    /**
     * Matches where all operands do; an empty list matches everything.
     *
     * @param operands the operands
     */
    record And(List<Filter> operands) implements Filter {
        /** Checks the size. */
        public And {
            operands = Check.list("filter.and", operands, MAX_TERMS);
            Terms.check(operands);
        }
    }

    /**
     * Matches where at least one operand does; an empty list matches nothing.
     *
     * @param operands the operands
     */
    record Or(List<Filter> operands) implements Filter {
        /** Checks the size. */
        public Or {
            operands = Check.list("filter.or", operands, MAX_TERMS);
            Terms.check(operands);
        }
    }

    /**
     * Matches exactly where the operand does not.
     *
     * @param operand the operand
     */
    record Not(Filter operand) implements Filter {
        /** Checks the size. */
        public Not {
            Terms.check(List.of(Check.notNull("filter.not", operand)));
        }
    }

    /**
     * Compares a field with a value.
     *
     * @param field the field
     * @param operator the comparison
     * @param value null, boolean, integer, float, string, instant, list or map; normalised as in {@link PropertyMap}
     */
    record Comparison(
            Field field, Operator operator, @Nullable Object value) implements Filter {
        /** Normalises the value. */
        public Comparison {
            Check.notNull("filter.field", field);
            Check.notNull("filter.operator", operator);
            value = Terms.normalised(value);
            if (operator == Operator.STARTS_WITH && !(value instanceof String)) {
                throw new InvalidRequestException("filter.startsWith", "needs a string, has " + value);
            }
        }
    }

    /**
     * Matches where the field equals one of the values; none for an empty list.
     *
     * @param field the field
     * @param values the values, at most 10,000
     */
    record In(Field field, List<@Nullable Object> values) implements Filter {
        /** Normalises the values. */
        public In {
            Check.notNull("filter.field", field);
            values = Terms.normalisedList(values);
        }
    }

    /**
     * Matches where the field is there, be its value null.
     *
     * @param field the field
     */
    record Exists(Field field) implements Filter {
        /** Refuses null. */
        public Exists {
            Check.notNull("filter.field", field);
        }
    }

    /** How a field is compared. */
    enum Operator {
        /** Equal. */
        EQ,
        /** Greater. */
        GT,
        /** Greater or equal. */
        GE,
        /** Less. */
        LT,
        /** Less or equal. */
        LE,
        /** A list has an element equal to the value, or a string has the value, a string, as a part. */
        CONTAINS,
        /** A string starts with the value. */
        STARTS_WITH
    }

    /** Returns whether a record matches; the reference that every backend's own translation must agree with. */
    default boolean matches(Fields record) {
        return switch (this) {
            case Everything all -> true;
            case And and -> and.operands().stream().allMatch(operand -> operand.matches(record));
            case Or or -> or.operands().stream().anyMatch(operand -> operand.matches(record));
            case Not not -> !not.operand().matches(record);
            case Exists exists -> record.has(exists.field());
            case In in ->
                record.has(in.field())
                        && in.values().stream().anyMatch(value -> Comparing.equal(record.value(in.field()), value));
            case Comparison term ->
                record.has(term.field()) && Comparing.holds(record.value(term.field()), term.operator(), term.value());
        };
    }

    /**
     * Returns the filter of a text: comparisons {@code field = value} (also {@code !=, <, <=, >, >=, contains, starts with, in
     * (…)}), {@code exists field} and {@code label = "x"}, joined by {@code and}, {@code or}, {@code not} and parentheses; also
     * {@code everything} and {@code nothing}. Fields are {@code id, labels, properties.name.name, source, subject, type, time,
     * validFrom, validTo}; values {@code "text", 1, 1.5, true, false, null, @2026-01-31T12:00:00Z, [list], {"key": value}}.
     * Words may be in any case; in texts, {@code \\} escapes the next character.
     *
     * @throws InvalidRequestException that says where the text is wrong and what was expected there
     */
    static Filter parse(String text) {
        return new FilterParser(Check.notNull("filter", text)).parse();
    }

    /** Returns the text that {@link #parse} reads as an equal filter. */
    default String text() {
        return FilterText.of(this);
    }

    /** Matches everything. */
    static Filter everything() {
        return new Everything();
    }

    /** Matches where all operands do. */
    static Filter and(Filter... operands) {
        return new And(Check.list("filter.and", operands, MAX_TERMS));
    }

    /** Matches where at least one operand does. */
    static Filter or(Filter... operands) {
        return new Or(Check.list("filter.or", operands, MAX_TERMS));
    }

    /** Matches exactly where the operand does not. */
    static Filter not(Filter operand) {
        return new Not(operand);
    }

    /** Matches where the field equals the value. */
    static Filter eq(Field field, @Nullable Object value) {
        return new Comparison(field, Operator.EQ, value);
    }

    /** Matches where the field is absent or does not equal the value. */
    static Filter ne(Field field, @Nullable Object value) {
        return not(eq(field, value));
    }

    /** Matches where the field equals one of the values. */
    static Filter in(Field field, Collection<? extends @Nullable Object> values) {
        return new In(field, Terms.normalisedList(values));
    }

    /** Matches where the field is greater than the value. */
    static Filter gt(Field field, Object value) {
        return new Comparison(field, Operator.GT, value);
    }

    /** Matches where the field is greater than or equal to the value. */
    static Filter ge(Field field, Object value) {
        return new Comparison(field, Operator.GE, value);
    }

    /** Matches where the field is less than the value. */
    static Filter lt(Field field, Object value) {
        return new Comparison(field, Operator.LT, value);
    }

    /** Matches where the field is less than or equal to the value. */
    static Filter le(Field field, Object value) {
        return new Comparison(field, Operator.LE, value);
    }

    /** Matches where the field is there. */
    static Filter exists(Field field) {
        return new Exists(field);
    }

    /** Matches where the list field has the element, or the string field has the part. */
    static Filter contains(Field field, @Nullable Object value) {
        return new Comparison(field, Operator.CONTAINS, value);
    }

    /** Matches where the string field starts with the prefix. */
    static Filter startsWith(Field field, String prefix) {
        return new Comparison(field, Operator.STARTS_WITH, prefix);
    }

    /** Matches records that carry the label. */
    static Filter label(String label) {
        return contains(Field.labels(), label);
    }

    /** Matches records whose validity contains the instant. */
    static Filter validAt(Instant instant) {
        return and(le(Field.validFrom(), instant), or(not(exists(Field.validTo())), gt(Field.validTo(), instant)));
    }
}
