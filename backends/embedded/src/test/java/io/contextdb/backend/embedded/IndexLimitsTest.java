package io.contextdb.backend.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import io.contextdb.spi.filter.Field;
import io.contextdb.spi.filter.Filter;
import io.contextdb.spi.vector.Hit;
import io.contextdb.spi.vector.TextQuery;
import io.contextdb.spi.vector.Vector;
import io.contextdb.spi.vector.VectorPoint;
import io.contextdb.spi.vector.VectorQuery;
import io.contextdb.spi.vector.VectorSpace;
import io.contextdb.spi.write.Mutation;
import io.contextdb.spi.write.VectorMutation;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import org.apache.lucene.search.IndexSearcher;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Questions that are larger than Lucene takes at once, and what they must not lead to. */
class IndexLimitsTest {
    private static final int WORDS = 2_000;

    @TempDir
    Path directory;

    private static void fill(Opened opened) {
        opened.apply(new VectorMutation.CreateSpace(VectorSpace.cosine("s", 2)));
        List<Mutation> batch = new ArrayList<>();
        for (int i = 0; i < WORDS; i++) {
            batch.add(new VectorMutation.PutPoint(
                    "s",
                    VectorPoint.builder(new UUID(1, i))
                            .vector(1, i)
                            .text("word" + i)
                            .property("n", i)
                            .property("t", "text" + i)
                            .build()));
        }
        opened.apply(batch);
    }

    private static String words() {
        StringBuilder words = new StringBuilder();
        IntStream.range(0, WORDS).forEach(i -> words.append("word").append(i).append(' '));
        return words.toString();
    }

    private static List<Hit> text(Opened opened, TextQuery query) {
        return opened.backend()
                .vectors()
                .searchText(opened.scope(), List.of(query))
                .get(0);
    }

    private static void assertAnswers(Opened opened) {
        TextQuery all = TextQuery.of("s", words(), 10_000);
        assertThat(text(opened, all)).as("no word is left out").hasSize(WORDS);
        assertThat(text(opened, all.where(Filter.lt(Field.property("n"), 7)))).hasSize(7);
        assertThat(text(opened, all.where(Filter.lt(Field.property("n"), 7)).fuzzily()))
                .hasSize(7);
        Filter wide = new Filter.Or(IntStream.range(0, Filter.MAX_TERMS - 1)
                .mapToObj(i -> Filter.gt(Field.property("t"), "text" + (999 - i % 3)))
                .toList());
        long matching = IntStream.range(0, WORDS)
                .filter(i -> ("text" + i).compareTo("text997") > 0)
                .count();
        assertThat(text(opened, all.where(wide))).hasSize((int) matching);
        assertThat(opened.backend()
                        .vectors()
                        .search(
                                opened.scope(),
                                List.of(VectorQuery.nearest("s", Vector.of(1, 0), 10_000)
                                        .where(wide))))
                .first()
                .satisfies(hits -> assertThat(hits).hasSize((int) matching));
        assertThat(opened.store().index().ready()).isTrue();
        assertThat(opened.store().index().failures())
                .as("the index was not made anew")
                .isZero();
    }

    @Test
    void questionsMayBeLargerThanTheEngineTakesAtOnce() {
        try (Opened opened = Opened.in(directory)) {
            fill(opened);
            assertAnswers(opened);
        }
    }

    @Test
    void theApplicationMayLowerTheLimitOfItsProcess() {
        int before = IndexSearcher.getMaxClauseCount();
        try (Opened opened = Opened.in(directory)) {
            fill(opened);
            IndexSearcher.setMaxClauseCount(64);
            assertAnswers(opened);
        } finally {
            IndexSearcher.setMaxClauseCount(before);
        }
    }

    @Test
    void wordsTooLongToBeSpelledOtherwiseAreRefusedOrFoundAndHarmNothing() {
        try (Opened opened = Opened.in(directory)) {
            fill(opened);
            String longest = "é𝒳".repeat(80);
            opened.apply(new VectorMutation.PutPoint(
                    "s", VectorPoint.builder(new UUID(2, 0)).text(longest).build()));
            assertThat(text(opened, TextQuery.of("s", longest, 3).fuzzily()))
                    .extracting(hit -> hit.point().id())
                    .containsExactly(new UUID(2, 0));
            assertThat(opened.store().index().failures()).isZero();
        }
    }

    @Test
    void ofEqualScoresOnlySoManyRecordsAreReadAsAreAskedFor() {
        try (Opened opened = Opened.in(directory)) {
            opened.apply(new VectorMutation.CreateSpace(VectorSpace.cosine("s", 2)));
            List<Mutation> batch = new ArrayList<>();
            for (int i = 0; i < 3_000; i++) {
                batch.add(new VectorMutation.PutPoint(
                        "s",
                        VectorPoint.builder(new UUID(i, 1))
                                .vector(3, 4)
                                .text("same")
                                .build()));
            }
            opened.apply(batch);

            assertThat(text(opened, TextQuery.of("s", "same", 1)))
                    .extracting(hit -> hit.point().id())
                    .containsExactly(new UUID(0, 1));
            assertThat(opened.store().cache().pointsKept()).isEqualTo(1);
            assertThat(opened.backend()
                            .vectors()
                            .search(
                                    opened.scope(),
                                    List.of(VectorQuery.nearest("s", Vector.of(1, 1), 2)
                                            .exactly()))
                            .get(0))
                    .extracting(hit -> hit.point().id())
                    .containsExactly(new UUID(0, 1), new UUID(1, 1));
            assertThat(opened.store().cache().pointsKept()).isLessThan(20);
        }
    }
}
