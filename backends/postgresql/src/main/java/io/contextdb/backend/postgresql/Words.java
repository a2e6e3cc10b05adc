package io.contextdb.backend.postgresql;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.SequencedMap;

/**
 * The words of a text: runs of letters and digits, in lower case, each cut to 255 characters (contract V7).
 *
 * @param times how often the text has each word, in the order of the text
 * @param length how many words it has
 */
record Words(SequencedMap<String, Integer> times, int length) {
    private static final int LONGEST = 255;

    static Words of(String text) {
        SequencedMap<String, Integer> times = new LinkedHashMap<>();
        String lower = text.toLowerCase(Locale.ROOT);
        int length = 0;
        int start = -1;
        for (int i = 0; i <= lower.length(); ) {
            int c = i < lower.length() ? lower.codePointAt(i) : ' ';
            if (Character.isLetterOrDigit(c)) {
                start = start < 0 ? i : start;
            } else if (start >= 0) {
                times.merge(cut(lower.substring(start, i)), 1, Integer::sum);
                length++;
                start = -1;
            }
            i += Character.charCount(c);
        }
        return new Words(times, length);
    }

    private static String cut(String word) {
        return word.length() <= LONGEST
                ? word
                : word.substring(0, Character.isHighSurrogate(word.charAt(LONGEST - 1)) ? LONGEST - 1 : LONGEST);
    }
}
