package io.contextdb.backend.embedded;

import io.contextdb.spi.vector.Spelling;
import java.io.IOException;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.index.Term;
import org.apache.lucene.index.Terms;
import org.apache.lucene.search.FuzzyTermsEnum;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.util.BytesRef;

/** The terms of the index that words of a query match, as they are or because they are spelled alike (contract V9). */
final class SpelledTerms {
    private SpelledTerms() {}

    /** Returns how much each term counts, by how often and how exactly it is asked for. */
    static Map<String, Double> weights(IndexSearcher searcher, String field, List<String> asked, boolean fuzzy)
            throws IOException {
        LinkedHashMap<String, Integer> times = new LinkedHashMap<>();
        asked.forEach(word -> times.merge(word, 1, Integer::sum));
        Map<String, Set<String>> near = new HashMap<>();
        for (String word : fuzzy ? Spelling.sought(times) : List.<String>of()) {
            near.put(word, near(searcher, new Term(field, word)));
        }
        return Spelling.weights(times, near);
    }

    /** Each segment has terms of its own; Lucene's automaton finds those with the same first letter and as few edits. */
    private static Set<String> near(IndexSearcher searcher, Term asked) throws IOException {
        Set<String> near = new TreeSet<>();
        for (LeafReaderContext leaf : searcher.getIndexReader().leaves()) {
            Terms terms = leaf.reader().terms(asked.field());
            if (terms != null) {
                FuzzyTermsEnum found = new FuzzyTermsEnum(terms, asked, Spelling.edits(asked.text()), 1, true);
                for (BytesRef term = found.next(); term != null; term = found.next()) {
                    near.add(term.utf8ToString());
                }
            }
        }
        return near;
    }
}
