package io.contextdb.cli.ask;

import io.contextdb.cli.output.Terminal;
import java.text.BreakIterator;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/** The part of a text to show: from the sentence on where most words of the question stand. */
final class Snippet {
    private static final Pattern NO_WORD = Pattern.compile("[^\\p{L}\\p{N}]+");
    /** Shorter words say little: of, the, is. */
    private static final int SHORTEST = 4;
    /** Endings differ: the beginnings of words are compared. */
    private static final int STEM = 5;

    private Snippet() {}

    /** Returns at most {@code most} characters; an ellipsis stands for what is left out. */
    static String of(String text, String question, int most) {
        if (text.length() <= most) {
            return text;
        }
        Set<String> asked = stems(question);
        List<Integer> starts = sentences(text);
        int best = 0;
        int bestShared = 0;
        for (int i = 0; i + 1 < starts.size(); i++) {
            int from = starts.get(i);
            // Counted over what would be shown.
            Set<String> shared = stems(text.substring(from, Math.min(text.length(), from + most)));
            shared.retainAll(asked);
            // Of equals the last, which begins with the first word that was asked for.
            if (!shared.isEmpty() && shared.size() >= bestShared) {
                best = from;
                bestShared = shared.size();
            }
        }
        return best == 0 ? Terminal.cut(text, most) : Terminal.cut("… " + text.substring(best), most);
    }

    private static List<Integer> sentences(String text) {
        BreakIterator sentences = BreakIterator.getSentenceInstance(Locale.ROOT);
        sentences.setText(text);
        List<Integer> starts = new ArrayList<>();
        for (int at = sentences.first(); at != BreakIterator.DONE; at = sentences.next()) {
            starts.add(at);
        }
        return starts;
    }

    private static Set<String> stems(String text) {
        Set<String> stems = new HashSet<>();
        NO_WORD.splitAsStream(text.toLowerCase(Locale.ROOT))
                .filter(word -> word.length() >= SHORTEST)
                .forEach(word -> stems.add(word.substring(0, Math.min(STEM, word.length()))));
        return stems;
    }
}
