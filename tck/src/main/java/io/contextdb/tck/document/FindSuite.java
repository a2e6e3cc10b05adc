package io.contextdb.tck.document;

import static org.assertj.core.api.Assertions.assertThat;

import io.contextdb.Documents;
import io.contextdb.spi.capability.Capability;
import io.contextdb.spi.document.Document;
import io.contextdb.spi.document.SortKey;
import io.contextdb.spi.filter.Field;
import io.contextdb.spi.filter.Filter;
import io.contextdb.spi.value.Page;
import io.contextdb.spi.value.PageRequest;
import io.contextdb.spi.value.PropertyMap;
import io.contextdb.tck.Kit;
import io.contextdb.tck.Needs;
import io.contextdb.tck.Proves;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Finding documents: filters, sorts, pages, indexes. */
@Needs(Capability.DOCUMENTS)
public abstract class FindSuite {
    @Test
    @Proves({"D2", "G12"})
    void sortingIsTotalOverMixedTypesAndAbsence(Kit kit) {
        Documents documents = kit.namespace().documents("c");
        List<PropertyMap> ordered = new ArrayList<>(List.of(PropertyMap.empty(), PropertyMap.of("v", null)));
        for (Object value : List.of(
                false,
                true,
                Long.MIN_VALUE,
                -1.5,
                0,
                1,
                1.5,
                Long.MAX_VALUE,
                1e300,
                "",
                "A",
                "a",
                "\uFFFD",
                "😀",
                List.of(),
                List.of(1),
                List.of(1, 2),
                List.of(2),
                Map.of(),
                Map.of("a", 1))) {
            ordered.add(PropertyMap.of("v", value));
        }
        List<Integer> insertion =
                new ArrayList<>(IntStream.range(0, ordered.size()).boxed().toList());
        Collections.shuffle(insertion, kit.random());
        insertion.forEach(i -> documents.put(String.format("%03d", i), ordered.get(i)));

        assertThat(documents
                        .findAll(Filter.everything(), SortKey.ascending("v"))
                        .map(Document::body))
                .containsExactlyElementsOf(ordered);
        assertThat(documents
                        .findAll(Filter.everything(), SortKey.descending("v"))
                        .map(Document::body))
                .containsExactlyElementsOf(ordered.reversed());
    }

    @Test
    @Proves({"D2", "G12"})
    void tiesBreakByIdWhateverTheDirection(Kit kit) {
        Documents documents = kit.namespace().documents("c");
        for (String id : List.of("c", "a", "b")) {
            documents.put(id, PropertyMap.of("v", 1, "w", id));
        }

        assertThat(documents
                        .findAll(Filter.everything(), SortKey.descending("v"))
                        .map(Document::id))
                .containsExactly("a", "b", "c");
        assertThat(documents
                        .findAll(Filter.everything(), SortKey.ascending("v"), SortKey.descending("w"))
                        .map(Document::id))
                .containsExactly("c", "b", "a");
    }

    @Test
    @Proves("D2")
    void pagesAreStableWhileDocumentsAreWritten(Kit kit) {
        Documents documents = kit.namespace().documents("c");
        IntStream.range(0, 60).forEach(i -> documents.put(String.format("%03d", i), PropertyMap.of("v", i % 7)));
        for (SortKey[] sort : List.of(new SortKey[] {}, new SortKey[] {SortKey.ascending("v")})) {
            List<String> seen = new ArrayList<>();
            PageRequest page = PageRequest.first(7);
            Page<Document> read;
            int round = 0;
            do {
                read = documents.find(Filter.lt(Field.property("v"), 100), List.of(sort), page);
                read.items().forEach(document -> seen.add(document.id()));
                documents.put("new-" + round + sort.length, PropertyMap.of("v", 1_000 + round++));
                page = page.after(read.next());
            } while (read.hasNext());

            assertThat(seen).doesNotHaveDuplicates().hasSize(60);
        }
    }

