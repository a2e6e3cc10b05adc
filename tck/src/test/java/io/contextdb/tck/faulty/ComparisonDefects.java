package io.contextdb.tck.faulty;

import static io.contextdb.tck.faulty.Defect.of;
import static io.contextdb.tck.faulty.Fault.in;

import io.contextdb.spi.document.Document;
import io.contextdb.spi.document.DocumentQuery;
import io.contextdb.spi.document.SortKey;
import io.contextdb.spi.filter.Field;
import io.contextdb.spi.filter.Fields;
import io.contextdb.spi.filter.Filter;
import io.contextdb.spi.filter.Filter.Comparison;
import io.contextdb.spi.filter.Filter.Operator;
import io.contextdb.spi.value.Page;
import io.contextdb.spi.value.PageRequest;
import java.util.List;
import java.util.Locale;
import java.util.function.BiPredicate;
import org.jspecify.annotations.Nullable;

/** Mistakes of a store that compares values in its own way. */
final class ComparisonDefects {
    private ComparisonDefects() {}

    static List<Defect> all() {
        return judged();
    }

    /** A term is judged by a store's own comparison, on documents. */
    private static Defect judgedBy(
            String id, String sentence, String statements, BiPredicate<Comparison, @Nullable Object> comparison) {
        return of(id, sentence, statements, in("documents.find", call -> {
            DocumentQuery query = call.argument(DocumentQuery.class);
            DocumentQuery everything = DocumentQuery.of(query.collection(), Filter.everything())
                    .sort(query.sort().toArray(SortKey[]::new))
                    .page(PageRequest.first(PageRequest.MAX_LIMIT));
            Page<Document> all = call.with(DocumentQuery.class, everything).result();
            return Page.last(all.items().stream()
                    .filter(document -> holds(query.filter(), document, comparison))
                    .toList());
        }));
    }

    private static boolean holds(Filter filter, Fields record, BiPredicate<Comparison, @Nullable Object> comparison) {
        return switch (filter) {
            case Filter.And and -> and.operands().stream().allMatch(operand -> holds(operand, record, comparison));
            case Filter.Or or -> or.operands().stream().anyMatch(operand -> holds(operand, record, comparison));
            case Filter.Not not -> !holds(not.operand(), record, comparison);
            case Comparison term -> record.has(term.field()) && comparison.test(term, record.value(term.field()));
            default -> filter.matches(record);
        };
    }

    /** Returns whether a term holds for a value that is there, as the contract says. */
    private static boolean rightly(Comparison term, @Nullable Object actual) {
        return new Comparison(Field.property("p"), term.operator(), term.value())
                .matches(new Document(
                        "id", io.contextdb.spi.value.PropertyMap.of("p", actual), "", 1, java.time.Instant.EPOCH));
    }

    private static @Nullable Boolean ordered(Operator operator, int order) {
        return switch (operator) {
            case GT -> order > 0;
            case GE -> order >= 0;
            case LT -> order < 0;
            case LE -> order <= 0;
            default -> null;
        };
    }

    private static List<Defect> judged() {
        return List.of(
                judgedBy(
                        "integers-apart-from-floats",
                        "An integer never equals a float.",
                        "V6 D2",
                        (term, actual) -> !(actual instanceof Number a
                                        && term.value() instanceof Number b
                                        && a.getClass() != b.getClass()
                                        && term.operator() == Operator.EQ)
                                && rightly(term, actual)),
                judgedBy(
                        "numbers-in-lists-apart",
                        "Within lists, an integer never equals a float.",
                        "V6 D2",
                        (term, actual) -> !(term.operator() == Operator.EQ
                                        && actual instanceof List
                                        && !actual.equals(term.value()))
                                && rightly(term, actual)),
                judgedBy(
                        "strings-ordered-by-utf-16",
                        "Strings are ordered by UTF-16 units.",
                        "V6 G12",
                        (term, actual) -> actual instanceof String a
                                        && term.value() instanceof String b
                                        && ordered(term.operator(), a.compareTo(b)) instanceof Boolean order
                                ? order
                                : rightly(term, actual)),
                judgedBy(
                        "strings-ordered-by-language",
                        "Strings are ordered as a dictionary does.",
                        "V6 G12",
                        (term, actual) -> actual instanceof String a
                                        && term.value() instanceof String b
                                        && ordered(
                                                        term.operator(),
                                                        java.text.Collator.getInstance(Locale.ENGLISH)
                                                                .compare(a, b))
                                                instanceof Boolean order
                                ? order
                                : rightly(term, actual)),
                judgedBy(
                        "strings-normalised-in-filters",
                        "Strings are compared in normal form.",
                        "V6 D2",
                        (term, actual) -> term.operator() == Operator.EQ
                                        && actual instanceof String a
                                        && term.value() instanceof String b
                                ? java.text.Normalizer.normalize(a, java.text.Normalizer.Form.NFC)
                                        .equals(java.text.Normalizer.normalize(b, java.text.Normalizer.Form.NFC))
                                : rightly(term, actual)),
                judgedBy(
                        "other-types-ordered",
                        "A comparison with another type orders by the types.",
                        "V6 D2",
                        (term, actual) -> actual instanceof String
                                        && term.value() instanceof Number
                                        && (term.operator() == Operator.GT || term.operator() == Operator.GE)
                                || rightly(term, actual)),
                judgedBy(
                        "booleans-ordered",
                        "False is less than true.",
                        "V6 D2",
                        (term, actual) -> actual instanceof Boolean a
                                        && term.value() instanceof Boolean b
                                        && ordered(term.operator(), Boolean.compare(a, b)) instanceof Boolean order
                                ? order
                                : rightly(term, actual)),
                judgedBy(
                        "contains-through-elements",
                        "A list of strings contains a string if one of its elements has it as a part.",
                        "V6 D2",
                        (term, actual) -> term.operator() == Operator.CONTAINS
                                        && actual instanceof List<?> list
                                        && term.value() instanceof String part
                                ? list.stream()
                                        .anyMatch(element -> element instanceof String text && text.contains(part))
                                : rightly(term, actual)),
                judgedBy(
                        "maps-contain-keys",
                        "A map contains the strings that are its keys.",
                        "V6 D2",
                        (term, actual) -> term.operator() == Operator.CONTAINS
                                        && actual instanceof java.util.Map<?, ?> map
                                        && term.value() instanceof String key
                                        && map.containsKey(key)
                                || rightly(term, actual)),
                judgedBy(
                        "maps-equal-by-containment",
                        "A map equals another if it has its entries.",
                        "V6 D2",
                        (term, actual) -> term.operator() == Operator.EQ
                                        && actual instanceof java.util.Map<?, ?> a
                                        && term.value() instanceof java.util.Map<?, ?> b
                                ? a.entrySet().containsAll(b.entrySet())
                                : rightly(term, actual)),
                judgedBy(
                        "huge-floats-overflow",
                        "Floats beyond the range of integers are compared as the greatest integer.",
                        "V6 D2",
                        (term, actual) -> rightly(
                                term,
                                actual instanceof Double number && number >= 0x1p63
                                        ? (Object) Long.MAX_VALUE
                                        : actual)));
    }
}
