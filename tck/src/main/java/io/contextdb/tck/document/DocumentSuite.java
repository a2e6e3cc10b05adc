package io.contextdb.tck.document;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.contextdb.Documents;
import io.contextdb.Namespace;
import io.contextdb.spi.capability.Capability;
import io.contextdb.spi.document.Document;
import io.contextdb.spi.error.InvalidRequestException;
import io.contextdb.spi.error.PreconditionFailedException;
import io.contextdb.spi.filter.Filter;
import io.contextdb.spi.value.PropertyMap;
import io.contextdb.spi.write.Condition;
import io.contextdb.tck.Kit;
import io.contextdb.tck.Needs;
import io.contextdb.tck.Proves;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Documents: content, versions, patches. */
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
    @Proves("D1")
    void idsAndCollectionsAreComparedExactly(Kit kit) {
        Namespace namespace = kit.namespace();
        String long511 = "x".repeat(511);
        List<String> ids = List.of("a", "A", "a ", " a", "é", "e\u0301", long511 + "a", long511 + "b");
        List<String> collections = List.of("c", "C", "c ", "é", "e\u0301", "x".repeat(128));
        for (String collection : collections) {
            ids.forEach(id -> namespace.documents(collection).put(id, PropertyMap.of("in", collection, "id", id)));
        }

        for (String collection : collections) {
            assertThat(namespace.documents(collection).count(Filter.everything()))
                    .isEqualTo(ids.size());
            for (String id : ids) {
                assertThat(namespace.documents(collection).get(id))
                        .map(Document::body)
                        .contains(PropertyMap.of("in", collection, "id", id));
            }
        }
        assertThat(namespace.documents("C").delete("A")).isTrue();
        assertThat(namespace.documents("C").get("a")).isPresent();
        assertThat(namespace.documents("c").get("A")).isPresent();
    }

    @Test
    @Proves({"D1", "G8"})
    void aPutReplacesAndSaysWhen(Kit kit) {
        Namespace namespace = kit.namespace();
        namespace.documents("c").put("id", PropertyMap.of("a", 1, "b", 2));
        var receipt = namespace.batch().put("c", "id", PropertyMap.of("c", 3)).apply();

        Document document = namespace.documents("c").get("id").orElseThrow();
        assertThat(document.body()).isEqualTo(PropertyMap.of("c", 3));
        assertThat(document.updatedAt()).isEqualTo(receipt.committedAt());
        assertThat(namespace.documents("c").put("id", document.body()))
                .as("equal content is a version, too")
                .isGreaterThan(document.version());
        namespace.documents("c").put("empty", PropertyMap.empty());
        assertThat(namespace.documents("c").get("empty")).map(Document::body).contains(PropertyMap.empty());
        assertThat(namespace.documents("c").findAll(Filter.everything()).map(Document::id))
                .containsExactly("empty", "id");
    }

    @Test
    @Proves({"D3", "G8"})
    void patchesFollowTheRfcToItsLastExample(Kit kit) {
        Documents documents = kit.namespace().documents("c");
        PropertyMap nullA = PropertyMap.of("a", null);
        // RFC 7396, appendix A, where target and patch are objects.
        List<List<PropertyMap>> examples = List.of(
                List.of(PropertyMap.of("a", "b"), PropertyMap.of("a", "c"), PropertyMap.of("a", "c")),
                List.of(PropertyMap.of("a", "b"), PropertyMap.of("b", "c"), PropertyMap.of("a", "b", "b", "c")),
                List.of(PropertyMap.of("a", "b"), nullA, PropertyMap.empty()),
                List.of(PropertyMap.of("a", "b", "b", "c"), nullA, PropertyMap.of("b", "c")),
                List.of(PropertyMap.of("a", List.of("b")), PropertyMap.of("a", "c"), PropertyMap.of("a", "c")),
                List.of(PropertyMap.of("a", "c"), PropertyMap.of("a", List.of("b")), PropertyMap.of("a", List.of("b"))),
                List.of(
                        PropertyMap.of("a", PropertyMap.of("b", "c")),
                        PropertyMap.of("a", PropertyMap.of("b", "d", "c", null)),
                        PropertyMap.of("a", PropertyMap.of("b", "d"))),
                List.of(
                        PropertyMap.of("a", List.of(PropertyMap.of("b", "c"))),
                        PropertyMap.of("a", List.of(1)),
                        PropertyMap.of("a", List.of(1))),
                List.of(PropertyMap.of("e", null), PropertyMap.of("a", 1), PropertyMap.of("e", null, "a", 1)),
                List.of(
                        PropertyMap.empty(),
                        PropertyMap.of("a", PropertyMap.of("bb", PropertyMap.of("ccc", null))),
                        PropertyMap.of("a", PropertyMap.of("bb", PropertyMap.empty()))),
                List.of(
                        PropertyMap.of("a", "text"),
                        PropertyMap.of("a", PropertyMap.of("b", null, "c", 1)),
                        PropertyMap.of("a", PropertyMap.of("c", 1))));
        for (int i = 0; i < examples.size(); i++) {
            String id = "example " + i;
            long version = documents.put(id, examples.get(i).get(0));
            assertThat(documents.patch(id, examples.get(i).get(1))).isGreaterThan(version);
            assertThat(documents.get(id).orElseThrow().body())
                    .as(id)
                    .isEqualTo(examples.get(i).get(2));
        }
    }

    @Test
    @Proves({"D3", "G13"})
    void concurrentPatchesOfOneMemberAreAllVersions(Kit kit) {
        Documents documents = kit.namespace().documents("c");
        documents.put("id", PropertyMap.of("kept", true));

        List<Long> versions =
                kit.together(16, i -> documents.patch("id", PropertyMap.of("by" + i, PropertyMap.of("n", i))));

        assertThat(versions).doesNotHaveDuplicates();
        assertThat(documents.get("id").orElseThrow().body().asMap()).hasSize(17).containsEntry("kept", true);
    }
}
