package io.contextdb.bench.retrieval;

import java.util.List;
import java.util.Set;

/**
 * How well ranked lists answer questions, on average over all.
 *
 * @param ndcg normalised discounted cumulative gain of the first 10 (Järvelin and Kekäläinen, 2002), answers being right or not
 * @param mrr mean reciprocal rank of the first right answer, 0 where none is among the first 10
 */
record Quality(double ndcg, double mrr) {
    static final int CUT = 10;

    /** Returns the quality of one list of names, best first. */
    static Quality of(List<String> ranked, Set<String> right) {
        double gain = 0;
        double first = 0;
        for (int i = 0; i < Math.min(CUT, ranked.size()); i++) {
            if (right.contains(ranked.get(i))) {
                gain += discount(i);
                first = first == 0 ? 1.0 / (i + 1) : first;
            }
        }
        double best = 0;
        for (int i = 0; i < Math.min(CUT, right.size()); i++) {
            best += discount(i);
        }
        return new Quality(gain / best, first);
    }

    private static double discount(int rank) {
        return Math.log(2) / Math.log(rank + 2);
    }

    /** Returns the means. */
    static Quality mean(List<Quality> all) {
        return new Quality(
                all.stream().mapToDouble(Quality::ndcg).average().orElseThrow(),
                all.stream().mapToDouble(Quality::mrr).average().orElseThrow());
    }
}