    @Test
    @Proves({"D2", "V6"})
    void findFiltersOnPaths(Kit kit) {
        Documents documents = kit.namespace().documents("c");
        documents.put("1", PropertyMap.of("a", Map.of("b", 5), "tags", List.of("x", "y")));
        documents.put("2", PropertyMap.of("a", Map.of("b", 5.0), "tags", List.of("y")));
        documents.put("3", PropertyMap.of("a", 5));

        assertThat(ids(documents, Filter.eq(Field.property("a", "b"), 5))).containsExactly("1", "2");
        assertThat(ids(documents, Filter.contains(Field.property("tags"), "x"))).containsExactly("1");
        assertThat(ids(documents, Filter.not(Filter.exists(Field.property("a", "b")))))
                .containsExactly("3");
        assertThat(ids(documents, Filter.startsWith(Field.id(), "2"))).containsExactly("2");
        assertThat(documents.count(Filter.exists(Field.property("tags")))).isEqualTo(2);
    }

    @Test
    @Proves("D4")
    void declaredIndexesChangeNoAnswer(Kit kit) {
        Documents plain = kit.namespace().documents("c");
        Documents indexed = kit.namespace().documents("c");
        indexed.declareIndex("v");
        List<Object> values = Arrays.asList(1, 1.0, "1", null, true, List.of(1), 2, -1);
        for (Documents documents : List.of(plain, indexed)) {
            IntStream.range(0, values.size()).forEach(i -> documents.put("" + i, PropertyMap.of("v", values.get(i))));
            documents.put("absent", PropertyMap.empty());
        }
        indexed.declareIndex("w", "x");

        for (Filter filter : List.of(
                Filter.eq(Field.property("v"), 1),
                Filter.ne(Field.property("v"), 1),
                Filter.ge(Field.property("v"), 1),
                Filter.exists(Field.property("v")),
                Filter.contains(Field.property("v"), 1))) {
            assertThat(ids(indexed, filter)).isEqualTo(ids(plain, filter));
        }
    }

    /** Values that are close to each other in every order that an index could have. */
    private static final List<Object> VALUES = Arrays.asList(
            null,
            false,
            true,
            Long.MIN_VALUE,
            -0x1p63,
            -1.5,
            -0.0,
            0,
            Double.MIN_VALUE,
            1,
            1.0,
            (1L << 53) - 1,
            1L << 53,
            0x1p53,
            (1L << 53) + 1,
            (1L << 53) + 2,
            Long.MAX_VALUE,
            0x1p63,
            1e300,
            "",
            "1",
            "a",
            "ab",
            "a".repeat(300),
            "a".repeat(300) + "b",
            "a".repeat(300) + "a",
            "\uFFFD",
            "😀",
            List.of(),
            List.of(1),
            List.of(2),
            Map.of(),
            Map.of("a", 1));

    @Test
    @Proves({"D4", "D2", "V6"})
    void declaredIndexesChangeNoAnswerWhateverTheValuesAndChanges(Kit kit) {
        Documents plain = kit.namespace().documents("c");
        Documents indexed = kit.namespace().documents("c");
        indexed.declareIndex("v");
        indexed.declareIndex("in", "v");
        for (Documents documents : List.of(plain, indexed)) {
            for (int i = 0; i < VALUES.size(); i++) {
                PropertyMap body = PropertyMap.of("v", VALUES.get(i), "in", PropertyMap.of("v", VALUES.get(i)));
                documents.put("a" + i, body);
                documents.put("b" + i, PropertyMap.of("v", "before"));
                documents.put("b" + i, body.with("n", i % 3));
                documents.put("c" + i, PropertyMap.of("n", i % 3));
                documents.put("d" + i, body);
            }
            for (int i = 0; i < VALUES.size(); i++) {
                if (i % 2 == 0) {
                    documents.delete("d" + i);
                } else {
                    documents.patch("d" + i, PropertyMap.of("v", i));
                }
            }
            documents.delete("a1");
            documents.put("a1", PropertyMap.of("v", false));
        }
        indexed.declareIndex("n");
        indexed.declareIndex("v");

        for (Field field : List.of(Field.property("v"), Field.property("in", "v"))) {
            for (Filter filter : filters(field)) {
                Filter both = Filter.and(filter, Filter.exists(Field.property("n")));
                for (Filter each : List.of(filter, both)) {
                    assertThat(ids(indexed, each)).as("%s", each.text()).isEqualTo(ids(plain, each));
                    assertThat(indexed.count(each)).as("%s", each.text()).isEqualTo(plain.count(each));
                }
            }
        }
        for (List<SortKey> sort : List.of(
                List.of(SortKey.ascending("v")),
                List.of(SortKey.descending("v")),
                List.of(SortKey.ascending("in", "v")),
                List.of(SortKey.ascending("n"), SortKey.descending("v")),
                List.of(SortKey.descending("n"), SortKey.ascending("other")))) {
            for (Filter filter : List.of(
                    Filter.everything(),
                    Filter.ge(Field.property("v"), 0),
                    Filter.not(Filter.exists(Field.property("in"))))) {
                List<String> expected = pages(plain, filter, sort, 1_000);
                assertThat(pages(plain, filter, sort, 7)).isEqualTo(expected);
                for (int limit : new int[] {1, 7, 1_000}) {
                    assertThat(pages(indexed, filter, sort, limit))
                            .as("%s by %s, %s a page", filter.text(), sort, limit)
                            .isEqualTo(expected);
                }
            }
        }
    }

