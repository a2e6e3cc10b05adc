package io.contextdb.tck.vector;

import static org.assertj.core.api.Assertions.assertThat;

import io.contextdb.HybridQuery;
import io.contextdb.Namespace;
import io.contextdb.Vectors;
import io.contextdb.spi.capability.Capability;
import io.contextdb.spi.filter.Filter;
import io.contextdb.spi.value.UuidOrder;
import io.contextdb.spi.vector.Hit;
import io.contextdb.spi.vector.TextQuery;
import io.contextdb.spi.vector.Vector;
import io.contextdb.spi.vector.VectorPoint;
import io.contextdb.spi.vector.VectorQuery;
import io.contextdb.spi.vector.VectorSpace;
import io.contextdb.tck.Kit;
import io.contextdb.tck.Needs;
import io.contextdb.tck.Proves;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

/** Texts: words, ranks, and both legs together. */
@Needs({Capability.VECTORS, Capability.TEXT_SEARCH})
public abstract class TextSuite {
    private static final String S = "s";
    /** In bytes, as {@link TextQuery} allows. */
    private static final int LONGEST_QUERY = 100_000;

    private static VectorPoint text(String text) {
        return VectorPoint.builder(UUID.randomUUID()).text(text).build();
    }

    private static List<String> texts(List<Hit> hits) {
        return hits.stream().map(hit -> hit.point().text()).toList();
    }

    @Test
    @Needs(Capability.TEXT_SEARCH)
    @Proves("V7")
    void textSearchRanksAsBm25Does(Kit kit) {
        Vectors vectors = kit.namespace().vectors();
        vectors.createSpace(VectorSpace.cosine(S, 2));
        for (int i = 0; i < 20; i++) {
            vectors.put(S, text("common words number" + i));
        }
        vectors.put(S, text("common zebra"));
        vectors.put(S, text("zebra under an open sky"));
        vectors.put(S, text("zebra"));
        vectors.put(S, text("a much longer text that has a zebra somewhere in the middle of many other things"));

        assertThat(texts(vectors.searchText(TextQuery.of(S, "SKY zebra", 3))))
                .first()
                .isEqualTo("zebra under an open sky");
        assertThat(texts(vectors.searchText(TextQuery.of(S, "zebra", 10))))
                .hasSize(4)
                .startsWith("zebra", "common zebra");
        assertThat(vectors.searchText(TextQuery.of(S, "common", 100)))
                .hasSize(21)
                .isSortedAccordingTo(Hit.ORDER);
        assertThat(vectors.searchText(TextQuery.of(S, "unicorn", 10))).isEmpty();
        assertThat(vectors.searchText(TextQuery.of(S, "  ,.! ", 10))).isEmpty();
        assertThat(vectors.searchText(TextQuery.of(S, "", 10))).isEmpty();
        assertThat(vectors.searchText(TextQuery.of(S, "zebra OR \"( AND NOT", 10)))
                .isNotEmpty();
    }

    @Test
    @Needs(Capability.TEXT_SEARCH)
    @Proves({"V7", "V5"})
    void textIsSearchableAndGoneAtOnce(Kit kit) {
        Vectors vectors = kit.namespace().vectors();
        vectors.createSpace(VectorSpace.cosine(S, 2));
        VectorPoint point = VectorPoint.builder(UUID.randomUUID())
                .text("Ünïcode Straße 42")
                .labels(List.of("l"))
                .build();
        vectors.put(S, point);

        assertThat(vectors.searchText(TextQuery.of(S, "ünïcode", 5))).hasSize(1);
        assertThat(vectors.searchText(TextQuery.of(S, "42", 5).where(Filter.label("l"))))
                .hasSize(1);
        assertThat(vectors.searchText(TextQuery.of(S, "42", 5).where(Filter.label("m"))))
                .isEmpty();
        assertThat(vectors.search(VectorQuery.nearest(S, Vector.of(1, 0), 5))).isEmpty();
        vectors.put(S, point.toBuilder().text("other").build());
        assertThat(vectors.searchText(TextQuery.of(S, "42", 5))).isEmpty();
        assertThat(vectors.searchText(TextQuery.of(S, "other", 5))).hasSize(1);
        vectors.delete(S, point.id());
        assertThat(vectors.searchText(TextQuery.of(S, "other", 5))).isEmpty();
    }

