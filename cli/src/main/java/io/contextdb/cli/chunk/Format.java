package io.contextdb.cli.chunk;

import java.util.Locale;

/** The formats of text that are read by their structure. */
public enum Format {
    /** Paragraphs, underlined headings, list items. */
    TEXT,
    /** Markdown, read in the spirit of CommonMark. */
    MARKDOWN,
    /** HTML; read as a whole, so that its size must be limited. */
    HTML,
    /** A JSON object per line. */
    JSON_LINES;

    /** Returns the format that a file name speaks of; plain text where it says nothing. */
    public static Format ofName(String fileName) {
        String name = fileName.toLowerCase(Locale.ROOT);
        if (name.endsWith(".gz")) {
            name = name.substring(0, name.length() - ".gz".length());
        }
        return switch (name.substring(name.lastIndexOf('.') + 1)) {
            case "md", "markdown", "mdown", "mkd" -> MARKDOWN;
            case "html", "htm", "xhtml" -> HTML;
            case "jsonl", "ndjson" -> JSON_LINES;
            default -> TEXT;
        };
    }

    /** Returns what reads it. */
    public BlockReader reader() {
        return switch (this) {
            case TEXT -> new PlainTextBlocks();
            case MARKDOWN -> new MarkdownBlocks();
            case HTML -> new HtmlBlocks();
            case JSON_LINES -> new JsonLinesBlocks();
        };
    }
}
