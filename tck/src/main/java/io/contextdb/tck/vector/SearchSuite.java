package io.contextdb.tck.vector;

import static org.assertj.core.api.Assertions.assertThat;

import io.contextdb.Vectors;
import io.contextdb.spi.capability.Capability;
import io.contextdb.spi.filter.Field;
import io.contextdb.spi.filter.Filter;
import io.contextdb.spi.value.UuidOrder;
import io.contextdb.spi.vector.Hit;
import io.contextdb.spi.vector.Metric;
import io.contextdb.spi.vector.Vector;
import io.contextdb.spi.vector.VectorPoint;
import io.contextdb.spi.vector.VectorQuery;
import io.contextdb.spi.vector.VectorSpace;
import io.contextdb.tck.Kit;
import io.contextdb.tck.Needs;
import io.contextdb.tck.Proves;
import java.util.ArrayList;
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

/** Searches: scores, ranks, recall. */
@Needs(Capability.VECTORS)
public abstract class SearchSuite {
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
    @Proves({"V3", "V6"})
    void eachQueryOfACallHasItsOwnFilterAndK(Kit kit) {
        Vectors vectors = kit.namespace().vectors();
        vectors.createSpace(VectorSpace.cosine(S, 2));
        for (int i = 0; i < 10; i++) {
            vectors.put(
                    S,
                    VectorPoint.builder(new UUID(0, i))
                            .vector(10, i)
                            .property("i", i)
                            .text("word")
                            .build());
        }
        List<List<Hit>> results = vectors.search(List.of(
                VectorQuery.nearest(S, Vector.of(1, 0), 2).where(Filter.ge(Field.property("i"), 5)),
                VectorQuery.nearest(S, Vector.of(1, 0), 3).where(Filter.lt(Field.property("i"), 2)),
                VectorQuery.nearest(S, Vector.of(1, 0), 4)));

        assertThat(results)
                .extracting(SearchSuite::numbers)
                .containsExactly(List.of(5L, 6L), List.of(0L, 1L), List.of(0L, 1L, 2L, 3L));
        assertThat(vectors.search(List.<VectorQuery>of())).isEmpty();
    }

    private static List<Long> numbers(List<Hit> hits) {
        return hits.stream()
                .map(hit -> hit.point().properties().integer("i").orElseThrow())
                .toList();
    }

    @Test
    @Needs(value = Capability.EXACT_SEARCH, batches = true)
    @Proves({"V2", "V4", "G12"})
    void ofManyEqualVectorsThoseOfTheSmallestIdsAreFound(Kit kit) {
        Vectors vectors = kit.namespace().vectors();
        vectors.createSpace(VectorSpace.cosine(S, 3));
        List<VectorPoint> points = new ArrayList<>();
        for (int i = 0; i < 600; i++) {
            points.add(VectorPoint.builder(new UUID(kit.random().nextLong(), i))
                    .vector(i % 3 == 0 ? new float[] {1, 2, 3} : new float[] {3, 1, 2})
                    .labels(List.of(i % 2 == 0 ? "even" : "odd"))
                    .build());
        }
        vectors.put(S, points);
        points.sort(java.util.Comparator.comparing(VectorPoint::id, UuidOrder.INSTANCE));
        VectorQuery query = VectorQuery.nearest(S, Vector.of(1, 2, 3), 1).exactly();

        for (String label : List.of("even", "odd")) {
            assertThat(vectors.search(query.where(Filter.label(label))))
                    .extracting(hit -> hit.point().id())
                    .containsExactly(points.stream()
                            .filter(point -> point.labels().contains(label)
                                    && point.vector().orElseThrow().get(0) == 1)
                            .map(VectorPoint::id)
                            .findFirst()
                            .orElseThrow());
        }
        assertThat(vectors.search(VectorQuery.nearest(S, Vector.of(3, 1, 2), 40).exactly()))
                .extracting(hit -> hit.point().id())
                .containsExactlyElementsOf(points.stream()
                        .filter(point -> point.vector().orElseThrow().get(0) == 3)
                        .map(VectorPoint::id)
                        .limit(40)
                        .toList());
    }
}