    @Test
    @Needs(Capability.TEXT_SEARCH)
    @Proves("V7")
    void hybridSearchFusesRanks(Kit kit) {
        Namespace namespace = kit.namespace();
        Vectors vectors = namespace.vectors();
        vectors.createSpace(VectorSpace.cosine(S, 2));
        VectorPoint both = VectorPoint.builder(new UUID(0, 1))
                .vector(9, 1)
                .text("needle in hay")
                .build();
        VectorPoint near =
                VectorPoint.builder(new UUID(0, 2)).vector(1, 0).text("nothing").build();
        VectorPoint named =
                VectorPoint.builder(new UUID(0, 3)).text("needle needle").build();
        vectors.put(S, List.of(both, near, named));

        List<Hit> hits = vectors.searchHybrid(new HybridQuery(S, Vector.of(1, 0), "needle", 3, Filter.everything()));

        assertThat(hits).extracting(hit -> hit.point().id()).startsWith(both.id());
        assertThat(hits.get(0).score()).isCloseTo(1.0 / 62 + 1.0 / 62, Offset.offset(2e-3));
        assertThat(hits).hasSize(3).isSortedAccordingTo(Hit.ORDER);
    }

    @Test
    @Proves({"V7", "V3"})
    void textSearchFiltersWithinAndCutsAtK(Kit kit) {
        Vectors vectors = kit.namespace().vectors();
        vectors.createSpace(VectorSpace.cosine(S, 2));
        for (int i = 0; i < 60; i++) {
            // The rare ones rank last, where a filter after the cut would lose them.
            boolean rare = i % 20 == 0;
            vectors.put(
                    S,
                    VectorPoint.builder(new UUID(0, i))
                            .text(rare ? "needle in a very large stack of hay" : "needle")
                            .labels(List.of(rare ? "rare" : "common"))
                            .build());
        }

        for (int k : new int[] {1, 2, 3, 59, 60, 61}) {
            assertThat(vectors.searchText(TextQuery.of(S, "needle", k))).hasSize(Math.min(k, 60));
            assertThat(vectors.searchText(TextQuery.of(S, "needle", k).where(Filter.label("rare"))))
                    .hasSize(Math.min(k, 3));
        }
        assertThat(vectors.searchText(List.of(
                        TextQuery.of(S, "hay", 10), TextQuery.of(S, "needle", 2), TextQuery.of(S, "nothing", 1))))
                .extracting(List::size)
                .containsExactly(3, 2, 0);
    }

    @Test
    @Proves("V7")
    void anyWordMatchesAsItIsSpelled(Kit kit) {
        Vectors vectors = kit.namespace().vectors();
        vectors.createSpace(VectorSpace.cosine(S, 2));
        vectors.put(S, text("résumé of the year"));
        vectors.put(S, text("resume the work"));
        vectors.put(S, text("working well"));

        assertThat(texts(vectors.searchText(TextQuery.of(S, "RÉSUMÉ", 5)))).containsExactly("résumé of the year");
        assertThat(texts(vectors.searchText(TextQuery.of(S, "resume", 5)))).containsExactly("resume the work");
        assertThat(texts(vectors.searchText(TextQuery.of(S, "unicorn year", 5))))
                .containsExactly("résumé of the year");
        assertThat(texts(vectors.searchText(TextQuery.of(S, "work", 5))))
                .as("whole words")
                .containsExactly("resume the work");
        assertThat(vectors.searchText(TextQuery.of(S, "the", 5)))
                .as("no word is too common")
                .hasSize(2);
    }

