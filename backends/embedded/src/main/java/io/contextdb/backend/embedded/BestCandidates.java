package io.contextdb.backend.embedded;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.PriorityQueue;
import org.apache.lucene.index.BinaryDocValues;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.search.Collector;
import org.apache.lucene.search.CollectorManager;
import org.apache.lucene.search.LeafCollector;
import org.apache.lucene.search.Scorable;
import org.apache.lucene.search.ScoreMode;
import org.jspecify.annotations.Nullable;

/**
 * Collects the best candidates by score, ties by id (contract G12). Lucene's own breaks ties by the order of adding; then all
 * that have the score of the last would have to be read to find those of the smallest ids.
 */
final class BestCandidates implements Collector {
    /** Looks at the deadline once for so many matches: some hundred microseconds. */
    private static final int BETWEEN_CHECKS = 8_192;

    /** Called now and then; throws to end the search. */
    interface Check {
        void check();
    }

    private final int count;
    private final Check check;
    private final PriorityQueue<PointSearch.Candidate> best = new PriorityQueue<>(PointSearch.Candidate.WORST_FIRST);
    private int seen;

    private BestCandidates(int count, Check check) {
        this.count = count;
        this.check = check;
    }

    /** Returns what collects so many, best first. */
    static CollectorManager<BestCandidates, List<PointSearch.Candidate>> of(int count, Check check) {
        return new CollectorManager<>() {
            @Override
            public BestCandidates newCollector() {
                return new BestCandidates(count, check);
            }

            @Override
            public List<PointSearch.Candidate> reduce(Collection<BestCandidates> collectors) {
                List<PointSearch.Candidate> all = new ArrayList<>();
                collectors.forEach(each -> all.addAll(each.best));
                all.sort(PointSearch.Candidate.WORST_FIRST.reversed());
                return List.copyOf(all.size() > count ? all.subList(0, count) : all);
            }
        };
    }

    @Override
    public ScoreMode scoreMode() {
        return ScoreMode.TOP_SCORES;
    }

    @Override
    public LeafCollector getLeafCollector(LeafReaderContext leaf) throws IOException {
        check.check();
        return new OfLeaf(leaf.reader().getBinaryDocValues(PointDocument.ID));
    }

    private final class OfLeaf implements LeafCollector {
        private final @Nullable BinaryDocValues ids;
        private @Nullable Scorable scorer;

        OfLeaf(@Nullable BinaryDocValues ids) {
            this.ids = ids;
        }

        @Override
        public void setScorer(Scorable of) throws IOException {
            scorer = of;
            skip();
        }

        @Override
        public void collect(int document) throws IOException {
            if (++seen % BETWEEN_CHECKS == 0) {
                check.check();
            }
            Scorable of = scorer;
            if (of == null || ids == null) {
                return;
            }
            float score = of.score();
            PointSearch.Candidate worst = worst();
            if ((worst != null && score < worst.score()) || !ids.advanceExact(document)) {
                return;
            }
            PointSearch.Candidate found = new PointSearch.Candidate(PointDocument.id(ids.binaryValue()), score);
            if (worst != null) {
                if (PointSearch.Candidate.WORST_FIRST.compare(found, worst) <= 0) {
                    return;
                }
                best.remove();
            }
            best.add(found);
            skip();
        }

        /** What scores less than the worst of enough need not be looked at; an equal score may have a smaller id. */
        private void skip() throws IOException {
            PointSearch.Candidate worst = worst();
            if (worst != null && scorer != null) {
                scorer.setMinCompetitiveScore(worst.score());
            }
        }

        /** Returns what would have to give way; null while there are too few. */
        private PointSearch.@Nullable Candidate worst() {
            return best.size() < count ? null : best.peek();
        }
    }
}
