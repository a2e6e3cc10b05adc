package io.contextdb.bench.retrieval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The figures of retrieval on real text, so that a change of scoring is seen; and how they are computed. */
class QualityTest {
    /** Where vectors are compared: the model's arithmetic differs a little between processors. */
    private static final double MODEL = 0.02;

    /** Where they are not. */
    private static final double EXACT = 0.0005;

    @Test
    void questionsFindTheirAnswersAsWellAsTheyDid() throws Exception {
        try (Library library = new Library()) {
            Map<String, Quality> found = library.measure();
            check(found, "vector only", 0.722, 0.687, MODEL);
            check(found, "text only", 0.544, 0.491, EXACT);
            check(found, "fused by rank", 0.671, 0.625, MODEL);
            check(found, "memory, without walk", 0.722, 0.687, MODEL);
            check(found, "memory, with walk", 0.722, 0.687, MODEL);
        }
    }

    private static void check(Map<String, Quality> found, String way, double ndcg, double mrr, double tolerance) {
        assertThat(found.get(way).ndcg()).as(way + ", nDCG@10").isCloseTo(ndcg, within(tolerance));
        assertThat(found.get(way).mrr()).as(way + ", MRR").isCloseTo(mrr, within(tolerance));
    }

    @Test
    void theOnlyAnswerAtTheTopIsPerfectAndAtRankTwoWorthLess() {
        assertThat(Quality.of(List.of("a", "b"), Set.of("a"))).isEqualTo(new Quality(1, 1));
        Quality second = Quality.of(List.of("b", "a"), Set.of("a"));
        assertThat(second.ndcg()).isCloseTo(0.6309, within(1e-4));
        assertThat(second.mrr()).isEqualTo(0.5);
    }

    @Test
    void twoAnswersAreComparedWithTheBestOrderOfTwo() {
        double found = Quality.of(List.of("a", "x", "b"), Set.of("a", "b")).ndcg();
        assertThat(found).isCloseTo(1.5 / 1.6309, within(1e-4));
    }

    @Test
    void anAnswerBeyondTheTenthIsNone() {
        List<String> ranked = List.of("0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "a");
        assertThat(Quality.of(ranked, Set.of("a"))).isEqualTo(new Quality(0, 0));
    }

    @Test
    void everyAnswerIsAPassageOfTheCorpus() throws Exception {
        Corpus corpus = Corpus.read();
        List<String> names =
                corpus.passages().stream().map(Corpus.Passage::name).toList();
        assertThat(names).doesNotHaveDuplicates();
        assertThat(corpus.questions()).hasSizeGreaterThanOrEqualTo(60);
        assertThat(corpus.questions()).allSatisfy(question -> assertThat(names).containsAll(question.answers()));
    }
}
