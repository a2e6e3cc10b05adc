package io.contextdb.backend.embedded;

import io.contextdb.spi.filter.Field;
import io.contextdb.spi.filter.Filter;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.apache.lucene.document.LongPoint;
import org.apache.lucene.index.Term;
import org.apache.lucene.search.BooleanClause.Occur;
import org.apache.lucene.search.BooleanQuery;
import org.apache.lucene.search.ConstantScoreQuery;
import org.apache.lucene.search.MatchAllDocsQuery;
import org.apache.lucene.search.MatchNoDocsQuery;
import org.apache.lucene.search.PrefixQuery;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.TermInSetQuery;
import org.apache.lucene.search.TermQuery;
import org.apache.lucene.search.TermRangeQuery;
import org.apache.lucene.util.BytesRef;
import org.jspecify.annotations.Nullable;

/**
 * A filter as a query of the index. It finds every point that matches; where it is not exact it finds others too, and what
 * it found is looked at again.
 *
 * @param query finds all that match
 * @param exact whether it finds nothing else
 */
record FilterQuery(Query query, boolean exact) {
    /** Beyond it, integers and floats are not the same numbers any more. */
    private static final double EXACT_NUMBERS = 0x1p53;

    private static final FilterQuery ALL = new FilterQuery(MatchAllDocsQuery.INSTANCE, true);
    private static final FilterQuery NONE = new FilterQuery(MatchNoDocsQuery.INSTANCE, true);
    private static final FilterQuery CANDIDATES = new FilterQuery(MatchAllDocsQuery.INSTANCE, false);

    /**
     * What the translation must know of the index.
     *
     * @param space interned id of the space that is searched
     * @param truncated whether some points have more properties than the index keeps
     */
    record Scope(long space, boolean truncated) {}

    static FilterQuery of(Filter filter, Scope space) {
        return switch (filter) {
            case Filter.Everything all -> ALL;
            case Filter.And and -> and(and.operands(), space);
            case Filter.Or or ->
                or(or.operands().stream().map(operand -> of(operand, space)).toList());
            case Filter.Not not -> not(of(not.operand(), space));
            case Filter.Exists exists -> exists(exists.field(), space);
            case Filter.In in ->
                or(in.values().stream()
                        .map(value -> comparison(in.field(), Filter.Operator.EQ, value, space))
                        .toList());
            case Filter.Comparison term -> comparison(term.field(), term.operator(), term.value(), space);
        };
    }

    boolean isEverything() {
        return query instanceof MatchAllDocsQuery;
    }

    private static FilterQuery and(List<Filter> operands, Scope space) {
        List<Query> all = new ArrayList<>();
        boolean exact = true;
        for (Filter operand : operands) {
            FilterQuery each = of(operand, space);
            exact &= each.exact();
            if (!each.isEverything()) {
                all.add(each.query());
            }
        }
        return all.isEmpty()
                ? (exact ? ALL : CANDIDATES)
                : new FilterQuery(Apart.of(Apart.all(all, Occur.FILTER)), exact);
    }

    private static FilterQuery or(List<FilterQuery> operands) {
        if (operands.isEmpty()) {
            return NONE;
        }
        if (operands.size() == 1) {
            return operands.get(0);
        }
        boolean exact = operands.stream().allMatch(FilterQuery::exact);
        if (operands.stream().anyMatch(FilterQuery::isEverything)) {
            return exact ? ALL : CANDIDATES;
        }
        List<Query> any = new ArrayList<>();
        Map<String, List<BytesRef>> terms = new TreeMap<>();
        for (FilterQuery operand : operands) {
            if (operand.query() instanceof TermQuery term) {
                terms.computeIfAbsent(term.getTerm().field(), field -> new ArrayList<>())
                        .add(term.getTerm().bytes());
            } else {
                any.add(operand.query());
            }
        }
        terms.forEach((field, values) -> any.add(new TermInSetQuery(field, values)));
        return any.size() == 1
                ? new FilterQuery(any.get(0), exact)
                : new FilterQuery(Apart.of(new ConstantScoreQuery(Apart.all(any, Occur.SHOULD))), exact);
    }

