package io.contextdb.bench;

import java.util.Random;

/** Sentences of made-up words, some frequent and most rare, as in any language. Deterministic by seed. */
public final class Words {
    private static final int VOCABULARY = 20_000;
    private static final String[] SYLLABLES = {
        "ba", "do", "ki", "la", "me", "nu", "po", "ra", "si", "tu", "ve", "wo", "xi", "ya", "ze", "gro"
    };

    private final Random random;

    /** Begins anew. */
    public Words(long seed) {
        random = new Random(seed);
    }

    /** Returns so many words. */
    public String sentence(int words) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < words; i++) {
            // The nth word is about as frequent as 1/n.
            int rank = (int) Math.pow(VOCABULARY, random.nextDouble());
            text.append(i == 0 ? "" : " ").append(word(rank));
        }
        return text.toString();
    }

    private static String word(int rank) {
        StringBuilder word = new StringBuilder();
        for (int rest = rank + SYLLABLES.length; rest > 0; rest /= SYLLABLES.length) {
            word.append(SYLLABLES[rest % SYLLABLES.length]);
        }
        return word.toString();
    }
}
