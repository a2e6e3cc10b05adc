package io.contextdb.tck.document;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.contextdb.Conversation;
import io.contextdb.Conversation.Message;
import io.contextdb.Documents;
import io.contextdb.Namespace;
import io.contextdb.spi.capability.Capability;
import io.contextdb.spi.document.Document;
import io.contextdb.spi.document.SortKey;
import io.contextdb.spi.error.InvalidRequestException;
import io.contextdb.spi.error.PreconditionFailedException;
import io.contextdb.spi.filter.Field;
import io.contextdb.spi.filter.Filter;
import io.contextdb.spi.value.Page;
import io.contextdb.spi.value.PageRequest;
import io.contextdb.spi.value.PropertyMap;
import io.contextdb.spi.write.Condition;
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

/** Documents and conversations. */
@Needs(Capability.DOCUMENTS)
public abstract class DocumentSuite {
    @Test
    @Proves({"D1", "G3"})
    void bodiesComeBackExactly(Kit kit) {
        Documents documents = kit.namespace().documents("c");
        PropertyMap body = PropertyMap.of("null", null, "true", true, "long", Long.MIN_VALUE)
                .with("max", Long.MAX_VALUE)
                .with("beyond doubles", (1L << 53) + 1)
                .with("one", 1.0)
                .with("negative zero", -0.0)
                .with("denormal", Double.MIN_VALUE)
                .with("largest", Double.MAX_VALUE)
                .with("text", "quotes ' \" \\ % _ \n\t 😀 \uE000 e\u0301 é")
                .with("", "an empty key")
                .with("list", Arrays.asList(1, 1.0, null, List.of(), Map.of("x", List.of("y"))))
                .with("dots.and $", Map.of("a.b", 1));

        long version = documents.put("id", body);

        Document stored = documents.get("id").orElseThrow();
        assertThat(stored.body()).isEqualTo(body);
        assertThat(stored.version()).isEqualTo(version);
    }

    @Test
    @Proves("D1")
    void idsAreAnyTextOfUpTo512Bytes(Kit kit) {
        Documents documents = kit.namespace().documents("c / d'");
        List<String> ids = List.of("a", "A", "é", "e\u0301", "%", "_", "'; --", "a/b", "😀", "x".repeat(512));
        ids.forEach(id -> documents.put(id, PropertyMap.of("id", id)));

        ids.forEach(id -> assertThat(documents.get(id).orElseThrow().body()).isEqualTo(PropertyMap.of("id", id)));
        assertThat(documents.count(Filter.everything())).isEqualTo(ids.size());
        assertThatThrownBy(() -> documents.put("x".repeat(513), PropertyMap.empty()))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("document.id")
                .hasMessageContaining("512");
    }

    @Test
    @Proves({"D1", "G5", "G8"})
    void conditionsHoldAndVersionsRise(Kit kit) {
        Documents documents = kit.namespace().documents("c");
        long first = documents.put("id", PropertyMap.of("n", 1), Condition.absent());
        long second = documents.put("id", PropertyMap.of("n", 2), Condition.version(first));

        assertThat(second).isGreaterThan(first);
        assertThatThrownBy(() -> documents.put("id", PropertyMap.of("n", 3), Condition.version(first)))
                .isInstanceOfSatisfying(
                        PreconditionFailedException.class,
                        failed -> assertThat(failed.currentVersion()).isEqualTo(second));
        assertThat(documents.put(
                        "id", PropertyMap.of("n", 3), Condition.absent().orSkip()))
                .isZero();
        assertThat(documents.delete("id")).isTrue();
        assertThat(documents.delete("id")).isFalse();
        assertThat(documents.put("id", PropertyMap.of("n", 4))).isGreaterThan(second);
    }

    @Test
    @Proves("D1")
    void collectionsAreApart(Kit kit) {
        Namespace namespace = kit.namespace();
        namespace.documents("c").put("id", PropertyMap.of("in", "c"));
        namespace.documents("cc").put("id", PropertyMap.of("in", "cc"));

        assertThat(namespace.documents("c").findAll(Filter.everything()).map(Document::body))
                .containsExactly(PropertyMap.of("in", "c"));
        assertThat(namespace.documents("nothing").findAll(Filter.everything())).isEmpty();
    }

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
    @Proves("D3")
    void patchesMerge(Kit kit) {
        Documents documents = kit.namespace().documents("c");
        documents.put(
                "id",
                PropertyMap.of("title", "Goodbye", "author", Map.of("given", "John", "family", "Doe"))
                        .with("tags", List.of("example", "sample")));

        documents.patch(
                "id",
                PropertyMap.of("title", "Hello", "author", Collections.singletonMap("family", null))
                        .with("tags", List.of("example"))
                        .with("phone", "+01"));

        assertThat(documents.get("id").orElseThrow().body())
                .isEqualTo(PropertyMap.of("title", "Hello", "author", Map.of("given", "John"))
                        .with("tags", List.of("example"))
                        .with("phone", "+01"));
        documents.patch("new", PropertyMap.of("a", 1, "b", null));
        assertThat(documents.get("new").orElseThrow().body()).isEqualTo(PropertyMap.of("a", 1));
    }

    @Test
    @Proves({"D3", "G13"})
    void concurrentPatchesLoseNothing(Kit kit) {
        Documents documents = kit.namespace().documents("c");

        kit.together(16, i -> documents.patch("id", PropertyMap.of("k" + i, i)));

        assertThat(documents.get("id").orElseThrow().body().asMap()).hasSize(16);
    }

    @Test
    @Needs({Capability.EVENTS})
    @Proves("D3a")
    void conversationsKeepTheOrderOfAppending(Kit kit) {
        Namespace namespace = kit.namespace();
        Conversation conversation = namespace.conversation("support/42");
        List<String> said = new ArrayList<>();
        for (int i = 0; i < 30; i++) {
            conversation.append(Message.of("user", "q" + i), Message.of("assistant", "a" + i));
            said.addAll(List.of("q" + i, "a" + i));
        }
        namespace.conversation("support/4").append(Message.of("user", "elsewhere"));

        assertThat(conversation.messages().map(Message::content)).containsExactlyElementsOf(said);
        assertThat(conversation.latest(3)).extracting(Message::content).containsExactly("a28", "q29", "a29");
    }

    @Test
    @Needs({Capability.EVENTS})
    @Proves({"D3a", "G5"})
    void messagesOfOneCallStayTogether(Kit kit) {
        Namespace namespace = kit.namespace();

        kit.together(8, i -> {
            for (int n = 0; n < 10; n++) {
                namespace
                        .conversation("c")
                        .append(Message.of("user", i + "." + n), Message.of("assistant", i + "." + n));
            }
            return i;
        });

        List<Message> messages = namespace.conversation("c").messages().toList();
        assertThat(messages).hasSize(160);
        for (int i = 0; i < messages.size(); i += 2) {
            assertThat(messages.get(i).role()).isEqualTo("user");
            assertThat(messages.get(i + 1).role()).isEqualTo("assistant");
            assertThat(messages.get(i + 1).content()).isEqualTo(messages.get(i).content());
        }
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
}