    @Test
    @Proves("V7")
    void rareWordsCountForMoreThanCommonOnes(Kit kit) {
        Vectors vectors = kit.namespace().vectors();
        vectors.createSpace(VectorSpace.cosine(S, 2));
        for (int i = 0; i < 12; i++) {
            vectors.put(
                    S, VectorPoint.builder(new UUID(0, i)).text("common word").build());
        }
        vectors.put(S, VectorPoint.builder(new UUID(-1, 0)).text("rare word").build());
        vectors.put(S, VectorPoint.builder(new UUID(-1, 1)).text("common rare").build());

        List<Hit> hits = vectors.searchText(TextQuery.of(S, "common rare", 20));
        assertThat(texts(hits)).hasSize(14).startsWith("common rare", "rare word", "common word");
        assertThat(hits.get(0).score()).isGreaterThan(hits.get(1).score());
        assertThat(hits.get(1).score()).isGreaterThan(hits.get(2).score());
    }

    @Test
    @Needs(Capability.FUZZY_TEXT_SEARCH)
    @Proves("V9")
    void wordsThatAreSpelledAlikeMatchWhereThatIsAskedFor(Kit kit) {
        Vectors vectors = kit.namespace().vectors();
        vectors.createSpace(VectorSpace.cosine(S, 2));
        for (String word : List.of("at", "cat", "heart", "memory", "postgres", "été", "𝒳yz")) {
            vectors.put(S, text(word));
        }

        Map<String, String> found = new LinkedHashMap<>();
        found.put("memory", "memory");
        found.put("MEMORY", "memory");
        found.put("memroy", "memory");
        found.put("memmory", "memory");
        found.put("memry", "memory");
        found.put("mamery", "memory");
        found.put("postgers", "postgres");
        found.put("hearts", "heart");
        found.put("haert", "heart");
        found.put("étè", "été");
        found.put("𝒳zy", "𝒳yz");
        found.forEach((asked, word) -> assertThat(
                        texts(vectors.searchText(TextQuery.of(S, asked, 5).fuzzily())))
                .as("like %s", asked)
                .containsExactly(word));
        for (String asked :
                List.of("emmory", "amemory", "mammery", "mem", "hxxrt", "hat", "ht", "ct", "bat", "yz", "etè", "")) {
            assertThat(vectors.searchText(TextQuery.of(S, asked, 5).fuzzily()))
                    .as("like %s", asked)
                    .isEmpty();
        }
        assertThat(vectors.searchText(TextQuery.of(S, "memroy", 5))).isEmpty();
    }

    @Test
    @Needs(Capability.FUZZY_TEXT_SEARCH)
    @Proves("V9")
    void wordsThatAreSpelledAlikeCountForLess(Kit kit) {
        Vectors vectors = kit.namespace().vectors();
        vectors.createSpace(VectorSpace.cosine(S, 2));
        vectors.put(S, text("recall"));
        vectors.put(S, text("recalls"));
        vectors.put(
                S,
                VectorPoint.builder(UUID.randomUUID())
                        .text("rekall")
                        .labels(List.of("l"))
                        .build());

        List<Hit> hits = vectors.searchText(TextQuery.of(S, "recall other", 5).fuzzily());

        assertThat(texts(hits)).hasSize(3).startsWith("recall");
        assertThat(hits.subList(1, 3))
                .allSatisfy(
                        hit -> assertThat(hit.score() / hits.get(0).score()).isCloseTo(5.0 / 6, Offset.offset(1e-3)));
        assertThat(texts(vectors.searchText(
                        TextQuery.of(S, "recall", 5).fuzzily().where(Filter.label("l")))))
                .containsExactly("rekall");
        assertThat(vectors.searchHybrid(new HybridQuery(S, Vector.of(1, 0), "recal", 5, Filter.everything()).fuzzily()))
                .hasSize(1);
    }

    @Test
    @Needs(Capability.FUZZY_TEXT_SEARCH)
    @Proves("V9")
    void theTwentyMostAlikeCount(Kit kit) {
        Vectors vectors = kit.namespace().vectors();
        vectors.createSpace(VectorSpace.cosine(S, 2));
        vectors.put(S, text("memory"));
        for (char letter = 'z'; letter >= 'a'; letter--) {
            vectors.put(S, text("memory" + letter));
        }
        List<String> expected = new ArrayList<>(List.of("memory"));
        for (char letter = 'a'; letter <= 's'; letter++) {
            expected.add("memory" + letter);
        }

        assertThat(texts(vectors.searchText(TextQuery.of(S, "memory", 100).fuzzily())))
                .containsExactlyInAnyOrderElementsOf(expected);
    }

