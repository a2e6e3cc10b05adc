package io.contextdb.spi.vector;

import io.contextdb.spi.value.CodePointOrder;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.Set;

/**
 * Words that are spelled alike (contract V9). An edit inserts, removes or replaces a letter, or exchanges two neighbours, none of them
 * twice (optimal string alignment; Damerau, Communications of the ACM 7(3), 1964); letters are code points. Both words are in lower case.
 */
public final class Spelling {
    private static final int MOST_WORDS = 32;
    private static final int MOST_ALIKE = 20;
    private static final int ONE_EDIT_FROM = 3;
    private static final int TWO_EDITS_FROM = 6;

    private Spelling() {}

    /**
     * Returns those words of a query for which others are to be looked for: of the first 32, those that are long enough.
     *
     * @param times how often the query has each of its words, in its order
     */
    public static List<String> sought(SequencedMap<String, Integer> times) {
        return times.keySet().stream()
                .limit(MOST_WORDS)
                .filter(word -> edits(word) > 0)
                .toList();
    }

    /**
     * Returns how much each word of the texts counts, by how often and how exactly it is asked for; one may be like several of the query.
     *
     * @param times how often the query has each of its words, in its order
     * @param near for each word that is {@linkplain #sought sought}, words of the texts, among them at least all that are spelled
     *     alike; a word that is not in it counts as it is, so that nothing is what a query has that is not fuzzy
     */
    public static Map<String, Double> weights(
            SequencedMap<String, Integer> times, Map<String, ? extends Collection<String>> near) {
        Set<String> sought = new HashSet<>(sought(times));
        Map<String, Double> weights = new LinkedHashMap<>();
        times.forEach((word, often) -> {
            Collection<String> found = sought.contains(word) ? near.get(word) : null;
            Map<String, Double> alike = found == null ? Map.of(word, 1.0) : alike(word, found);
            alike.forEach((other, likeness) -> weights.merge(other, often * likeness, Double::sum));
        });
        return weights;
    }

    /** Returns how many edits a word of a query may be away: none below 3 letters, one below 6, else two. */
    public static int edits(String asked) {
        int letters = letters(asked);
        return letters < ONE_EDIT_FROM ? 0 : letters < TWO_EDITS_FROM ? 1 : 2;
    }

    /**
     * Returns how much a word of a text is like one that is asked for: 1 for the same, 1 − edits / letters of the shorter one for one
     * with the same first letter that is near enough, and 0 for all others.
     */
    private static double likeness(String asked, String word) {
        if (asked.equals(word)) {
            return 1;
        }
        int most = edits(asked);
        int shorter = Math.min(letters(asked), letters(word));
        int longer = Math.max(letters(asked), letters(word));
        if (shorter == 0 || longer - shorter > most || asked.codePointAt(0) != word.codePointAt(0)) {
            return 0;
        }
        int edits = distance(asked.codePoints().toArray(), word.codePoints().toArray());
        return edits > most ? 0 : Math.max(0, 1 - (double) edits / shorter);
    }

    /** Returns those of some words that count where another is asked for, with how much: the most alike. */
    private static Map<String, Double> alike(String asked, Collection<String> words) {
        Map<String, Double> alike = new LinkedHashMap<>();
        words.stream()
                .distinct()
                .map(word -> Map.entry(word, likeness(asked, word)))
                .filter(word -> word.getValue() > 0)
                .sorted(Map.Entry.<String, Double>comparingByValue(Comparator.reverseOrder())
                        .thenComparing(Map.Entry.comparingByKey(CodePointOrder.INSTANCE)))
                .limit(MOST_ALIKE)
                .forEach(word -> alike.put(word.getKey(), word.getValue()));
        return alike;
    }

    private static int letters(String word) {
        return word.codePointCount(0, word.length());
    }

    private static int distance(int[] a, int[] b) {
        int[] beforeLast = new int[b.length + 1];
        int[] last = new int[b.length + 1];
        int[] row = new int[b.length + 1];
        for (int j = 0; j <= b.length; j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length; i++) {
            int[] free = beforeLast;
            beforeLast = last;
            last = row;
            row = free;
            row[0] = i;
            for (int j = 1; j <= b.length; j++) {
                int replaced = last[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
                row[j] = Math.min(replaced, 1 + Math.min(last[j], row[j - 1]));
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
                    row[j] = Math.min(row[j], 1 + beforeLast[j - 2]);
                }
            }
        }
        return row[b.length];
    }
}
