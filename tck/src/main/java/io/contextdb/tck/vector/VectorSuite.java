package io.contextdb.tck.vector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.contextdb.HybridQuery;
import io.contextdb.Namespace;
import io.contextdb.Vectors;
import io.contextdb.spi.capability.Capability;
import io.contextdb.spi.error.ErrorCode;
import io.contextdb.spi.error.InvalidRequestException;
import io.contextdb.spi.filter.Field;
import io.contextdb.spi.filter.Filter;
import io.contextdb.spi.value.Interval;
import io.contextdb.spi.value.PropertyMap;
import io.contextdb.spi.value.UuidOrder;
import io.contextdb.spi.vector.Hit;
import io.contextdb.spi.vector.Metric;
import io.contextdb.spi.vector.TextQuery;
import io.contextdb.spi.vector.Vector;
import io.contextdb.spi.vector.VectorPoint;
import io.contextdb.spi.vector.VectorQuery;
import io.contextdb.spi.vector.VectorSpace;
import io.contextdb.tck.Kit;
import io.contextdb.tck.Needs;
import io.contextdb.tck.Proves;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.stream.IntStream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

/** Vector spaces: similarity, filters within the search, text, read your writes. */
@Needs(Capability.VECTORS)
public abstract class VectorSuite {
    private static final String S = "s";

    private static float[] gaussian(Random random, int dimensions) {
        float[] vector = new float[dimensions];
        for (int i = 0; i < dimensions; i++) {
            vector[i] = (float) random.nextGaussian();
        }
        return vector;
    }

    private static VectorPoint point(UUID id, float... vector) {
        return VectorPoint.builder(id).vector(vector).build();
    }

    private static VectorPoint text(String text) {
        return VectorPoint.builder(UUID.randomUUID()).text(text).build();
    }

    private static List<String> texts(List<Hit> hits) {
        return hits.stream().map(hit -> hit.point().text()).toList();
    }

    @Test
    @Proves({"V1", "V8"})
    void spacesAreFixedOnceCreated(Kit kit) {
        Vectors vectors = kit.namespace().vectors();
        vectors.createSpace(VectorSpace.cosine(S, 3));
        vectors.createSpace(VectorSpace.cosine(S, 3));

        assertThatThrownBy(() -> vectors.createSpace(VectorSpace.cosine(S, 4)))
                .isInstanceOf(InvalidRequestException.class);
        assertThatThrownBy(() -> vectors.createSpace(new VectorSpace(S, 3, Metric.COSINE, "other")))
                .isInstanceOf(InvalidRequestException.class);
        int limit = kit.info().limits().dimensions();
        assertThatThrownBy(() -> vectors.createSpace(VectorSpace.cosine("wide", limit + 1)))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("" + limit);
        vectors.createSpace(VectorSpace.cosine("widest", limit));
        assertThat(vectors.spaces()).extracting(VectorSpace::name).containsExactly(S, "widest");
        assertThat(vectors.dropSpace("widest")).isTrue();
        assertThat(vectors.dropSpace("widest")).isFalse();
    }

    @Test
    @Proves("V1")
    void whatCannotBeComparedIsRefusedBeforeItIsWritten(Kit kit) {
        Vectors vectors = kit.namespace().vectors();
        vectors.createSpace(VectorSpace.cosine(S, 3));
        UUID id = UUID.randomUUID();

        assertThatThrownBy(() -> vectors.put(S, point(id, 1, 2))).hasMessageContaining("dimensions");
        assertThatThrownBy(() -> vectors.put(S, point(id, 0, 0, 0))).hasMessageContaining("zero");
        assertThatThrownBy(() -> vectors.search(VectorQuery.nearest(S, Vector.of(1, 2, 3, 4), 1)))
                .hasMessageContaining("dimensions");
        assertThatThrownBy(() -> vectors.search(VectorQuery.nearest(S, Vector.of(0, 0, 0), 1)))
                .hasMessageContaining("zero");
        for (float bad : new float[] {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY}) {
            assertThatThrownBy(() -> Vector.of(1, bad)).isInstanceOf(InvalidRequestException.class);
        }
        assertThatThrownBy(() -> vectors.put("absent", point(id, 1, 2, 3)))
                .isInstanceOfSatisfying(
                        InvalidRequestException.class,
                        failed -> assertThat(failed.code()).isEqualTo(ErrorCode.NOT_FOUND))
                .hasMessageContaining("absent");
        assertThat(vectors.count(S, Filter.everything())).isZero();
    }