    private static FilterQuery not(FilterQuery operand) {
        if (!operand.exact()) {
            return CANDIDATES;
        }
        return new FilterQuery(
                new BooleanQuery.Builder()
                        .add(MatchAllDocsQuery.INSTANCE, Occur.FILTER)
                        .add(operand.query(), Occur.MUST_NOT)
                        .build(),
                true);
    }

    private static FilterQuery exists(Field field, Scope space) {
        return switch (field.kind()) {
            case ID, LABELS, VALID_FROM -> ALL;
            case TYPE, TIME -> NONE;
            case SOURCE -> term(FilterTerms.SOURCE, FilterTerms.Kind.EXISTS, new byte[0]);
            case SUBJECT -> term(FilterTerms.SUBJECT, FilterTerms.Kind.EXISTS, new byte[0]);
            case PROPERTY -> withTruncated(term(path(field), FilterTerms.Kind.EXISTS, new byte[0]), space);
            case VALID_TO ->
                new FilterQuery(
                        LongPoint.newRangeQuery(PointDocument.VALID_TO, Long.MIN_VALUE, Columns.OPEN - 1), true);
        };
    }

    private static FilterQuery comparison(Field field, Filter.Operator operator, @Nullable Object value, Scope space) {
        return switch (field.kind()) {
            case TYPE, TIME -> NONE;
            case ID -> operator == Filter.Operator.EQ && value instanceof String id ? id(id, space) : CANDIDATES;
            case VALID_FROM -> instant(PointDocument.VALID_FROM, operator, value);
            case VALID_TO -> instant(PointDocument.VALID_TO, operator, value);
            case LABELS ->
                operator == Filter.Operator.CONTAINS
                        ? value instanceof String label ? element(FilterTerms.LABELS, label) : NONE
                        : CANDIDATES;
            case SOURCE -> scalar(FilterTerms.SOURCE, operator, value);
            case SUBJECT -> scalar(FilterTerms.SUBJECT, operator, value);
            case PROPERTY -> withTruncated(scalar(path(field), operator, value), space);
        };
    }

    private static FilterQuery id(String id, Scope space) {
        try {
            UUID uuid = UUID.fromString(id);
            return uuid.toString().equals(id)
                    ? new FilterQuery(new TermQuery(PointDocument.key(space.space(), uuid)), true)
                    : NONE;
        } catch (IllegalArgumentException noId) {
            return NONE;
        }
    }

    private static FilterQuery instant(String field, Filter.Operator operator, @Nullable Object value) {
        if (!(value instanceof Instant instant)) {
            return NONE;
        }
        long micros = Columns.of(instant);
        return switch (operator) {
            case EQ -> range(field, micros, micros);
            case GT -> range(field, micros + 1, Columns.OPEN - 1);
            case GE -> range(field, micros, Columns.OPEN - 1);
            case LT -> range(field, Long.MIN_VALUE, micros - 1);
            case LE -> range(field, Long.MIN_VALUE, micros);
            case CONTAINS, STARTS_WITH -> NONE;
        };
    }

    private static FilterQuery range(String field, long from, long to) {
        return new FilterQuery(LongPoint.newRangeQuery(field, from, to), true);
    }

    private static FilterQuery scalar(String path, Filter.Operator operator, @Nullable Object value) {
        byte[] encoded = FilterTerms.encoded(value);
        if (encoded == null) {
            // A list, a map or an instant: no property is an instant, and lists and maps are looked at.
            return value instanceof Instant ? NONE : inexact(term(path, FilterTerms.Kind.EXISTS, new byte[0]));
        }
        return switch (operator) {
            case EQ -> {
                FilterQuery equal = term(path, FilterTerms.Kind.VALUE, encoded);
                yield isExact(value, encoded) ? equal : inexact(equal);
            }
            case GT, GE, LT, LE -> order(path, operator, value, encoded);
            case CONTAINS -> contains(path, value, encoded);
            case STARTS_WITH -> startsWith(path, encoded);
        };
    }

