package io.contextdb.tck.general;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.contextdb.Batch;
import io.contextdb.Documents;
import io.contextdb.Namespace;
import io.contextdb.Vectors;
import io.contextdb.spi.capability.Capability;
import io.contextdb.spi.document.Document;
import io.contextdb.spi.error.ErrorCode;
import io.contextdb.spi.error.InvalidRequestException;
import io.contextdb.spi.filter.Field;
import io.contextdb.spi.filter.Filter;
import io.contextdb.spi.value.Bytes;
import io.contextdb.spi.value.PropertyMap;
import io.contextdb.spi.vector.Hit;
import io.contextdb.spi.vector.TextQuery;
import io.contextdb.spi.vector.Vector;
import io.contextdb.spi.vector.VectorPoint;
import io.contextdb.spi.vector.VectorQuery;
import io.contextdb.spi.vector.VectorSpace;
import io.contextdb.tck.Kit;
import io.contextdb.tck.Needs;
import io.contextdb.tck.Proves;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Exactly at a limit, and one past it. */
public abstract class LimitSuite {
    @Test
    @Needs(value = Capability.KEYS, batches = true)
    @Proves("G9")
    void whatDoesNotFitIsRefusedWithTheLimitAndTheValue(Kit kit) {
        Namespace namespace = kit.namespace();
        int limit = kit.info().limits().valueBytes();
        if (limit <= 64 << 20) {
            namespace.keys().put("fits", Bytes.of(new byte[Math.min(limit, 8 << 20)]));
            assertThatThrownBy(() -> namespace.keys().put("big", Bytes.of(new byte[limit + 1])))
                    .isInstanceOfSatisfying(
                            InvalidRequestException.class,
                            refused -> assertThat(refused.code()).isEqualTo(ErrorCode.LIMIT_EXCEEDED))
                    .hasMessageContaining("" + limit)
                    .hasMessageContaining("" + (limit + 1));
        }
        int most = kit.info().limits().batchMutations();
        Batch batch = namespace.batch();
        for (int i = 0; i <= most && i < 100_000; i++) {
            batch.increment("counter", 1);
        }
        if (most < 100_000) {
            assertThatThrownBy(batch::apply)
                    .isInstanceOf(InvalidRequestException.class)
                    .hasMessageContaining("" + most);
            assertThat(namespace.keys().get("counter")).isEmpty();
        }
    }

    @Test
    @Needs(value = Capability.KEYS, batches = true)
    @Proves({"G9", "G5"})
    void aBatchOfExactlyTheLimitIsApplied(Kit kit) {
        Namespace namespace = kit.namespace();
        int most = Math.min(kit.info().limits().batchMutations(), 20_000);
        Batch batch = namespace.batch();
        IntStream.range(0, most).forEach(i -> batch.increment("counter", 1));

        assertThat(batch.apply().results()).hasSize(most);
        assertThat(namespace.keys().increment("counter", 0)).isEqualTo(most);
    }

    @Test
    @Needs(Capability.VECTORS)
    @Proves({"G9", "V1", "V8"})
    void theWidestVectorIsStoredAndFound(Kit kit) {
        Namespace namespace = kit.namespace();
        int widest = Math.min(kit.info().limits().dimensions(), Vector.MAX_DIMENSIONS);
        namespace.vectors().createSpace(VectorSpace.cosine("wide", widest));
        float[] values = new float[widest];
        values[widest - 1] = 1;
        UUID id = UUID.randomUUID();
        namespace.vectors().put("wide", VectorPoint.builder(id).vector(values).build());
        values[0] = 1;
        namespace
                .vectors()
                .put(
                        "wide",
                        VectorPoint.builder(UUID.randomUUID()).vector(values).build());
        values[0] = 0;

        List<Hit> hits = namespace.vectors().search(VectorQuery.nearest("wide", Vector.of(values), 2));
        assertThat(hits.get(0).point().id()).isEqualTo(id);
        assertThat(hits).extracting(Hit::score).first().isEqualTo(1.0);
        assertThat(namespace.vectors().get("wide", id).orElseThrow().vector()).contains(Vector.of(values));
    }

    @Test
    @Needs(value = Capability.VECTORS, batches = true)
    @Proves({"G9", "V3"})
    void asManyHitsAsTheLimitComeBack(Kit kit) {
        Namespace namespace = kit.namespace();
        namespace.vectors().createSpace(VectorSpace.cosine("s", 2));
        int most = Math.min(kit.info().limits().k(), 3_000);
        for (int from = 0; from < most + 5; from += 500) {
            namespace
                    .vectors()
                    .put(
                            "s",
                            IntStream.range(from, Math.min(most + 5, from + 500))
                                    .mapToObj(i -> VectorPoint.builder(new UUID(1, i))
                                            .vector(1, i)
                                            .build())
                                    .toList());
        }

        assertThat(namespace.vectors().search(VectorQuery.nearest("s", Vector.of(1, 0), most)))
                .extracting(hit -> hit.point().id().getLeastSignificantBits())
                .containsExactlyElementsOf(
                        java.util.stream.LongStream.range(0, most).boxed().toList());
    }

