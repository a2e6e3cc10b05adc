package io.contextdb.backend.embedded;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.UUID;
import java.util.function.Predicate;
import org.apache.lucene.index.BinaryDocValues;
import org.apache.lucene.index.CorruptIndexException;
import org.apache.lucene.index.FloatVectorValues;
import org.apache.lucene.index.KnnVectorValues;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.search.ConjunctionUtils;
import org.apache.lucene.search.DocIdSetIterator;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.ScoreMode;
import org.apache.lucene.search.Scorer;
import org.apache.lucene.search.VectorScorer;
import org.apache.lucene.search.Weight;
import org.apache.lucene.util.Bits;
import org.jspecify.annotations.Nullable;

/** Looks at every vector of a field that passes a filter, and scores it in 32-bit floats. */
final class VectorScan {
    private static final int BETWEEN_CHECKS = 4_096;

    /** A vector by what it holds: of those that are one and the same the scores are equal, to the last bit, whatever is asked for. */
    private static final class Content {
        private final float[] vector;
        private final int hash;

        Content(float[] vector) {
            this.vector = vector;
            this.hash = Arrays.hashCode(vector);
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Content that && hash == that.hash && Arrays.equals(vector, that.vector);
        }

        @Override
        public int hashCode() {
            return hash;
        }
    }

    /** Takes one vector. */
    private interface Each {
        void take(float score, int document, Leaf leaf) throws IOException;
    }

    /** Vectors and ids of a segment, each read by the number of a document. */
    private record Leaf(FloatVectorValues values, KnnVectorValues.DocIndexIterator iterator, BinaryDocValues ids) {
        PointSearch.Candidate candidate(int document, float score) throws IOException {
            if (!ids.advanceExact(document)) {
                throw new CorruptIndexException("a point has no id", "document " + document);
            }
            return new PointSearch.Candidate(PointDocument.id(ids.binaryValue()), score);
        }

        float[] vector(int document) throws IOException {
            if (iterator.docID() < document) {
                iterator.advance(document);
            }
            return values.vectorValue(iterator.index()).clone();
        }
    }

    private final IndexSearcher searcher;
    private final String field;
    private final float[] vector;
    private final FilterQuery filter;
    private final BestCandidates.Check check;

    VectorScan(IndexSearcher searcher, String field, float[] vector, FilterQuery filter, BestCandidates.Check check) {
        this.searcher = searcher;
        this.field = field;
        this.vector = vector;
        this.filter = filter;
        this.check = check;
    }

    /** Returns the best, ties by id. */
    List<PointSearch.Candidate> best(int count) throws IOException {
        PriorityQueue<PointSearch.Candidate> best = new PriorityQueue<>(PointSearch.Candidate.WORST_FIRST);
        each((score, document, leaf) -> {
            if (best.size() < count || score >= best.element().score()) {
                add(best, leaf.candidate(document, score), count);
            }
        });
        List<PointSearch.Candidate> sorted = new ArrayList<>(best);
        sorted.sort(PointSearch.Candidate.WORST_FIRST.reversed());
        return sorted;
    }

    private static void add(PriorityQueue<PointSearch.Candidate> best, PointSearch.Candidate found, int most) {
        best.add(found);
        if (best.size() > most) {
            best.remove();
        }
    }

    /**
     * Returns all that score at least so much, but of those with the same vector only those of the smallest ids: the others cannot
     * be among the best, and would have to be read only to see that.
     *
     * @param each most of the same vector
     * @param known which candidates are not looked for
     */
    List<PointSearch.Candidate> atLeast(float least, int each, Predicate<UUID> known) throws IOException {
        Map<Content, PriorityQueue<PointSearch.Candidate>> groups = new HashMap<>();
        each((score, document, leaf) -> {
            if (score < least) {
                return;
            }
            PriorityQueue<PointSearch.Candidate> group = groups.computeIfAbsent(
                    new Content(leaf.vector(document)),
                    content -> new PriorityQueue<>(PointSearch.Candidate.WORST_FIRST));
            PointSearch.Candidate found = leaf.candidate(document, score);
            if (!known.test(found.id())) {
                add(group, found, each);
            }
        });
        return groups.values().stream().flatMap(PriorityQueue::stream).toList();
    }

    private void each(Each each) throws IOException {
        Weight weight = filter.isEverything()
                ? null
                : searcher.createWeight(searcher.rewrite(filter.query()), ScoreMode.COMPLETE_NO_SCORES, 1);
        for (LeafReaderContext leaf : searcher.getLeafContexts()) {
            check.check();
            each(leaf, weight, each);
        }
    }

    private void each(LeafReaderContext leaf, @Nullable Weight weight, Each each) throws IOException {
        FloatVectorValues values = leaf.reader().getFloatVectorValues(field);
        VectorScorer scorer = values == null || values.size() == 0 ? null : values.scorer(vector);
        BinaryDocValues ids = leaf.reader().getBinaryDocValues(PointDocument.ID);
        if (values == null || scorer == null || ids == null) {
            return;
        }
        DocIdSetIterator vectors = scorer.iterator();
        DocIdSetIterator passing = vectors;
        if (weight != null) {
            Scorer filtered = weight.scorer(leaf);
            if (filtered == null) {
                return;
            }
            passing = ConjunctionUtils.intersectIterators(List.of(filtered.iterator(), vectors));
        }
        Bits live = leaf.reader().getLiveDocs();
        Leaf of = new Leaf(values, values.iterator(), ids);
        int seen = 0;
        for (int document = passing.nextDoc();
                document != DocIdSetIterator.NO_MORE_DOCS;
                document = passing.nextDoc()) {
            if (++seen % BETWEEN_CHECKS == 0) {
                check.check();
            }
            if (live == null || live.get(document)) {
                each.take(scorer.score(), document, of);
            }
        }
    }
}