    @Test
    @Proves({"V2", "G12"})
    void scoresAreTheTrueMetricAndOrderTheHits(Kit kit) {
        for (Metric metric : Metric.values()) {
            Capability needed = switch (metric) {
                case COSINE -> Capability.VECTORS;
                case DOT -> Capability.DOT_METRIC;
                case EUCLIDEAN -> Capability.EUCLIDEAN_METRIC;
            };
            if (!kit.info().offers(needed)) {
                continue;
            }
            Vectors vectors = kit.namespace().vectors();
            vectors.createSpace(new VectorSpace(S, 8, metric, ""));
            Map<UUID, Vector> all = new HashMap<>();
            for (int i = 0; i < 60; i++) {
                all.put(UUID.randomUUID(), Vector.of(gaussian(kit.random(), 8)));
            }
            all.forEach((id, vector) ->
                    vectors.put(S, VectorPoint.builder(id).vector(vector).build()));
            Vector query = Vector.of(gaussian(kit.random(), 8));

            List<Hit> hits = vectors.search(VectorQuery.nearest(S, query, 100));

            assertThat(hits).hasSize(60).isSortedAccordingTo(Hit.ORDER);
            for (Hit hit : hits) {
                Vector vector = all.getOrDefault(hit.point().id(), query);
                assertThat(hit.score())
                        .as("%s", metric)
                        .isCloseTo(metric.similarity(query, vector), Offset.offset(1e-4));
                assertThat(hit.point().vector()).isEmpty();
            }
            assertThat(hits.getLast().score()).isNegative();
        }
    }

    @Test
    @Proves({"V2", "G12"})
    void tiesBreakByUnsignedId(Kit kit) {
        Vectors vectors = kit.namespace().vectors();
        vectors.createSpace(VectorSpace.cosine(S, 2));
        List<UUID> ids = new ArrayList<>(
                List.of(new UUID(0, 1), new UUID(-1, 0), new UUID(1, -1), new UUID(Long.MIN_VALUE, 5), new UUID(1, 1)));
        ids.forEach(id -> vectors.put(S, point(id, 3, 4)));

        List<UUID> ordered = new ArrayList<>(ids);
        ordered.sort(UuidOrder.INSTANCE);
        assertThat(vectors.search(VectorQuery.nearest(S, Vector.of(1, 1), 10)))
                .extracting(hit -> hit.point().id())
                .containsExactlyElementsOf(ordered);
    }

    @Test
    @Proves("V3")
    void filtersAreAppliedWithinTheSearch(Kit kit) {
        Vectors vectors = kit.namespace().vectors();
        vectors.createSpace(VectorSpace.cosine(S, 4));
        List<VectorPoint> points = new ArrayList<>();
        for (int i = 0; i < 400; i++) {
            // The rare ones are the farthest from the query, where a filter after the search would lose them.
            boolean rare = i % 40 == 0;
            float[] vector = gaussian(kit.random(), 4);
            vector[0] = rare ? -20 : 20;
            points.add(VectorPoint.builder(UUID.randomUUID())
                    .vector(vector)
                    .labels(List.of(rare ? "rare" : "common"))
                    .property("i", i)
                    .build());
        }
        vectors.put(S, points);
        Vector query = Vector.of(1, 0, 0, 0);

        for (int k : new int[] {1, 9, 10, 11, 400, 1_000}) {
            assertThat(vectors.search(VectorQuery.nearest(S, query, k))).hasSize(Math.min(k, 400));
            assertThat(vectors.search(VectorQuery.nearest(S, query, k).where(Filter.label("rare"))))
                    .hasSize(Math.min(k, 10))
                    .allMatch(hit -> hit.point().labels().contains("rare"));
            assertThat(vectors.search(VectorQuery.nearest(S, query, k)
                            .where(Filter.and(Filter.label("rare"), Filter.lt(Field.property("i"), 100)))))
                    .hasSize(Math.min(k, 3));
        }
        assertThat(vectors.search(VectorQuery.nearest(S, query, 5).where(Filter.label("none"))))
                .isEmpty();
        assertThat(kit.info().limits().k()).isGreaterThanOrEqualTo(1_000);
    }

