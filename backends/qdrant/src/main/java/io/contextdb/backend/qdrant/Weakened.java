package io.contextdb.backend.qdrant;

import io.contextdb.spi.filter.Field;
import io.contextdb.spi.filter.Filter;
import io.contextdb.spi.filter.Filter.Operator;
import io.qdrant.client.grpc.Common.Condition;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A filter in the server's words, which differ from the contract's truth table: so it is given once as what every match fulfils,
 * and once as what only matches fulfil. The complement of the one is the other of the complement. What cannot be said is
 * everything there, and nothing here.
 */
final class Weakened {
    private static final int DEEPEST = 16;
    private static final int MOST_VALUES = 1_000;

    /** Numbers may be off by one unit in the last place for each form that they go through. */
    private static final int SLACK = 4;

    private Weakened() {}

    /** What a filter becomes: a condition, or the same for every point. */
    sealed interface Said {
        /** Every point, or none. */
        record Same(boolean holds) implements Said {}

        /** The points that fulfil it. */
        record Where(Condition condition) implements Said {}
    }

    /** Which of the two is asked for. */
    private enum Side {
        /** Fulfilled by every match. */
        NEEDED,
        /** Fulfilled by matches only. */
        ENOUGH;

        Side other() {
            return this == NEEDED ? ENOUGH : NEEDED;
        }

        Said unsaid() {
            return new Said.Same(this == NEEDED);
        }
    }

    /** Returns what every point that matches fulfils. */
    static Said of(Filter filter) {
        return of(filter, Side.NEEDED, 0);
    }

    /** Returns what only points that match fulfil. */
    static Said enough(Filter filter) {
        return of(filter, Side.ENOUGH, 0);
    }

    private static Said of(Filter filter, Side side, int depth) {
        if (depth > DEEPEST) {
            return side.unsaid();
        }
        return switch (filter) {
            case Filter.Everything all -> new Said.Same(true);
            case Filter.And and -> and(and.operands(), side, depth);
            case Filter.Or or -> or(or.operands(), side, depth);
            case Filter.Not not -> complement(of(not.operand(), side.other(), depth + 1));
            case Filter.Exists exists -> exists(exists.field(), side);
            case Filter.In in -> in(in, side);
            case Filter.Comparison comparison -> comparison(comparison, side);
        };
    }

    private static Said and(List<Filter> operands, Side side, int depth) {
        List<Condition> conditions = new ArrayList<>();
        for (Filter operand : operands) {
            switch (of(operand, side, depth + 1)) {
                case Said.Same same -> {
                    if (!same.holds()) {
                        return same;
                    }
                }
                case Said.Where where -> conditions.add(where.condition());
            }
        }
        return conditions.isEmpty()
                ? new Said.Same(true)
                : where(io.qdrant.client.grpc.Common.Filter.newBuilder()
                        .addAllMust(conditions)
                        .build());
    }

    private static Said or(List<Filter> operands, Side side, int depth) {
        List<Condition> conditions = new ArrayList<>();
        for (Filter operand : operands) {
            switch (of(operand, side, depth + 1)) {
                case Said.Same same -> {
                    if (same.holds()) {
                        return same;
                    }
                }
                case Said.Where where -> conditions.add(where.condition());
            }
        }
        return conditions.isEmpty() ? new Said.Same(false) : where(Conditions.any(conditions));
    }

    private static Said complement(Said said) {
        return switch (said) {
            case Said.Same same -> new Said.Same(!same.holds());
            case Said.Where where ->
                where(io.qdrant.client.grpc.Common.Filter.newBuilder()
                        .addMustNot(where.condition())
                        .build());
        };
    }

    private static Said where(io.qdrant.client.grpc.Common.Filter filter) {
        return new Said.Where(Conditions.holds(filter));
    }

    private static Said exists(Field field, Side side) {
        return switch (field.kind()) {
            case ID, LABELS, VALID_FROM -> new Said.Same(true);
            case TYPE, TIME -> new Said.Same(false);
            case SOURCE -> complement(new Said.Where(Conditions.absent(PointPayload.SOURCE)));
            case SUBJECT -> complement(new Said.Where(Conditions.absent(PointPayload.SUBJECT)));
            case VALID_TO -> complement(new Said.Where(Conditions.absent(PointPayload.TO)));
            case PROPERTY -> word(field, FilterTerms.present(field), side);
        };
    }

