package io.contextdb.cli.chunk;

/**
 * What a line of Markdown is. Every question is answered by looking at each character a few times at most, whatever the line: a
 * regular expression with a repeated group takes a stack as deep as the line is long, or time by its square or cube.
 */
final class MarkdownLine {
    private static final int MOST_INDENT = 3;
    private static final int MOST_LEVELS = 6;
    private static final int MOST_DIGITS = 9;

    private MarkdownLine() {}

    /** Returns the level of a heading that is marked by {@code #}, 1 to 6; 0 if the line is none. */
    static int headingLevel(String line) {
        int start = indent(line);
        int end = run(line, start, '#');
        int level = start < 0 ? 0 : end - start;
        boolean marked = level >= 1 && level <= MOST_LEVELS && (end == line.length() || isBlank(line.charAt(end)));
        return marked ? level : 0;
    }

    /** Returns the title of a heading of a level, without the {@code #} that may close it. */
    static String headingTitle(String line, int level) {
        int start = skipBlanks(line, indent(line) + level);
        int end = endWithoutBlanks(line, start);
        int closing = end;
        while (closing > start && line.charAt(closing - 1) == '#') {
            closing--;
        }
        if (closing == start || (closing < end && isBlank(line.charAt(closing - 1)))) {
            end = endWithoutBlanks(line.substring(0, closing), start);
        }
        return line.substring(start, end);
    }

    /** Returns whether the line makes the one before it a heading. */
    static boolean isUnderline(String line) {
        int start = indent(line);
        if (start < 0 || start == line.length() || (line.charAt(start) != '=' && line.charAt(start) != '-')) {
            return false;
        }
        return skipBlanks(line, run(line, start, line.charAt(start))) == line.length();
    }

    /** Returns whether the line is a rule between two parts: three or more of {@code * - _}, and nothing else. */
    static boolean isRule(String line) {
        int start = indent(line);
        if (start < 0 || start == line.length() || "*-_".indexOf(line.charAt(start)) < 0) {
            return false;
        }
        char mark = line.charAt(start);
        int marks = 0;
        for (int i = start; i < line.length(); i++) {
            if (line.charAt(i) == mark) {
                marks++;
            } else if (!isBlank(line.charAt(i))) {
                return false;
            }
        }
        return marks >= 3;
    }

    /** Returns whether the line begins an item of a list. */
    static boolean isItem(String line) {
        int start = skipSpace(line, 0);
        int end = start;
        if (end < line.length() && "-*+".indexOf(line.charAt(end)) >= 0) {
            end++;
        } else {
            while (end < line.length() && end - start < MOST_DIGITS && isDigit(line.charAt(end))) {
                end++;
            }
            if (end == start || end == line.length() || ".)".indexOf(line.charAt(end)) < 0) {
                return false;
            }
            end++;
        }
        int text = skipSpace(line, end);
        return text > end && text < line.length();
    }

    /** Returns the marks that open code, three or more; "" if the line opens none. */
    static String fence(String line) {
        int start = indent(line);
        if (start < 0 || start == line.length() || "`~".indexOf(line.charAt(start)) < 0) {
            return "";
        }
        int end = run(line, start, line.charAt(start));
        return end - start >= 3 ? line.substring(start, end) : "";
    }

    /** Returns where the line begins after at most three spaces; -1 if it has more. */
    private static int indent(String line) {
        int start = run(line, 0, ' ');
        return start <= MOST_INDENT ? start : -1;
    }

    private static int run(String line, int from, char mark) {
        int end = Math.max(0, from);
        while (end < line.length() && line.charAt(end) == mark) {
            end++;
        }
        return end;
    }

    private static int skipBlanks(String line, int from) {
        int end = from;
        while (end < line.length() && isBlank(line.charAt(end))) {
            end++;
        }
        return end;
    }

    private static int skipSpace(String line, int from) {
        int end = from;
        while (end < line.length() && Character.isWhitespace(line.charAt(end))) {
            end++;
        }
        return end;
    }

    private static int endWithoutBlanks(String line, int start) {
        int end = line.length();
        while (end > start && isBlank(line.charAt(end - 1))) {
            end--;
        }
        return end;
    }

    private static boolean isBlank(char c) {
        return c == ' ' || c == '\t';
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }
}