    @Test
    @Needs(Capability.EXACT_SEARCH)
    @Proves("V4")
    void recallIsHighOnClusteredVectors(Kit kit) {
        int size = Integer.getInteger("contextdb.tck.recall", 5_000);
        int dimensions = 384;
        Vectors vectors = kit.namespace().vectors();
        vectors.createSpace(VectorSpace.cosine(S, dimensions));
        Random random = kit.random();
        List<float[]> centres = IntStream.range(0, Math.max(10, size / 100))
                .mapToObj(i -> gaussian(random, dimensions))
                .toList();
        for (int from = 0; from < size; from += 500) {
            List<VectorPoint> points = new ArrayList<>();
            for (int i = from; i < Math.min(size, from + 500); i++) {
                points.add(VectorPoint.builder(new UUID(7, i))
                        .vector(near(centres.get(random.nextInt(centres.size())), random))
                        .property("bucket", i % 100)
                        .build());
            }
            vectors.put(S, points);
        }
        Filter filter = Filter.eq(Field.property("bucket"), 3);
        double found = 0;
        double foundFiltered = 0;
        int queries = 30;
        for (int q = 0; q < queries; q++) {
            Vector query = Vector.of(near(centres.get(random.nextInt(centres.size())), random));
            VectorQuery nearest = VectorQuery.nearest(S, query, 10);
            found += shared(vectors.search(nearest), vectors.search(nearest.exactly()));
            foundFiltered += shared(
                    vectors.search(nearest.where(filter)),
                    vectors.search(nearest.where(filter).exactly()));
        }

        assertThat(found / (10 * queries)).as("recall@10").isGreaterThanOrEqualTo(0.95);
        assertThat(foundFiltered / (10 * queries)).as("recall@10 with a filter").isGreaterThanOrEqualTo(0.90);
    }

    private static float[] near(float[] centre, Random random) {
        float[] vector = centre.clone();
        for (int i = 0; i < vector.length; i++) {
            vector[i] += 0.35f * (float) random.nextGaussian();
        }
        return vector;
    }

    private static long shared(List<Hit> hits, List<Hit> exact) {
        Set<UUID> ids = new HashSet<>();
        exact.forEach(hit -> ids.add(hit.point().id()));
        return hits.stream().filter(hit -> ids.contains(hit.point().id())).count();
    }

    @Test
    @Proves({"V5", "G7"})
    void everyUpsertIsSeenByTheNextSearch(Kit kit) {
        Vectors vectors = kit.namespace().vectors();
        vectors.createSpace(VectorSpace.cosine(S, 6));
        UUID moving = UUID.randomUUID();
        for (int i = 0; i < 150; i++) {
            float[] vector = gaussian(kit.random(), 6);
            UUID id = i % 3 == 0 ? moving : UUID.randomUUID();
            vectors.put(
                    S,
                    VectorPoint.builder(id)
                            .vector(vector)
                            .property("i", i)
                            .text("word" + i)
                            .build());

            Hit best =
                    vectors.search(VectorQuery.nearest(S, Vector.of(vector), 1)).get(0);
            assertThat(best.point().id()).isEqualTo(id);
            assertThat(best.point().properties()).isEqualTo(PropertyMap.of("i", i));
            if (i % 5 == 0) {
                assertThat(vectors.delete(S, id)).isTrue();
                assertThat(vectors.search(VectorQuery.nearest(S, Vector.of(vector), 1_000)))
                        .noneMatch(hit -> hit.point().id().equals(id));
                vectors.put(S, point(id, vector));
                assertThat(vectors.get(S, id)).isPresent();
            }
        }
        assertThat(vectors.delete(S, UUID.randomUUID())).isFalse();
    }