    @Test
    @Needs(Capability.DOCUMENTS)
    @Proves({"G9", "V6"})
    void filtersOfTheGreatestSizeAreUnderstood(Kit kit) {
        Documents documents = kit.namespace().documents("c");
        IntStream.range(0, 3).forEach(i -> documents.put("d" + i, PropertyMap.of("v", i)));
        Field v = Field.property("v");
        Filter deep = Filter.eq(v, 1);
        for (int i = 1; i < Filter.MAX_DEPTH; i++) {
            deep = i % 3 == 0
                    ? Filter.and(deep, Filter.ge(v, 0))
                    : i % 3 == 1 ? Filter.not(deep) : Filter.or(deep, Filter.lt(v, 0));
        }
        Filter wide = new Filter.Or(IntStream.range(0, Filter.MAX_TERMS - 1)
                .mapToObj(i -> Filter.eq(v, Filter.MAX_TERMS - i))
                .toList());
        Filter many = Filter.in(
                v, IntStream.range(0, 10_000).mapToObj(i -> 10_001 - i).toList());

        for (Filter filter : List.of(deep, wide, many)) {
            List<String> expected = documents
                    .findAll(Filter.everything())
                    .filter(filter::matches)
                    .map(Document::id)
                    .toList();
            assertThat(expected).isNotEmpty().hasSizeLessThan(3);
            assertThat(documents.findAll(filter).map(Document::id)).containsExactlyElementsOf(expected);
        }
    }

    @Test
    @Needs(Capability.VECTORS)
    @Proves({"G9", "V3", "V6"})
    void searchesWithFiltersOfTheGreatestSizeAreUnderstood(Kit kit) {
        Vectors vectors = kit.namespace().vectors();
        vectors.createSpace(VectorSpace.cosine("s", 2));
        for (int i = 0; i < 4; i++) {
            vectors.put(
                    "s",
                    VectorPoint.builder(new UUID(0, i))
                            .vector(1, i)
                            .text("word")
                            .property("v", i)
                            .property("w", "text" + i)
                            .build());
        }
        Field v = Field.property("v");
        Field w = Field.property("w");
        int half = Filter.MAX_TERMS / 2 - 1;
        List<Object> mixed = new java.util.ArrayList<>();
        IntStream.range(2, 10_001).forEach(i -> mixed.add(i % 2 == 0 ? (Object) i : "text" + i));
        mixed.add(List.of(1));
        for (Filter filter : List.of(
                new Filter.Or(IntStream.range(0, Filter.MAX_TERMS - 1)
                        .mapToObj(i -> i % 2 == 0 ? Filter.gt(w, "text" + (1 + i)) : Filter.eq(v, 2 + i))
                        .toList()),
                new Filter.And(IntStream.range(0, Filter.MAX_TERMS - 1)
                        .mapToObj(i -> i % 2 == 0 ? Filter.lt(w, "text3" + i) : Filter.ge(v, 1 - i))
                        .toList()),
                new Filter.And(IntStream.range(0, half)
                        .mapToObj(i -> Filter.not(Filter.contains(w, "text" + (i + 2))))
                        .toList()),
                Filter.or(
                        new Filter.And(IntStream.range(0, half)
                                .mapToObj(i -> Filter.startsWith(w, "text1".substring(0, i % 5 + 1)))
                                .toList()),
                        new Filter.Or(IntStream.range(0, half - 1)
                                .mapToObj(i -> Filter.le(w, "text" + i))
                                .toList())),
                Filter.in(w, mixed),
                Filter.in(v, mixed),
                Filter.not(Filter.in(v, mixed)),
                Filter.in(
                        Field.id(),
                        IntStream.range(1, 10_001)
                                .mapToObj(i -> new UUID(0, i % 3).toString())
                                .toList()))) {
            List<UUID> expected = vectors.scroll("s", Filter.everything())
                    .filter(filter::matches)
                    .map(VectorPoint::id)
                    .toList();
            assertThat(vectors.search(
                            VectorQuery.nearest("s", Vector.of(1, 0), 10).where(filter)))
                    .extracting(hit -> hit.point().id())
                    .containsExactlyInAnyOrderElementsOf(expected);
            assertThat(vectors.count("s", filter)).isEqualTo(expected.size());
            assertThat(vectors.scroll("s", filter).map(VectorPoint::id)).containsExactlyElementsOf(expected);
            if (kit.info().offers(Capability.TEXT_SEARCH)) {
                assertThat(vectors.searchText(TextQuery.of("s", "word", 10).where(filter)))
                        .extracting(hit -> hit.point().id())
                        .containsExactlyInAnyOrderElementsOf(expected);
            }
        }
    }
}