    private static boolean isExact(@Nullable Object value, byte[] encoded) {
        return value instanceof Number number
                ? Math.abs(number.doubleValue()) < EXACT_NUMBERS
                : !FilterTerms.isLong(encoded) && encoded.length <= FilterTerms.MAX_STRING;
    }

    private static FilterQuery order(String path, Filter.Operator operator, @Nullable Object value, byte[] encoded) {
        if (!(value instanceof Number) && !(value instanceof String)) {
            return NONE;
        }
        boolean exact = value instanceof Number && isExact(value, encoded);
        boolean inclusive = !exact || operator == Filter.Operator.GE || operator == Filter.Operator.LE;
        byte[] first = {encoded[0]};
        byte[] last = {(byte) (encoded[0] + 1)};
        boolean up = operator == Filter.Operator.GT || operator == Filter.Operator.GE;
        BytesRef from = FilterTerms.term(path, FilterTerms.Kind.VALUE, up ? encoded : first);
        BytesRef to = FilterTerms.term(path, FilterTerms.Kind.VALUE, up ? last : encoded);
        FilterQuery range = new FilterQuery(
                new TermRangeQuery(PointDocument.FILTER, from, to, !up || inclusive, !up && inclusive), exact);
        // Strings that are cut stand before where they belong.
        return value instanceof String
                ? inexact(or(List.of(range, term(path, FilterTerms.Kind.LONG_STRING, new byte[0]))))
                : range;
    }

    private static FilterQuery contains(String path, @Nullable Object value, byte[] encoded) {
        FilterQuery element = value instanceof Number && !isExact(value, encoded)
                ? inexact(term(path, FilterTerms.Kind.ELEMENT, encoded))
                : term(path, FilterTerms.Kind.ELEMENT, encoded);
        return value instanceof String
                ? inexact(or(List.of(element, term(path, FilterTerms.Kind.STRING, new byte[0]))))
                : element;
    }

    private static FilterQuery element(String path, String value) {
        byte[] encoded = FilterTerms.encoded(value);
        if (encoded == null) {
            return NONE;
        }
        FilterQuery element = term(path, FilterTerms.Kind.ELEMENT, encoded);
        return encoded.length <= FilterTerms.MAX_STRING ? element : inexact(element);
    }

    private static FilterQuery startsWith(String path, byte[] encoded) {
        Query prefix = new PrefixQuery(new Term(
                PointDocument.FILTER,
                FilterTerms.term(
                        path,
                        FilterTerms.Kind.VALUE,
                        Arrays.copyOf(encoded, Math.min(encoded.length, FilterTerms.MAX_STRING)))));
        return new FilterQuery(prefix, encoded.length <= FilterTerms.MAX_STRING);
    }

    private static String path(Field field) {
        return FilterTerms.path(field.path());
    }

    /** Points of very many properties are candidates of every filter on properties; there are hardly ever any. */
    private static FilterQuery withTruncated(FilterQuery found, Scope space) {
        return space.truncated()
                ? inexact(or(List.of(
                        found,
                        new FilterQuery(new TermQuery(new Term(PointDocument.FILTER, FilterTerms.TRUNCATED)), true))))
                : found;
    }

    private static FilterQuery term(String path, FilterTerms.Kind kind, byte[] value) {
        return new FilterQuery(
                new TermQuery(new Term(PointDocument.FILTER, FilterTerms.term(path, kind, value))), true);
    }

    private static FilterQuery inexact(FilterQuery query) {
        return new FilterQuery(query.query(), false);
    }
}
