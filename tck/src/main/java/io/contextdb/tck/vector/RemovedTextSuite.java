package io.contextdb.tck.vector;

import static org.assertj.core.api.Assertions.assertThat;

import io.contextdb.Batch;
import io.contextdb.Namespace;
import io.contextdb.spi.capability.Capability;
import io.contextdb.spi.filter.Filter;
import io.contextdb.spi.vector.Hit;
import io.contextdb.spi.vector.TextQuery;
import io.contextdb.spi.vector.VectorPoint;
import io.contextdb.spi.vector.VectorSpace;
import io.contextdb.spi.write.GraphMutation;
import io.contextdb.tck.Kit;
import io.contextdb.tck.Needs;
import io.contextdb.tck.Proves;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.UUID;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

/** Texts that are gone, and texts that have no word, count for nothing in what others are worth. */
@Needs({Capability.VECTORS, Capability.TEXT_SEARCH})
public abstract class RemovedTextSuite {
    private static final String S = "s";
    private static final List<String> TEXTS = List.of(
            "👍",
            "...",
            "???",
            "",
            " ",
            "one",
            "one one one",
            "two words",
            "One, two; three!",
            "four long words here and two more words");
    private static final List<String> ASKED = List.of("one", "two", "words", "three here", "👍", "...", "nothing");

    /** The points of a space as they must be, and the script that makes them so. */
    private static final class Points {
        final Map<UUID, VectorPoint> present = new TreeMap<>();
        private final Namespace namespace;
        private final Random random;
        private final boolean erases;
        private long made;

        Points(Namespace namespace, Random random, boolean erases) {
            this.namespace = namespace;
            this.random = random;
            this.erases = erases;
            namespace.vectors().createSpace(VectorSpace.cosine(S, 2));
        }

        void step() {
            switch (random.nextInt(8)) {
                case 0, 1, 2 -> put(List.of(fresh()));
                case 3 -> put(List.of(fresh(), fresh(), fresh()));
                case 4 -> replace();
                case 5 -> delete();
                case 6 -> deleteWhere();
                default -> forget();
            }
        }

        private VectorPoint fresh() {
            return point(new UUID(7, ++made));
        }

        private VectorPoint point(UUID id) {
            return VectorPoint.builder(id)
                    .vector(1, 1)
                    .text(TEXTS.get(random.nextInt(TEXTS.size())))
                    .labels(List.of("l" + random.nextInt(5)))
                    .subject(new UUID(8, random.nextInt(9)).toString())
                    .build();
        }

        private void put(List<VectorPoint> points) {
            Batch batch = namespace.batch();
            points.forEach(point -> batch.put(S, point));
            batch.apply();
            points.forEach(point -> present.put(point.id(), point));
        }

        private UUID any() {
            List<UUID> all = new ArrayList<>(present.keySet());
            return all.isEmpty() ? new UUID(7, 0) : all.get(random.nextInt(all.size()));
        }

        /** Puts what is there and what is not, some of it twice in a batch. */
        private void replace() {
            UUID old = any();
            put(List.of(point(old), fresh(), point(old)));
        }

        private void delete() {
            UUID doomed = any();
            UUID brief = new UUID(7, ++made);
            namespace
                    .batch()
                    .put(S, point(brief))
                    .deletePoint(S, doomed)
                    .deletePoint(S, brief)
                    .apply();
            present.remove(doomed);
        }

        private void deleteWhere() {
            String label = "l" + random.nextInt(5);
            namespace.vectors().deleteWhere(S, Filter.label(label));
            present.values().removeIf(point -> point.labels().contains(label));
        }

        private void forget() {
            if (erases) {
                UUID subject = new UUID(8, random.nextInt(9));
                namespace.batch().add(new GraphMutation.Erase(List.of(subject))).apply();
                present.values().removeIf(point -> point.subject().equals(subject.toString()));
            }
        }
    }

    @Test
    @Proves({"V7", "V5", "V5a"})
    void aSearchScoresAsInASpaceThatNeverHeldThem(Kit kit) {
        Namespace lived = kit.namespace();
        Points points = new Points(lived, kit.random(), kit.info().offers(Capability.ERASURE));
        for (int i = 0; i < 60; i++) {
            points.step();
            ASKED.forEach(asked -> lived.vectors().searchText(TextQuery.of(S, asked, 3)));
        }

        Namespace fresh = kit.namespace();
        fresh.vectors().createSpace(VectorSpace.cosine(S, 2));
        if (!points.present.isEmpty()) {
            fresh.vectors().put(S, points.present.values());
        }
        for (String asked : ASKED) {
            same(kit, asked, lived, fresh);
        }
    }

    @Test
    @Proves({"V7", "V5"})
    void textsWithoutAWordMakeNoOtherRarer(Kit kit) {
        Namespace lived = kit.namespace();
        lived.vectors().createSpace(VectorSpace.cosine(S, 2));
        Namespace fresh = kit.namespace();
        fresh.vectors().createSpace(VectorSpace.cosine(S, 2));
        for (Namespace namespace : List.of(lived, fresh)) {
            namespace.vectors().put(S, text(1, "kept words"));
            namespace.vectors().put(S, text(2, "kept"));
        }
        for (int i = 10; i < 20; i++) {
            lived.vectors().put(S, text(i, TEXTS.get(i % 3)));
        }
        same(kit, "kept words", lived, fresh);
        for (int i = 10; i < 20; i++) {
            lived.vectors().delete(S, new UUID(7, i));
        }
        same(kit, "kept words", lived, fresh);
    }

    private static VectorPoint text(int id, String text) {
        return VectorPoint.builder(new UUID(7, id)).vector(1, 1).text(text).build();
    }

    private static void same(Kit kit, String asked, Namespace lived, Namespace fresh) {
        List<Hit> expected = fresh.vectors().searchText(TextQuery.of(S, asked, 200));
        List<Hit> hits = lived.vectors().searchText(TextQuery.of(S, asked, 200));
        assertThat(hits)
                .as("hits for '%s', seed %d", asked, kit.seed())
                .extracting(hit -> hit.point().id())
                .containsExactlyInAnyOrderElementsOf(
                        expected.stream().map(hit -> hit.point().id()).toList());
        if (kit.removedTextsCount()) {
            return;
        }
        for (int i = 0; i < expected.size(); i++) {
            assertThat(hits.get(i).point().id())
                    .as("hit %d for '%s', seed %d", i, asked, kit.seed())
                    .isEqualTo(expected.get(i).point().id());
            assertThat(hits.get(i).score())
                    .as("score of hit %d for '%s', seed %d", i, asked, kit.seed())
                    .isCloseTo(expected.get(i).score(), Offset.offset(1e-6));
        }
    }
}
