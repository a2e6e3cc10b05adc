package io.contextdb.cli.chunk;

import io.contextdb.spi.value.PropertyMap;

/** A part of a text that its format marks off. */
public sealed interface Block {
    /**
     * A heading.
     *
     * @param level 1 for the highest
     * @param title its text, on one line
     */
    record Heading(int level, String title) implements Block {}

    /**
     * A paragraph, list item, table or piece of code.
     *
     * @param text its text
     * @param item whether it is an item of a list, which follows the one before it without a blank line
     */
    record Paragraph(String text, boolean item) implements Block {}

    /**
     * A record of its own, never joined with others.
     *
     * @param text its text
     * @param fields what else it has
     */
    record Entry(String text, PropertyMap fields) implements Block {}

    /**
     * A part that could not be read.
     *
     * @param reason what is wrong with it, and where it is
     */
    record Unreadable(String reason) implements Block {}
}
