package io.contextdb.cli.chunk;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Readers end, within time and stack that follow from the length of the text, whatever the text is. The time is generous: what is
 * looked for takes hours for such texts.
 */
class ReaderFuzzTest {
    private static final int LONG = 300_000;
    private static final String[] PARTS = {
        "*",
        "_",
        "-",
        "- ",
        "* ",
        "+ ",
        "1. ",
        "1) ",
        "#",
        "# ",
        "###### ",
        " #",
        "=",
        "~",
        "```",
        "~~~",
        ">",
        " ",
        "\t",
        "    ",
        "\n",
        "\n\n",
        "\r\n",
        "\u2028",
        "\u0085",
        "\u000b",
        "\f",
        "\u00a0",
        "a",
        "word ",
        "é",
        "😀",
        "\ud83d",
        "[",
        "]",
        "(",
        ")",
        "{",
        "}",
        "\"",
        "\\",
        ",",
        ":",
        "{\"text\":\"a\"}",
        "<",
        "</",
        "<b>",
        "<div>",
        "</div>",
        "<table>",
        "<tr>",
        "<td>",
        "<script>",
        "</script>",
        "<p>",
        "<a href=x>",
        "<li>",
        "<h1>",
        "</h1>",
        "<pre>",
        "<svg>",
        "<!--",
        "-->",
        "&",
        "&#",
        "&amp;",
        "---",
        "|",
        ".",
        "。",
        "!"
    };

    private static List<Piece> read(Format format, String text) throws IOException {
        List<Piece> pieces = new ArrayList<>();
        Chunker chunker = new Chunker(pieces::add);
        format.reader().read(new BufferedReader(new StringReader(text)), chunker);
        assertThat(chunker.finish()).isEqualTo(pieces.size());
        for (Piece piece : pieces) {
            if (piece instanceof Piece.Chunk chunk) {
                assertThat(chunk.text()).isNotBlank().hasSizeLessThanOrEqualTo(Chunker.MAX);
            }
        }
        return pieces;
    }

    @ParameterizedTest
    @EnumSource(Format.class)
    @Timeout(value = 120, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void oneThingRepeatedIsRead(Format format) throws IOException {
        for (String part : PARTS) {
            String run = part.repeat(LONG / part.length() / (format == Format.HTML ? 10 : 1));
            read(format, run);
            read(format, "# a" + run + "#x");
            read(format, run + "\u2028x");
            read(format, "x" + run + "\n===\n");
        }
    }

    @ParameterizedTest
    @EnumSource(Format.class)
    @Timeout(value = 120, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void mixturesAreRead(Format format) throws IOException {
        Random random = new Random(20260101);
        for (int i = 0; i < 300; i++) {
            StringBuilder text = new StringBuilder();
            int kinds = 1 + random.nextInt(6);
            String[] some =
                    random.ints(kinds, 0, PARTS.length).mapToObj(k -> PARTS[k]).toArray(String[]::new);
            while (text.length() < 5_000) {
                text.append(some[random.nextInt(kinds)].repeat(1 + random.nextInt(40)));
            }
            read(format, text.toString());
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Format.class,
            names = {"TEXT", "MARKDOWN"})
    @Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void manyLinesAfterALongOneAreReadOnce(Format format) throws IOException {
        assertThat(read(format, "a".repeat(2_000_000) + "\n" + "b\n".repeat(500_000)))
                .isNotEmpty();
    }

    @Test
    void titlesAreWhatStandsBetweenTheMarks() throws IOException {
        assertThat(titles(
                        "# a",
                        "## b ##",
                        "###\tc\t#  ",
                        "#### d#",
                        "#d",
                        "####### e",
                        "    # f",
                        "   # g #h",
                        "# #",
                        "#",
                        "# i  j"))
                .containsExactly("a", "b", "c", "d#", "g #h", "i  j");
        assertThat(titles("a", "===", "", "b", "---  ", "", "c", "==x", "", "d", "e", "---"))
                .containsExactly("a", "b");
    }

    private static List<String> titles(String... lines) throws IOException {
        return read(Format.MARKDOWN, String.join("\n", lines)).stream()
                .filter(Piece.Heading.class::isInstance)
                .map(piece -> ((Piece.Heading) piece).path().getLast())
                .toList();
    }
}
