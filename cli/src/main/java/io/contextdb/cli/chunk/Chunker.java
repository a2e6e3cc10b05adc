package io.contextdb.cli.chunk;

import io.contextdb.spi.value.PropertyMap;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Joins small blocks under one heading into chunks of about {@value #TARGET} characters, and takes larger ones apart at the
 * ends of sentences, into chunks of at most {@value #MAX}. A chunk never spans two headings. Not thread-safe.
 */
public final class Chunker implements Consumer<Block> {
    /** A chunk of this length is full. */
    public static final int TARGET = 800;

    /** The longest chunk, in characters. */
    public static final int MAX = 1_200;

    private static final int MAX_TITLE = 200;

    private final Consumer<Piece> pieces;
    private final List<Piece.Heading> headings = new ArrayList<>();
    private final List<String> unreadable = new ArrayList<>();
    private final StringBuilder pending = new StringBuilder();
    private int next;
    private int previousChunk = Piece.NONE;

    /** Hands pieces on as soon as they are complete. */
    public Chunker(Consumer<Piece> pieces) {
        this.pieces = pieces;
    }

    @Override
    public void accept(Block block) {
        switch (block) {
            case Block.Heading heading -> heading(heading);
            case Block.Paragraph paragraph -> paragraph(CleanText.of(paragraph.text()), paragraph.item());
            case Block.Unreadable part -> unreadable.add(part.reason());
            case Block.Entry entry -> {
                flush();
                SentenceSplit.of(CleanText.of(entry.text()), TARGET, MAX).forEach(part -> emit(part, entry.fields()));
            }
        }
    }

    /** Returns what could not be read, in the order of the text. */
    public List<String> unreadable() {
        return List.copyOf(unreadable);
    }

    /** Hands on what is left, and returns how many pieces there were. */
    public int finish() {
        flush();
        return next;
    }

    private void heading(Block.Heading heading) {
        String title = CleanText.of(heading.title()).replace('\n', ' ');
        if (title.isEmpty()) {
            return;
        }
        flush();
        while (!headings.isEmpty() && headings.get(headings.size() - 1).level() >= heading.level()) {
            headings.remove(headings.size() - 1);
        }
        List<String> path = new ArrayList<>(path());
        path.add(SentenceSplit.cut(title, MAX_TITLE));
        Piece.Heading piece = new Piece.Heading(next++, parent(), heading.level(), path);
        headings.add(piece);
        pieces.accept(piece);
    }

    private void paragraph(String text, boolean item) {
        if (text.isEmpty()) {
            return;
        }
        String separator = item ? "\n" : "\n\n";
        if (pending.length() + separator.length() + text.length() > MAX) {
            flush();
        }
        if (text.length() > MAX) {
            SentenceSplit.of(text, TARGET, MAX).forEach(part -> emit(part, PropertyMap.empty()));
            return;
        }
        if (!pending.isEmpty()) {
            pending.append(separator);
        }
        pending.append(text);
        if (pending.length() >= TARGET) {
            flush();
        }
    }

    private void flush() {
        if (!pending.isEmpty()) {
            emit(pending.toString(), PropertyMap.empty());
            pending.setLength(0);
        }
    }

    private void emit(String text, PropertyMap fields) {
        Piece.Chunk chunk = new Piece.Chunk(next++, parent(), previousChunk, text, path(), fields);
        previousChunk = chunk.ordinal();
        pieces.accept(chunk);
    }

    private int parent() {
        return headings.isEmpty()
                ? Piece.NONE
                : headings.get(headings.size() - 1).ordinal();
    }

    private List<String> path() {
        return headings.isEmpty()
                ? List.of()
                : headings.get(headings.size() - 1).path();
    }
}
