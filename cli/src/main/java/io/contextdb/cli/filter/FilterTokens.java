package io.contextdb.cli.filter;

import io.contextdb.spi.error.InvalidRequestException;
import java.util.ArrayList;
import java.util.List;

/** Takes a filter's text apart into words, quoted strings and signs. */
final class FilterTokens {
    private static final String SIGNS = "()[],=!<>";
    private static final int MAX_LENGTH = 100_000;

    private FilterTokens() {}

    /** What a token is. */
    enum Kind {
        WORD,
        STRING,
        SIGN,
        END
    }

    /** A token, without its quotes, and where it begins, from 1. */
    record Token(Kind kind, String text, int column) {
        boolean is(String word) {
            return kind != Kind.STRING && text.equalsIgnoreCase(word);
        }
    }

    static List<Token> of(String text) {
        if (text.length() > MAX_LENGTH) {
            throw new InvalidRequestException(
                    "where", "has " + text.length() + " characters; the limit is " + MAX_LENGTH);
        }
        List<Token> tokens = new ArrayList<>();
        int i = 0;
        while (i < text.length()) {
            char c = text.charAt(i);
            if (Character.isWhitespace(c)) {
                i++;
            } else if (c == '"' || c == '\'') {
                StringBuilder string = new StringBuilder();
                int end = quoted(text, i, string);
                tokens.add(new Token(Kind.STRING, string.toString(), i + 1));
                i = end;
            } else if (SIGNS.indexOf(c) >= 0) {
                int end = i + 1 < text.length() && text.charAt(i + 1) == '=' && "=!<>".indexOf(c) >= 0 ? i + 2 : i + 1;
                tokens.add(new Token(Kind.SIGN, text.substring(i, end), i + 1));
                i = end;
            } else {
                int end = i;
                while (end < text.length() && isWord(text.charAt(end))) {
                    end++;
                }
                tokens.add(new Token(Kind.WORD, text.substring(i, end), i + 1));
                i = end;
            }
        }
        tokens.add(new Token(Kind.END, "the end", text.length() + 1));
        return tokens;
    }

    private static boolean isWord(char c) {
        return !Character.isWhitespace(c) && SIGNS.indexOf(c) < 0 && c != '"' && c != '\'';
    }

    /** Reads up to the closing quote; a backslash takes the next character as it is. Returns where to go on. */
    private static int quoted(String text, int open, StringBuilder string) {
        for (int i = open + 1; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == text.charAt(open)) {
                return i + 1;
            }
            if (c == '\\' && i + 1 < text.length()) {
                i++;
            }
            string.append(text.charAt(i));
        }
        throw new InvalidRequestException("where", "has a quote at column " + (open + 1) + " that is not closed");
    }
}