    private static List<Filter> filters(Field field) {
        List<Filter> filters = new ArrayList<>(List.of(
                Filter.exists(field),
                Filter.not(Filter.exists(field)),
                Filter.in(field, VALUES),
                Filter.in(field, Arrays.asList(1, 1.0, "a", null)),
                Filter.startsWith(field, ""),
                Filter.startsWith(field, "a"),
                Filter.startsWith(field, "a".repeat(300))));
        for (Object value : VALUES) {
            filters.add(Filter.eq(field, value));
            filters.add(Filter.ne(field, value));
            for (Filter.Operator operator : List.of(
                    Filter.Operator.GT,
                    Filter.Operator.GE,
                    Filter.Operator.LT,
                    Filter.Operator.LE,
                    Filter.Operator.CONTAINS)) {
                filters.add(new Filter.Comparison(field, operator, value));
            }
        }
        return filters;
    }

    private static List<String> pages(Documents documents, Filter filter, List<SortKey> sort, int limit) {
        List<String> ids = new ArrayList<>();
        PageRequest page = PageRequest.first(limit);
        Page<Document> read;
        do {
            read = documents.find(filter, sort, page);
            read.items().forEach(document -> ids.add(document.id()));
            page = page.after(read.next());
        } while (read.hasNext());
        return ids;
    }

    private static List<String> ids(Documents documents, Filter filter) {
        return documents.findAll(filter).map(Document::id).toList();
    }

    @Test
    @Proves({"D2", "G12"})
    void sortingLooksIntoPathsAndTakesSeveralKeys(Kit kit) {
        Documents documents = kit.namespace().documents("c");
        List<List<Object>> rows = List.of(
                List.of("1", 2, 1.5),
                List.of("2", 1, 1),
                List.of("3", 1.0, 2),
                List.of("4", 2.0, 1),
                List.of("5", 1, 1.0));
        for (List<Object> row : rows) {
            documents.put(
                    (String) row.get(0),
                    PropertyMap.of("a", PropertyMap.of("a", "decoy " + row.get(0), "b", row.get(1)), "c", row.get(2)));
        }

        assertThat(sorted(documents, SortKey.ascending("a", "b"))).containsExactly("2", "3", "5", "1", "4");
        assertThat(sorted(documents, SortKey.descending("a", "b"))).containsExactly("1", "4", "2", "3", "5");
        assertThat(sorted(documents, SortKey.ascending("a", "b"), SortKey.descending("c")))
                .containsExactly("3", "2", "5", "1", "4");
        assertThat(sorted(documents, SortKey.descending("c"), SortKey.ascending("a", "b")))
                .containsExactly("3", "1", "2", "5", "4");
        assertThat(sorted(documents, SortKey.ascending("a")))
                .as("maps are sorted by their entries")
                .containsExactly("1", "2", "3", "4", "5");
    }

    private static List<String> sorted(Documents documents, SortKey... keys) {
        return documents.findAll(Filter.everything(), keys).map(Document::id).toList();
    }
}
