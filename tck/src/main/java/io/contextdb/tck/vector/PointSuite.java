package io.contextdb.tck.vector;

import static org.assertj.core.api.Assertions.assertThat;

import io.contextdb.Namespace;
import io.contextdb.Vectors;
import io.contextdb.spi.capability.Capability;
import io.contextdb.spi.filter.Field;
import io.contextdb.spi.filter.Filter;
import io.contextdb.spi.value.Interval;
import io.contextdb.spi.value.PropertyMap;
import io.contextdb.spi.value.UuidOrder;
import io.contextdb.spi.vector.Hit;
import io.contextdb.spi.vector.Vector;
import io.contextdb.spi.vector.VectorPoint;
import io.contextdb.spi.vector.VectorQuery;
import io.contextdb.spi.vector.VectorSpace;
import io.contextdb.spi.write.MutationResult;
import io.contextdb.spi.write.VectorMutation;
import io.contextdb.tck.Kit;
import io.contextdb.tck.Needs;
import io.contextdb.tck.Proves;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Points: put, deleted, scrolled. */
@Needs(Capability.VECTORS)
public abstract class PointSuite {
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
    @Proves("V5")
    void anUpsertReplacesEveryPart(Kit kit) {
        Vectors vectors = kit.namespace().vectors();
        vectors.createSpace(VectorSpace.cosine(S, 2));
        UUID id = UUID.randomUUID();
        VectorPoint whole = VectorPoint.builder(id)
                .vector(1, 0)
                .text("old")
                .labels(List.of("Old", "old"))
                .property("a", 1)
                .source("s")
                .subject("x")
                .validity(Interval.between(Instant.EPOCH, Instant.EPOCH.plusSeconds(1)))
                .build();
        List<VectorPoint> next = List.of(
                VectorPoint.builder(id).vector(0, 1).build(),
                VectorPoint.builder(id).text("only text").build(),
                VectorPoint.builder(id)
                        .vector(1, 1)
                        .labels(List.of("New"))
                        .property("b", 2)
                        .build());
        for (VectorPoint point : next) {
            vectors.put(S, whole);
            vectors.put(S, point);

            assertThat(vectors.get(S, id)).contains(point);
            assertThat(vectors.scroll(S, Filter.everything())).containsExactly(point);
            assertThat(vectors.count(S, Filter.label("Old"))).isZero();
            assertThat(vectors.search(VectorQuery.nearest(S, Vector.of(1, 0), 5)))
                    .hasSize(point.vector().isPresent() ? 1 : 0);
        }
    }

    @Test
    @Proves("V5a")
    void deletingByFilterTakesNoMoreThanAllowedAtOnce(Kit kit) {
        Namespace namespace = kit.namespace();
        namespace.vectors().createSpace(VectorSpace.cosine(S, 2));
        for (int i = 0; i < 12; i++) {
            namespace.vectors().put(S, point(new UUID(0, i), 1, i));
        }
        List<Long> removed = new ArrayList<>();
        for (int round = 0; round < 4; round++) {
            removed.add(((MutationResult.Removed) namespace
                            .batch()
                            .add(new VectorMutation.DeletePoints(S, Filter.everything(), 5))
                            .apply()
                            .results()
                            .get(0))
                    .count());
        }

        assertThat(removed).containsExactly(5L, 5L, 2L, 0L);
        assertThat(namespace.vectors().count(S, Filter.everything())).isZero();
    }
}
