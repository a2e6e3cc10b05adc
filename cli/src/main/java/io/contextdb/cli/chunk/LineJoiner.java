package io.contextdb.cli.chunk;

import java.util.function.Consumer;

/** Collects the lines of a paragraph until it ends. Not thread-safe. */
final class LineJoiner {
    private final Consumer<Block> blocks;
    private final StringBuilder lines = new StringBuilder();
    private int count;
    private boolean item;

    LineJoiner(Consumer<Block> blocks) {
        this.blocks = blocks;
    }

    void beginItem(String line) {
        end();
        item = true;
        add(line);
    }

    void add(String line) {
        if (!lines.isEmpty()) {
            lines.append('\n');
        }
        lines.append(line);
        count++;
    }

    boolean isEmpty() {
        return lines.isEmpty();
    }

    boolean hasOneLine() {
        return count == 1;
    }

    /** Returns the only line, or "" where there are several or none. */
    String onlyLine() {
        return hasOneLine() ? lines.toString() : "";
    }

    /** Forgets the lines, which were no paragraph. */
    void drop() {
        lines.setLength(0);
        count = 0;
        item = false;
    }

    void end() {
        if (!lines.isEmpty()) {
            blocks.accept(new Block.Paragraph(lines.toString(), item));
        }
        drop();
    }
}
