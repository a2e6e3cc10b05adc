package io.contextdb.cli.ingest;

import io.contextdb.cli.chunk.Piece;
import java.util.ArrayList;
import java.util.List;

/**
 * What is embedded and written at once: pieces of one or several documents, in the order of the texts, and which documents begin
 * and end among them. Filled by one thread, then only read.
 */
final class Portion {
    /** A portion of so many pieces is full. */
    static final int SIZE = 64;

    private final List<Document> begun = new ArrayList<>();
    private final List<Placed> pieces = new ArrayList<>();
    private final List<Ended> ended = new ArrayList<>();

    /** A piece and the document that it is of. */
    record Placed(Document document, Piece piece) {}

    /** The end of a document, and how many pieces it has. */
    record Ended(Document document, int count) {}

    void begin(Document document) {
        begun.add(document);
    }

    void add(Document document, Piece piece) {
        pieces.add(new Placed(document, piece));
    }

    void end(Document document, int count) {
        ended.add(new Ended(document, count));
    }

    /** Takes a document out that cannot be read to its end; returns whether all of it was here. */
    boolean drop(Document document) {
        pieces.removeIf(placed -> placed.document().equals(document));
        return begun.remove(document);
    }

    boolean full() {
        return pieces.size() >= SIZE || ended.size() >= SIZE;
    }

    boolean isEmpty() {
        return begun.isEmpty() && pieces.isEmpty() && ended.isEmpty();
    }

    List<Document> begun() {
        return begun;
    }

    List<Placed> pieces() {
        return pieces;
    }

    List<Ended> ended() {
        return ended;
    }
}
