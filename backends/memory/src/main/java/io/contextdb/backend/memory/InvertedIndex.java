package io.contextdb.backend.memory;

import io.contextdb.spi.vector.Spelling;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SequencedMap;
import java.util.Set;
import java.util.UUID;
import org.pcollections.HashPMap;
import org.pcollections.HashTreePMap;

/**
 * The words of texts, for BM25 (Robertson and Zaragoza, The Probabilistic Relevance Framework, 2009) with k1 = 1.2, b = 0.75,
 * {@code idf = ln(1 + (N − n + 0.5) / (n + 0.5))}, and without the constant factor k1 + 1, which changes no order. A word is
 * a run of letters and digits, in lower case; a text without any counts as none. Immutable.
 *
 * @param postings how often each text has a word, by word
 * @param lengths words of each text
 * @param words words of all texts
 */
record InvertedIndex(HashPMap<String, HashPMap<UUID, Integer>> postings, HashPMap<UUID, Integer> lengths, long words) {
    static final InvertedIndex EMPTY = new InvertedIndex(HashTreePMap.empty(), HashTreePMap.empty(), 0);

    private static final double K1 = 1.2;
    private static final double B = 0.75;

    InvertedIndex plus(UUID id, String text) {
        HashPMap<String, HashPMap<UUID, Integer>> more = postings;
        List<String> terms = terms(text);
        if (terms.isEmpty()) {
            return this;
        }
        for (Map.Entry<String, Integer> term : counts(terms).entrySet()) {
            HashPMap<UUID, Integer> texts = more.getOrDefault(term.getKey(), HashTreePMap.empty());
            more = more.plus(term.getKey(), texts.plus(id, term.getValue()));
        }
        return new InvertedIndex(more, lengths.plus(id, terms.size()), words + terms.size());
    }

    InvertedIndex minus(UUID id, String text) {
        HashPMap<String, HashPMap<UUID, Integer>> less = postings;
        List<String> terms = terms(text);
        for (String term : counts(terms).keySet()) {
            HashPMap<UUID, Integer> texts =
                    less.getOrDefault(term, HashTreePMap.empty()).minus(id);
            less = texts.isEmpty() ? less.minus(term) : less.plus(term, texts);
        }
        return new InvertedIndex(less, lengths.minus(id), words - terms.size());
    }

    /** Returns the scores of the texts that have at least one word of a query. */
    Map<UUID, Double> scores(String query, boolean fuzzy) {
        Map<UUID, Double> scores = new HashMap<>();
        double averageLength = lengths.isEmpty() ? 1 : (double) words / lengths.size();
        SequencedMap<String, Integer> asked = counts(terms(query));
        Map<String, Set<String>> near = new HashMap<>();
        if (fuzzy) {
            Spelling.sought(asked).forEach(word -> near.put(word, postings.keySet()));
        }
        Spelling.weights(asked, near).forEach((term, weight) -> {
            HashPMap<UUID, Integer> texts = postings.getOrDefault(term, HashTreePMap.empty());
            double idf = Math.log(1 + (lengths.size() - texts.size() + 0.5) / (texts.size() + 0.5));
            texts.forEach((id, frequency) -> {
                double length = K1 * (1 - B + B * lengths.getOrDefault(id, 0) / averageLength);
                scores.merge(id, weight * idf * frequency / (frequency + length), Double::sum);
            });
        });
        return scores;
    }

    private static SequencedMap<String, Integer> counts(List<String> terms) {
        SequencedMap<String, Integer> counts = new LinkedHashMap<>();
        terms.forEach(term -> counts.merge(term, 1, Integer::sum));
        return counts;
    }

    private static List<String> terms(String text) {
        List<String> terms = new ArrayList<>();
        String lower = text.toLowerCase(Locale.ROOT);
        int start = -1;
        for (int i = 0; i <= lower.length(); i += i < lower.length() ? Character.charCount(lower.codePointAt(i)) : 1) {
            boolean inside = i < lower.length() && Character.isLetterOrDigit(lower.codePointAt(i));
            if (inside && start < 0) {
                start = i;
            } else if (!inside && start >= 0) {
                terms.add(lower.substring(start, i));
                start = -1;
            }
        }
        return terms;
    }
}
