package io.contextdb.cli.chunk;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

/** The pieces of a text. */
final class Pieces {
    private final List<Piece> all = new ArrayList<>();
    private final List<String> unreadable;

    private Pieces(Format format, String text) {
        Chunker chunker = new Chunker(all::add);
        try {
            format.reader().read(new BufferedReader(new StringReader(text)), chunker);
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        chunker.finish();
        unreadable = chunker.unreadable();
    }

    static Pieces of(Format format, String text) {
        return new Pieces(format, text);
    }

    List<Piece> all() {
        return all;
    }

    List<String> unreadable() {
        return unreadable;
    }

    List<Piece.Chunk> chunks() {
        return all.stream()
                .filter(Piece.Chunk.class::isInstance)
                .map(Piece.Chunk.class::cast)
                .toList();
    }

    List<String> headings() {
        return all.stream()
                .filter(Piece.Heading.class::isInstance)
                .map(piece -> String.join(" > ", ((Piece.Heading) piece).path()))
                .toList();
    }

    /** Each chunk's headings and text. */
    List<String> texts() {
        return chunks().stream().map(Piece.Chunk::textInContext).toList();
    }
}
