package io.contextdb.cli.output;

import java.io.PrintWriter;

/** Where the command prints to: results to one stream, everything about them to the other. Thread-safe. */
public final class Terminal {
    private final PrintWriter out;
    private final PrintWriter err;
    private final boolean colored;
    private final boolean interactive;
    private final int width;

    /**
     * Prints to two streams.
     *
     * @param colored whether results are coloured
     * @param interactive whether the second stream is a terminal, where a line can be drawn again
     * @param width columns of the terminal
     */
    public Terminal(PrintWriter out, PrintWriter err, boolean colored, boolean interactive, int width) {
        this.out = out;
        this.err = err;
        this.colored = colored;
        this.interactive = interactive;
        this.width = width;
    }

    /** Prints a line of the result. */
    public void line(String text) {
        out.println(text);
        out.flush();
    }

    /** Prints a line about the result. */
    public void note(String text) {
        err.println(text);
        err.flush();
    }

    /** Returns text that stands out, where colours are on. */
    public String styled(Style style, String text) {
        return colored ? style.on(text) : text;
    }

    /** Returns the columns of the terminal. */
    public int width() {
        return width;
    }

    boolean interactive() {
        return interactive;
    }

    void redraw(String text) {
        err.print("\r" + text + "\u001b[K");
        err.flush();
    }

    void clear() {
        err.print("\r\u001b[K");
        err.flush();
    }

    /** Returns text of foreign origin on one line, without characters that would steer the terminal. */
    public static String plain(String text) {
        StringBuilder safe = new StringBuilder(text.length());
        text.codePoints()
                .map(c -> Character.isWhitespace(c) ? ' ' : c)
                .filter(c -> !Character.isISOControl(c) && Character.getType(c) != Character.FORMAT)
                .filter(c -> c != ' ' || safe.isEmpty() || safe.charAt(safe.length() - 1) != ' ')
                .forEach(safe::appendCodePoint);
        return safe.toString().strip();
    }

    /** Returns text, cut to a number of characters if it is longer. */
    public static String cut(String text, int max) {
        if (text.length() <= max) {
            return text;
        }
        int end = Math.max(0, max - 1);
        return text.substring(0, end > 0 && Character.isHighSurrogate(text.charAt(end - 1)) ? end - 1 : end) + "…";
    }
}
