package io.contextdb.cli.chunk;

import io.contextdb.spi.value.PropertyMap;
import java.util.List;

/** A part of a document that becomes a node. Pieces of a document are numbered from 0, in the order of the text. */
public sealed interface Piece {
    /** Stands for the document itself, or for no piece. */
    int NONE = -1;

    /** Returns its number in the document. */
    int ordinal();

    /** Returns the number of the heading that contains it, or {@link #NONE} for the document. */
    int parent();

    /**
     * A heading.
     *
     * @param ordinal its number
     * @param parent the heading that contains it
     * @param level 1 for the highest
     * @param path the titles from the highest heading down to this one
     */
    record Heading(int ordinal, int parent, int level, List<String> path) implements Piece {
        /** Copies. */
        public Heading {
            path = List.copyOf(path);
        }

        /** Returns its own title. */
        public String title() {
            return path.get(path.size() - 1);
        }
    }

    /**
     * A chunk of text.
     *
     * @param ordinal its number
     * @param parent the heading that contains it
     * @param previous number of the chunk before it, or {@link #NONE}
     * @param text its text, not blank
     * @param path the titles of the headings that contain it
     * @param fields what else its record has
     */
    record Chunk(int ordinal, int parent, int previous, String text, List<String> path, PropertyMap fields)
            implements Piece {
        /** Copies. */
        public Chunk {
            path = List.copyOf(path);
        }

        /** Returns the text together with the headings that say what it is about. */
        public String textInContext() {
            return path.isEmpty() ? text : String.join(" > ", path) + "\n" + text;
        }
    }
}
