package io.contextdb.tck.text;

import java.nio.charset.StandardCharsets;

/**
 * What the contract takes at a place (G3, G9), told apart from how the driver checks it.
 *
 * @param least fewest bytes of UTF-8
 * @param most most bytes of UTF-8
 * @param without characters that a text there must not have
 */
record Rule(int least, int most, String without) {
    static Rule bytes(int least, int most) {
        return new Rule(least, most, "");
    }

    /** Takes texts of any length that a payload can have. */
    static Rule any() {
        return bytes(0, Integer.MAX_VALUE);
    }

    boolean takes(String text) {
        if (text.length() > most || !isUnicode(text)) {
            return false;
        }
        int bytes = text.getBytes(StandardCharsets.UTF_8).length;
        return bytes >= least && bytes <= most && without.chars().noneMatch(c -> text.indexOf(c) >= 0);
    }

    /** Returns whether every surrogate has its other half, and there is no NUL. */
    static boolean isUnicode(String text) {
        return text.codePoints()
                .noneMatch(c -> c == 0 || (c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE));
    }
}
