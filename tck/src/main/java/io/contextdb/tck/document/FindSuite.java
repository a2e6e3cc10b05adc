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