    private static Said in(Filter.In in, Side side) {
        if (in.field().kind() == Field.Kind.ID) {
            return ids(in.values());
        }
        Set<String> words = new LinkedHashSet<>();
        for (Object value : in.values()) {
            Optional<String> word = equality(in.field(), value);
            if (word.isEmpty() || words.size() >= MOST_VALUES) {
                return side == Side.NEEDED ? exists(in.field(), side) : side.unsaid();
            }
            words.add(word.get());
        }
        return words.isEmpty() ? new Said.Same(false) : words(in.field(), words, side);
    }

    private static Said comparison(Filter.Comparison comparison, Side side) {
        Field field = comparison.field();
        @Nullable Object value = comparison.value();
        if (field.kind() == Field.Kind.ID && comparison.operator() == Operator.EQ) {
            return ids(Collections.singletonList(value));
        }
        return switch (comparison.operator()) {
            case EQ ->
                equality(field, value).map(word -> word(field, word, side)).orElseGet(() -> roughly(field, side));
            case CONTAINS -> contains(field, value, side);
            case STARTS_WITH -> roughly(field, side);
            case GT, GE, LT, LE -> order(field, comparison.operator(), value, side);
        };
    }

    /** Labels are a list, and an instant has no word. */
    private static Optional<String> equality(Field field, @Nullable Object value) {
        return switch (field.kind()) {
            case SOURCE, SUBJECT, PROPERTY -> FilterTerms.equal(field, value);
            default -> Optional.empty();
        };
    }

    /** An id is a text, equal to texts only. */
    private static Said ids(List<@Nullable Object> values) {
        List<String> texts = values.stream()
                .filter(String.class::isInstance)
                .map(String.class::cast)
                .toList();
        return texts.isEmpty() ? new Said.Same(false) : new Said.Where(Conditions.isAny(PointPayload.ID, texts));
    }

    private static Said contains(Field field, @Nullable Object value, Side side) {
        // A string has the value as a part too, which no word says.
        boolean maybePart = value instanceof String && field.kind() != Field.Kind.LABELS;
        if (maybePart || FilterTerms.element(field, value).isEmpty()) {
            return roughly(field, side);
        }
        return word(field, FilterTerms.element(field, value).orElseThrow(), side);
    }

    private static Said order(Field field, Operator operator, @Nullable Object value, Side side) {
        boolean up = operator == Operator.GT || operator == Operator.GE;
        return switch (field.kind()) {
            case VALID_FROM, VALID_TO ->
                value instanceof Instant instant
                        ? new Said.Where(range(
                                field.kind() == Field.Kind.VALID_FROM ? PointPayload.FROM : PointPayload.TO,
                                up,
                                (double) PointPayload.micros(instant),
                                side))
                        : new Said.Same(false);
            case PROPERTY -> propertyOrder(field, up, value, side);
            default -> roughly(field, side);
        };
    }

    private static Said propertyOrder(Field field, boolean up, @Nullable Object value, Side side) {
        if (value instanceof String) {
            return roughly(field, side);
        }
        if (!(value instanceof Number number)) {
            return new Said.Same(false);
        }
        String name = PointPayload.NUMBERS + "." + FilterTerms.number(field);
        return orTooMany(range(name, up, number.doubleValue(), side), side);
    }

    private static Condition range(String name, boolean up, double bound, Side side) {
        double moved = bound;
        for (int i = 0; i < SLACK; i++) {
            moved = up == (side == Side.NEEDED) ? Math.nextDown(moved) : Math.nextUp(moved);
        }
        if (Double.isInfinite(moved)) {
            moved = bound;
        }
        return up ? Conditions.atLeast(name, moved) : Conditions.atMost(name, moved);
    }

    /** The field must be there, at least. */
    private static Said roughly(Field field, Side side) {
        return side == Side.NEEDED ? exists(field, side) : side.unsaid();
    }

    private static Said word(Field field, String word, Side side) {
        return words(field, Set.of(word), side);
    }

    private static Said words(Field field, Set<String> words, Side side) {
        Function<Set<String>, Condition> any = all -> Conditions.isAny(PointPayload.TERMS, all);
        return field.kind() == Field.Kind.PROPERTY
                ? orTooMany(any.apply(words), side)
                : new Said.Where(any.apply(words));
    }

    /** Points with very many properties have no words for them, and must not be held back. */
    private static Said orTooMany(Condition condition, Side side) {
        return side == Side.ENOUGH
                ? new Said.Where(condition)
                : where(Conditions.any(List.of(condition, Conditions.is(PointPayload.TERMS, FilterTerms.TOO_MANY))));
    }
}
