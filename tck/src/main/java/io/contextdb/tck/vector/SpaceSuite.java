package io.contextdb.tck.vector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.contextdb.Vectors;
import io.contextdb.spi.capability.Capability;
import io.contextdb.spi.error.ErrorCode;
import io.contextdb.spi.error.InvalidRequestException;
import io.contextdb.spi.filter.Filter;
import io.contextdb.spi.vector.Metric;
import io.contextdb.spi.vector.Vector;
import io.contextdb.spi.vector.VectorPoint;
import io.contextdb.spi.vector.VectorQuery;
import io.contextdb.spi.vector.VectorSpace;
import io.contextdb.tck.Kit;
import io.contextdb.tck.Needs;
import io.contextdb.tck.Proves;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Vector spaces: what they are, and what they refuse. */
@Needs(Capability.VECTORS)
public abstract class SpaceSuite {
    private static final String S = "s";

    private static VectorPoint point(UUID id, float... vector) {
        return VectorPoint.builder(id).vector(vector).build();
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
    @Proves("V1")
    void namesAndModelsOfSpacesAreKeptExactly(Kit kit) {
        Vectors vectors = kit.namespace().vectors();
        List<VectorSpace> spaces = List.of(
                new VectorSpace("S", 2, Metric.COSINE, "Model/é 1"),
                new VectorSpace("s", 3, Metric.COSINE, ""),
                new VectorSpace("s p'a%ce", 2, Metric.COSINE, "m"),
                new VectorSpace("é", 4, Metric.COSINE, "m"));
        spaces.forEach(vectors::createSpace);

        assertThat(vectors.spaces()).containsExactlyElementsOf(spaces);
        vectors.put("S", point(new UUID(0, 1), 1, 0));
        assertThat(vectors.count("s", Filter.everything())).isZero();
        assertThat(vectors.search(VectorQuery.nearest("S", Vector.of(1, 0), 5))).hasSize(1);
    }

    @Test
    @Proves({"V1", "V5"})
    void aDroppedSpaceIsEmptyWhenItIsCreatedAgain(Kit kit) {
        Vectors vectors = kit.namespace().vectors();
        vectors.createSpace(VectorSpace.cosine(S, 2));
        UUID id = UUID.randomUUID();
        vectors.put(S, VectorPoint.builder(id).vector(1, 0).text("old").build());
        assertThat(vectors.dropSpace(S)).isTrue();
        assertThatThrownBy(() -> vectors.search(VectorQuery.nearest(S, Vector.of(1, 0), 5)))
                .isInstanceOf(InvalidRequestException.class);
        vectors.createSpace(VectorSpace.cosine(S, 2));

        assertThat(vectors.search(VectorQuery.nearest(S, Vector.of(1, 0), 5))).isEmpty();
        assertThat(vectors.scroll(S, Filter.everything())).isEmpty();
        assertThat(vectors.get(S, id)).isEmpty();
        assertThat(vectors.dropSpace(S)).isTrue();
        vectors.createSpace(VectorSpace.cosine(S, 3));
        assertThat(vectors.search(VectorQuery.nearest(S, Vector.of(1, 0, 0), 5)))
                .isEmpty();
        assertThat(vectors.count(S, Filter.everything())).isZero();
    }
}