    @Test
    @Proves("V5a")
    void deletingByFilterRemovesEverythingThatMatches(Kit kit) {
        Vectors vectors = kit.namespace().vectors();
        vectors.createSpace(VectorSpace.cosine(S, 2));
        for (int from = 0; from < 2_600; from += 650) {
            vectors.put(
                    S,
                    IntStream.range(from, from + 650)
                            .mapToObj(i -> VectorPoint.builder(new UUID(3, i))
                                    .vector(1, i)
                                    .property("even", i % 2 == 0)
                                    .build())
                            .toList());
        }

        assertThat(vectors.deleteWhere(S, Filter.eq(Field.property("even"), true)))
                .isEqualTo(1_300);
        assertThat(vectors.deleteWhere(S, Filter.eq(Field.property("even"), true)))
                .isZero();
        assertThat(vectors.count(S, Filter.everything())).isEqualTo(1_300);
        assertThat(vectors.search(VectorQuery.nearest(S, Vector.of(1, 0), 1_000)))
                .hasSize(1_000)
                .allMatch(hit -> Boolean.FALSE.equals(hit.point().properties().get("even")));
    }

    @Test
    @Proves({"V5b", "G12"})
    void scrollingNeedsNoVectorAndKeepsThem(Kit kit) {
        Vectors vectors = kit.namespace().vectors();
        vectors.createSpace(VectorSpace.cosine(S, 2));
        List<VectorPoint> points = new ArrayList<>();
        for (int i = 0; i < 1_200; i++) {
            points.add(VectorPoint.builder(UUID.randomUUID())
                    .vector(1, i)
                    .text("t" + i)
                    .labels(List.of("l"))
                    .source("src")
                    .subject("sub")
                    .property("i", i)
                    .validity(Interval.between(Instant.EPOCH, Instant.EPOCH.plusSeconds(i + 1L)))
                    .build());
        }
        vectors.put(S, points);

        List<VectorPoint> expected = points.stream()
                .filter(point -> point.properties().integer("i").orElseThrow() >= 100)
                .sorted(Comparator.comparing(VectorPoint::id, UuidOrder.INSTANCE))
                .toList();
        assertThat(vectors.scroll(S, Filter.ge(Field.property("i"), 100))).containsExactlyElementsOf(expected);
        assertThat(vectors.get(
                        S,
                        List.of(
                                points.get(5).id(),
                                UUID.randomUUID(),
                                points.get(2).id())))
                .containsExactly(points.get(5), points.get(2));
    }

    @Test
    @Proves({"V3", "V5"})
    void severalQueriesAndSpacesStayApart(Kit kit) {
        Vectors vectors = kit.namespace().vectors();
        vectors.createSpace(VectorSpace.cosine("a", 2));
        vectors.createSpace(VectorSpace.cosine("b", 3));
        UUID id = UUID.randomUUID();
        vectors.put("a", point(id, 1, 0));
        vectors.put("b", point(id, 0, 0, 1));

        List<List<Hit>> results = vectors.search(List.of(
                VectorQuery.nearest("b", Vector.of(0, 0, -1), 5),
                VectorQuery.nearest("a", Vector.of(1, 0), 5).includingVectors()));
        assertThat(results.get(0).get(0).score()).isCloseTo(-1, Offset.offset(1e-4));
        assertThat(results.get(1).get(0).point().vector()).contains(Vector.of(1, 0));
        vectors.delete("a", id);
        assertThat(vectors.get("b", id)).isPresent();
    }

    @Test
    @Proves("G1")
    void pointsOfNamespacesAreApart(Kit kit) {
        String name = kit.name();
        Vectors one = kit.connection().namespace(name).vectors();
        Vectors other = kit.connection().namespace(name + ".x").vectors();
        one.createSpace(VectorSpace.cosine(S, 2));
        other.createSpace(VectorSpace.cosine(S, 2));
        UUID id = UUID.randomUUID();
        one.put(S, VectorPoint.builder(id).vector(1, 0).text("needle").build());

        assertThat(other.search(VectorQuery.nearest(S, Vector.of(1, 0), 5))).isEmpty();
        assertThat(other.get(S, id)).isEmpty();
        other.put(S, point(id, 0, 1));
        other.delete(S, id);
        assertThat(one.get(S, id)).isPresent();
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
}
