package io.contextdb.cli.output;

/** How a piece of text stands out. */
public enum Style {
    /** Not at all. */
    PLAIN(""),
    /** Strongly: titles. */
    BOLD("1"),
    /** Less than the rest: ids, parts of scores. */
    FAINT("2"),
    /** Good. */
    GREEN("32"),
    /** To be looked at. */
    YELLOW("33"),
    /** Wrong. */
    RED("31"),
    /** Where something is: sources. */
    CYAN("36");

    private final String code;

    Style(String code) {
        this.code = code;
    }

    String on(String text) {
        return code.isEmpty() || text.isEmpty() ? text : "\u001b[" + code + "m" + text + "\u001b[0m";
    }
}
