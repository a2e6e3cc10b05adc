package io.contextdb.spi.value;

import java.util.Comparator;

/**
 * Order of strings by Unicode code point, which is the order of their UTF-8 bytes and of {@code COLLATE "C"}. It differs
 * from {@link String#compareTo} where surrogates meet characters from U+E000 on. Every order of strings in the contract
 * is this one (G12).
 */
public enum CodePointOrder implements Comparator<String> {
    /** The order. */
    INSTANCE;

    @Override
    public int compare(String a, String b) {
        int shared = Math.min(a.length(), b.length());
        for (int i = 0; i < shared; i++) {
            char x = a.charAt(i);
            char y = b.charAt(i);
            if (x != y) {
                boolean xSurrogate = Character.isSurrogate(x);
                return xSurrogate == Character.isSurrogate(y) ? Character.compare(x, y) : xSurrogate ? 1 : -1;
            }
        }
        return Integer.compare(a.length(), b.length());
    }
}
