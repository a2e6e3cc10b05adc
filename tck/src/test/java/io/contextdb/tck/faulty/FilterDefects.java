package io.contextdb.tck.faulty;

import static io.contextdb.tck.faulty.Defect.of;
import static io.contextdb.tck.faulty.Fault.in;

import io.contextdb.spi.filter.Field;
import io.contextdb.spi.filter.Filter;
import io.contextdb.spi.filter.Filter.Comparison;
import io.contextdb.spi.filter.Filter.Operator;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/** Mistakes in the translation of filters to a store's own language. */
final class FilterDefects {
    private static final Filter NOTHING = Filter.or();

    private FilterDefects() {}

    static List<Defect> all() {
        List<Defect> all = new ArrayList<>(comparisons());
        all.addAll(connectives());
        return all;
    }

    /** A filter is translated to another one, its parts before itself, on every model. */
    private static Defect translated(String id, String sentence, UnaryOperator<Filter> change) {
        return of(
                id, sentence, "V6", call -> call.rewriting(Filter.class, change).proceed());
    }

    private static Defect compared(String id, String sentence, Function<Comparison, Filter> change) {
        return translated(id, sentence, filter -> filter instanceof Comparison term ? change.apply(term) : filter);
    }

    private static Defect operator(String id, String sentence, Operator from, Operator to) {
        return compared(
                id, sentence, term -> term.operator() == from ? new Comparison(term.field(), to, term.value()) : term);
    }

    private static boolean equality(Comparison term, Class<?> type) {
        return term.operator() == Operator.EQ && type.isInstance(term.value());
    }

    private static List<Defect> comparisons() {
        return List.of(
                operator("ge-as-gt", "Greater or equal is translated as greater.", Operator.GE, Operator.GT),
                operator("le-as-lt", "Less or equal is translated as less.", Operator.LE, Operator.LT),
                operator("gt-as-ge", "Greater is translated as greater or equal.", Operator.GT, Operator.GE),
                operator("lt-as-le", "Less is translated as less or equal.", Operator.LT, Operator.LE),
                compared(
                        "end-of-validity-included",
                        "Where a filter asks for what is valid, the end of validity is included.",
                        term -> term.operator() == Operator.GT && term.field().kind() == Field.Kind.VALID_TO
                                ? new Comparison(term.field(), Operator.GE, term.value())
                                : term),
                compared(
                        "filter-numbers-through-doubles",
                        "Integers in filters go through doubles.",
                        term -> term.value() instanceof Long number
                                ? new Comparison(term.field(), term.operator(), (double) number)
                                : term),
                compared(
                        "whole-floats-equal-nothing",
                        "A float without fraction in a filter equals no integer.",
                        term -> term.value() instanceof Double number
                                        && number == Math.rint(number)
                                        && term.operator() == Operator.EQ
                                ? NOTHING
                                : term),
                compared(
                        "equality-without-case",
                        "Equality of strings is judged without case.",
                        term -> term.value() instanceof String text && term.operator() == Operator.EQ
                                ? Filter.in(
                                        term.field(),
                                        List.of(text, text.toLowerCase(Locale.ROOT), text.toUpperCase(Locale.ROOT)))
                                : term),
                compared(
                        "loose-types",
                        "A number in a filter equals the string that spells it.",
                        term -> equality(term, Long.class)
                                ? Filter.in(term.field(), Arrays.asList(term.value(), Objects.toString(term.value())))
                                : term),
                compared(
                        "booleans-as-numbers",
                        "True equals 1 and false equals 0.",
                        term -> equality(term, Boolean.class)
                                ? Filter.in(
                                        term.field(),
                                        List.of(
                                                Boolean.TRUE.equals(term.value()),
                                                Boolean.TRUE.equals(term.value()) ? 1 : 0))
                                : term),
                compared(
                        "null-equals-absence",
                        "Equality with null holds where the field is absent.",
                        term -> term.operator() == Operator.EQ && term.value() == null
                                ? Filter.or(term, Filter.not(Filter.exists(term.field())))
                                : term),
                compared(
                        "nothing-equals-null",
                        "Equality with null never holds.",
                        term -> term.operator() == Operator.EQ && term.value() == null ? NOTHING : term),
                compared(
                        "empty-text-is-null",
                        "The empty string equals null.",
                        term -> "".equals(term.value()) && term.operator() == Operator.EQ
                                ? Filter.eq(term.field(), null)
                                : term),
                compared(
                        "empty-list-equals-nothing",
                        "Equality with an empty list never holds.",
                        term -> term.operator() == Operator.EQ && term.value() instanceof List<?> list && list.isEmpty()
                                ? NOTHING
                                : term),
                compared(
                        "lists-equal-by-containment",
                        "Equality with a list means that it is contained.",
                        term -> term.operator() == Operator.EQ
                                        && term.value() instanceof List<?> list
                                        && !list.isEmpty()
                                ? Filter.and(list.stream()
                                        .map(element -> Filter.contains(term.field(), element))
                                        .toArray(Filter[]::new))
                                : term),
                compared(
                        "prefix-with-wildcards",
                        "Wildcards in a prefix are understood as such.",
                        term -> term.operator() == Operator.STARTS_WITH && term.value() instanceof String text
                                ? Filter.startsWith(term.field(), text.replaceAll("[%_].*", ""))
                                : term),
                compared(
                        "prefix-as-part",
                        "A prefix may stand anywhere in the string.",
                        term -> term.operator() == Operator.STARTS_WITH
                                ? Filter.contains(term.field(), term.value())
                                : term),
                compared(
                        "empty-prefix-matches-nothing",
                        "An empty prefix matches nothing.",
                        term -> term.operator() == Operator.STARTS_WITH && "".equals(term.value()) ? NOTHING : term),
                compared(
                        "part-as-prefix",
                        "A part of a string must stand at its beginning.",
                        term -> term.operator() == Operator.CONTAINS
                                        && term.field().kind() != Field.Kind.LABELS
                                        && term.value() instanceof String text
                                ? Filter.or(
                                        Filter.startsWith(term.field(), text), Filter.eq(term.field(), List.of(text)))
                                : term),
                compared(
                        "contained-null-ignored",
                        "A list is not seen to contain null.",
                        term -> term.operator() == Operator.CONTAINS && term.value() == null ? NOTHING : term),
                compared(
                        "contained-list-ignored",
                        "A list is not seen to contain another list.",
                        term -> term.operator() == Operator.CONTAINS && term.value() instanceof List ? NOTHING : term),
                compared(
                        "source-filter-ignored",
                        "Comparisons with the source always hold.",
                        term -> term.field().kind() == Field.Kind.SOURCE ? Filter.everything() : term),
                compared(
                        "subject-filter-ignored",
                        "Comparisons with the subject always hold.",
                        term -> term.field().kind() == Field.Kind.SUBJECT ? Filter.everything() : term),
                compared(
                        "nested-path-as-its-last-step",
                        "Only the last step of a path is looked at.",
                        term -> term.field().path().size() > 1
                                ? new Comparison(
                                        Field.property(term.field().path().getLast()), term.operator(), term.value())
                                : term),
                compared(
                        "id-filter-ignored",
                        "Comparisons with the id always hold.",
                        term -> term.field().kind() == Field.Kind.ID ? Filter.everything() : term));
    }

