package io.contextdb.tck.faulty;

import static io.contextdb.tck.faulty.Defect.of;
import static io.contextdb.tck.faulty.Fault.asked;
import static io.contextdb.tck.faulty.Fault.in;

import io.contextdb.spi.document.Document;
import io.contextdb.spi.document.DocumentQuery;
import io.contextdb.spi.document.SortKey;
import io.contextdb.spi.filter.Field;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;

/** Mistakes with the order of documents. */
final class SortDefects {
    private SortDefects() {}

    static List<Defect> all() {
        return sorting();
    }

    private static Defect sorted(String id, String sentence, Function<SortKey, Comparator<Document>> order) {
        return of(id, sentence, "D2", in("documents.find", call -> {
            DocumentQuery q = call.argument(DocumentQuery.class);
            return q.sort().isEmpty()
                    ? call.proceed()
                    : Rewriting.items(
                            call.proceed(),
                            (List<Document> documents) -> documents.stream()
                                    .sorted(order.apply(q.sort().get(0)))
                                    .toList());
        }));
    }

    private static Comparator<Document> directed(SortKey key, Comparator<Document> order) {
        return key.descending() ? order.reversed() : order;
    }

    private static List<Defect> sorting() {
        return List.of(
                sorted(
                        "absent-sorted-last",
                        "Documents without the field are sorted last.",
                        key -> directed(key, Comparator.comparing((Document document) -> !document.has(key.field())))),
                sorted(
                        "null-sorted-as-absent",
                        "A null and an absent field are sorted alike.",
                        key -> (a, b) -> a.value(key.field()) == null && b.value(key.field()) == null
                                ? -a.id().compareTo(b.id())
                                : 0),
                sorted(
                        "numbers-sorted-by-type",
                        "Integers are sorted before floats.",
                        key -> directed(
                                key,
                                (a, b) -> a.value(key.field()) instanceof Long && b.value(key.field()) instanceof Double
                                        ? -1
                                        : a.value(key.field()) instanceof Double && b.value(key.field()) instanceof Long
                                                ? 1
                                                : 0)),
                sorted(
                        "strings-sorted-by-utf-16",
                        "Strings are sorted by UTF-16 units.",
                        key -> directed(
                                key,
                                (a, b) -> a.value(key.field()) instanceof String x
                                                && b.value(key.field()) instanceof String y
                                        ? x.compareTo(y)
                                        : 0)),
                sorted(
                        "ties-reversed-with-the-direction",
                        "A descending sort reverses ties too.",
                        key -> key.descending()
                                ? SortKey.order(List.of(new SortKey(key.field(), false)))
                                        .reversed()
                                : SortKey.order(List.of(key))),
                of(
                        "second-sort-key-ignored",
                        "Only the first key of a sort counts.",
                        "D2",
                        asked(
                                "documents.find",
                                DocumentQuery.class,
                                q -> new DocumentQuery(
                                        q.collection(),
                                        q.filter(),
                                        q.sort().isEmpty() ? q.sort() : q.sort().subList(0, 1),
                                        q.page()))),
                of(
                        "direction-ignored",
                        "Every sort is ascending.",
                        "D2",
                        asked("documents.find", SortKey.class, key -> new SortKey(key.field(), false))),
                of(
                        "sort-by-the-top",
                        "Only the first step of a path is sorted by.",
                        "D2",
                        asked(
                                "documents.find",
                                SortKey.class,
                                key -> new SortKey(
                                        Field.property(key.field().path().get(0)), key.descending()))),
                of(
                        "documents-unordered",
                        "Without a sort, documents come in the order of their hashes.",
                        "D2 G12",
                        in(
                                "documents.find",
                                call -> call.argument(DocumentQuery.class)
                                                .sort()
                                                .isEmpty()
                                        ? Rewriting.items(
                                                call.proceed(),
                                                (List<Document> documents) -> documents.stream()
                                                        .sorted(Comparator.comparing(document ->
                                                                document.id().hashCode()))
                                                        .toList())
                                        : call.proceed())));
    }
}