    @Test
    @Proves({"V7", "G12"})
    void textTiesBreakByUnsignedId(Kit kit) {
        Vectors vectors = kit.namespace().vectors();
        vectors.createSpace(VectorSpace.cosine(S, 2));
        List<UUID> ids =
                List.of(new UUID(0, 1), new UUID(0, -1), new UUID(1, 1), new UUID(Long.MIN_VALUE, 5), new UUID(-1, 0));
        ids.reversed()
                .forEach(id -> vectors.put(
                        S, VectorPoint.builder(id).text("same words").build()));

        for (int k : new int[] {2, 4, 5}) {
            assertThat(vectors.searchText(TextQuery.of(S, "words", k)))
                    .extracting(hit -> hit.point().id())
                    .containsExactlyElementsOf(ids.subList(0, k));
        }
    }

    @Test
    @Proves({"V7", "G12"})
    void ofManyEqualScoresThoseOfTheSmallestIdsAreFound(Kit kit) {
        Vectors vectors = kit.namespace().vectors();
        vectors.createSpace(VectorSpace.cosine(S, 2));
        List<VectorPoint> points = new ArrayList<>();
        for (int i = 0; i < 400; i++) {
            points.add(VectorPoint.builder(new UUID(kit.random().nextLong(), i))
                    .text("same words")
                    .labels(List.of(i % 2 == 0 ? "even" : "odd"))
                    .build());
        }
        points.forEach(point -> vectors.put(S, point));
        points.sort(Comparator.comparing(VectorPoint::id, UuidOrder.INSTANCE));
        List<UUID> ids = points.stream().map(VectorPoint::id).toList();
        List<UUID> odd = points.stream()
                .filter(point -> point.labels().contains("odd"))
                .map(VectorPoint::id)
                .toList();

        for (int k : new int[] {1, 2, 50}) {
            assertThat(vectors.searchText(TextQuery.of(S, "words", k)))
                    .extracting(hit -> hit.point().id())
                    .containsExactlyElementsOf(ids.subList(0, k));
            assertThat(vectors.searchText(TextQuery.of(S, "words", k).where(Filter.label("odd"))))
                    .extracting(hit -> hit.point().id())
                    .containsExactlyElementsOf(odd.subList(0, k));
        }
        vectors.delete(S, ids.get(0));
        assertThat(vectors.searchText(TextQuery.of(S, "words", 1)))
                .extracting(hit -> hit.point().id())
                .containsExactly(ids.get(1));
    }

    @Test
    @Proves({"V7", "G9"})
    void theLongestQueryIsUnderstood(Kit kit) {
        Vectors vectors = kit.namespace().vectors();
        vectors.createSpace(VectorSpace.cosine(S, 2));
        StringBuilder words = new StringBuilder();
        for (int i = 0; words.length() < LONGEST_QUERY - 20; i++) {
            words.append('w').append(Integer.toString(i, 36)).append(' ');
        }
        VectorPoint all = VectorPoint.builder(new UUID(0, 1))
                .text(words.toString())
                .labels(List.of("all"))
                .build();
        VectorPoint last = VectorPoint.builder(new UUID(0, 2))
                .text("the last word")
                .labels(List.of("last"))
                .build();
        vectors.put(S, all);
        vectors.put(S, last);
        vectors.put(S, text("nothing of it"));
        String asked = words + "last";

        TextQuery query = TextQuery.of(S, asked, 5);
        assertThat(vectors.searchText(query))
                .extracting(hit -> hit.point().id())
                .containsExactly(all.id(), last.id());
        for (VectorPoint only : List.of(all, last)) {
            assertThat(vectors.searchText(query.where(Filter.label(only.labels().first()))))
                    .as("with a filter, the index must not be taken for damaged")
                    .extracting(hit -> hit.point().id())
                    .containsExactly(only.id());
        }
        if (kit.info().offers(Capability.FUZZY_TEXT_SEARCH)) {
            assertThat(vectors.searchText(query.where(Filter.label("last")).fuzzily()))
                    .extracting(hit -> hit.point().id())
                    .containsExactly(last.id());
        }
    }
}