    private static boolean absentMatters(Filter operand) {
        return operand instanceof Comparison term && term.field().kind() == Field.Kind.PROPERTY;
    }

    private static Field field(Filter operand) {
        return ((Comparison) operand).field();
    }

    private static List<Defect> connectives() {
        return List.of(
                translated(
                        "ne-misses-the-absent",
                        "Not equal does not hold where the field is absent.",
                        filter -> filter instanceof Filter.Not not
                                        && absentMatters(not.operand())
                                        && ((Comparison) not.operand()).operator() == Operator.EQ
                                ? Filter.and(Filter.exists(field(not.operand())), filter)
                                : filter),
                translated(
                        "not-misses-the-absent",
                        "The complement of an order does not hold where the field is absent.",
                        filter -> filter instanceof Filter.Not not
                                        && absentMatters(not.operand())
                                        && ((Comparison) not.operand()).operator() != Operator.EQ
                                ? Filter.and(Filter.exists(field(not.operand())), filter)
                                : filter),
                translated(
                        "exists-misses-null",
                        "A property that holds null is taken for absent.",
                        filter -> filter instanceof Filter.Exists exists
                                        && exists.field().kind() == Field.Kind.PROPERTY
                                ? Filter.and(filter, Filter.ne(exists.field(), null))
                                : filter),
                translated(
                        "in-first-value-only",
                        "Of several values, only the first is compared.",
                        filter -> filter instanceof Filter.In in && !in.values().isEmpty()
                                ? Filter.eq(in.field(), in.values().get(0))
                                : filter),
                translated(
                        "in-none-matches-all",
                        "A choice among no values holds for everything.",
                        filter ->
                                filter instanceof Filter.In in && in.values().isEmpty() ? Filter.everything() : filter),
                translated(
                        "in-misses-null",
                        "A choice among values never holds for null.",
                        filter -> filter instanceof Filter.In in && in.values().contains(null)
                                ? Filter.and(filter, Filter.ne(in.field(), null))
                                : filter),
                translated(
                        "and-of-two",
                        "Of several operands of and, only two are looked at.",
                        filter -> filter instanceof Filter.And and
                                        && and.operands().size() > 2
                                ? new Filter.And(and.operands().subList(0, 2))
                                : filter),
                translated(
                        "or-of-two",
                        "Of several operands of or, only two are looked at.",
                        filter ->
                                filter instanceof Filter.Or or && or.operands().size() > 2
                                        ? new Filter.Or(or.operands().subList(0, 2))
                                        : filter),
                translated(
                        "and-of-none-matches-nothing",
                        "And without operands holds for nothing.",
                        filter -> filter instanceof Filter.And and
                                        && and.operands().isEmpty()
                                ? NOTHING
                                : filter),
                translated(
                        "or-of-none-matches-all",
                        "Or without operands holds for everything.",
                        filter ->
                                filter instanceof Filter.Or or && or.operands().isEmpty()
                                        ? Filter.everything()
                                        : filter),
                translated(
                        "not-distributed-over-and",
                        "Not of and is translated as and of not.",
                        filter -> filter instanceof Filter.Not not && not.operand() instanceof Filter.And and
                                ? new Filter.And(
                                        and.operands().stream().map(Filter::not).toList())
                                : filter),
                translated(
                        "not-binds-to-the-first",
                        "Not of or applies to its first operand only.",
                        filter -> filter instanceof Filter.Not not
                                        && not.operand() instanceof Filter.Or or
                                        && or.operands().size() > 1
                                ? new Filter.Or(java.util.stream.Stream.concat(
                                                java.util.stream.Stream.of(
                                                        Filter.not(or.operands().get(0))),
                                                or.operands().stream().skip(1))
                                        .toList())
                                : filter));
    }
}
