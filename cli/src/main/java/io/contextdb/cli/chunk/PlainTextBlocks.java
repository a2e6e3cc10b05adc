package io.contextdb.cli.chunk;

import java.io.BufferedReader;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/**
 * Plain text: paragraphs between blank lines, list items, and headings that are a line underlined by {@code ====},
 * {@code ----} or another mark, whose levels follow from the order in which the marks appear, as in reStructuredText.
 */
final class PlainTextBlocks implements BlockReader {
    private static final Pattern ITEM = Pattern.compile("\\s{0,8}+(?:[-*+•]|\\d{1,3}+[.)])\\s++\\S");
    private static final String MARKS = "=-~^\"#*+";
    private static final int SHORTEST_UNDERLINE = 3;

    @Override
    public void read(BufferedReader text, Consumer<Block> blocks) throws IOException {
        LineJoiner paragraph = new LineJoiner(blocks);
        List<Character> marks = new ArrayList<>();
        String line;
        while ((line = text.readLine()) != null) {
            if (line.isBlank()) {
                paragraph.end();
            } else if (underlines(line, paragraph.onlyLine())) {
                String title = paragraph.onlyLine();
                paragraph.drop();
                char mark = line.charAt(0);
                if (!marks.contains(mark)) {
                    marks.add(mark);
                }
                blocks.accept(new Block.Heading(marks.indexOf(mark) + 1, title.strip()));
            } else if (ITEM.matcher(line).lookingAt()) {
                paragraph.beginItem(line);
            } else {
                paragraph.add(line);
            }
        }
        paragraph.end();
    }

    private static boolean underlines(String line, String title) {
        String underline = line.stripTrailing();
        return title.length() > 1
                && !Character.isWhitespace(title.charAt(0))
                && underline.length()
                        >= Math.max(SHORTEST_UNDERLINE, title.strip().length() - 2)
                && MARKS.indexOf(underline.charAt(0)) >= 0
                && underline.chars().allMatch(c -> c == underline.charAt(0));
    }
}
