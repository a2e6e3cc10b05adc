package io.contextdb.cli.chunk;

import java.util.ArrayList;
import java.util.List;

/** Takes a long text apart: at the end of a line or sentence where there is one, else between words, else anywhere. */
final class SentenceSplit {
    private SentenceSplit() {}

    /** Returns the parts, none longer than {@code max}, most of about {@code target} characters; none of them blank. */
    static List<String> of(String text, int target, int max) {
        List<String> parts = new ArrayList<>();
        int start = 0;
        while (text.length() - start > max) {
            int end = end(text, start, target, max);
            add(parts, text.substring(start, end));
            start = end;
        }
        add(parts, text.substring(start));
        return parts;
    }

    /** Returns the text, cut to a length if it is longer. */
    static String cut(String text, int max) {
        return text.length() <= max ? text : text.substring(0, whole(text, max - 1)) + "…";
    }

    private static void add(List<String> parts, String part) {
        String stripped = part.strip();
        if (!stripped.isEmpty()) {
            parts.add(stripped);
        }
    }

    private static int end(String text, int start, int target, int max) {
        int least = start + target / 2;
        int most = start + max;
        int ideal = start + target;
        int atSentence = -1;
        int atWord = -1;
        for (int i = least; i < most; i++) {
            if (!Character.isWhitespace(text.charAt(i))) {
                continue;
            }
            if (endsSentence(text, i) && nearer(i, atSentence, ideal)) {
                atSentence = i;
            }
            if (nearer(i, atWord, ideal)) {
                atWord = i;
            }
        }
        if (atSentence > 0) {
            return atSentence + 1;
        }
        return atWord > 0 ? atWord + 1 : whole(text, most);
    }

    private static boolean endsSentence(String text, int space) {
        char before = text.charAt(space - 1);
        return text.charAt(space) == '\n' || before == '.' || before == '!' || before == '?' || before == '。';
    }

    private static boolean nearer(int position, int known, int ideal) {
        return known < 0 || Math.abs(position - ideal) < Math.abs(known - ideal);
    }

    /** Returns the same position, or the one before it where it would cut a character in two. */
    private static int whole(String text, int position) {
        return Character.isLowSurrogate(text.charAt(position)) ? position - 1 : position;
    }
}
