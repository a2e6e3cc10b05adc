package io.contextdb.cli.chunk;

import java.io.BufferedReader;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Markdown: headings of both kinds, paragraphs, list items, fenced code. Front matter between {@code ---} is left out. */
final class MarkdownBlocks implements BlockReader {
    private static final int MOST_FRONT_MATTER = 200;

    @Override
    public void read(BufferedReader text, Consumer<Block> blocks) throws IOException {
        LineJoiner paragraph = new LineJoiner(blocks);
        String line = afterFrontMatter(text, paragraph);
        while (line != null) {
            int level = MarkdownLine.headingLevel(line);
            String fence = MarkdownLine.fence(line);
            if (line.isBlank()) {
                paragraph.end();
            } else if (level > 0) {
                paragraph.end();
                blocks.accept(new Block.Heading(level, MarkdownLine.headingTitle(line, level)));
            } else if (paragraph.hasOneLine() && MarkdownLine.isUnderline(line)) {
                String title = paragraph.onlyLine();
                paragraph.drop();
                blocks.accept(new Block.Heading(line.indexOf('=') >= 0 ? 1 : 2, title.strip()));
            } else if (MarkdownLine.isRule(line)) {
                paragraph.end();
            } else if (!fence.isEmpty()) {
                fenced(text, fence, line, paragraph);
            } else if (MarkdownLine.isItem(line)) {
                paragraph.beginItem(line);
            } else {
                paragraph.add(line);
            }
            line = text.readLine();
        }
        paragraph.end();
    }

    /** Returns the first line of the text itself; front matter that does not end is text. */
    private static @Nullable String afterFrontMatter(BufferedReader text, LineJoiner paragraph) throws IOException {
        String line = text.readLine();
        if (!"---".equals(line)) {
            return line;
        }
        List<String> matter = new ArrayList<>();
        while (matter.size() < MOST_FRONT_MATTER && (line = text.readLine()) != null) {
            if (line.equals("---") || line.equals("...")) {
                return text.readLine();
            }
            matter.add(line);
        }
        matter.forEach(paragraph::add);
        return text.readLine();
    }

    /** Code belongs to the paragraph that introduces it. */
    private static void fenced(BufferedReader text, String fence, String opening, LineJoiner paragraph)
            throws IOException {
        paragraph.add(opening);
        String line;
        while ((line = text.readLine()) != null) {
            paragraph.add(line);
            if (line.strip().startsWith(fence)
                    && line.strip().replace(fence.substring(0, 1), "").isEmpty()) {
                break;
            }
        }
        paragraph.end();
    }
}
