package io.contextdb.cli.chunk;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class OtherFormatChunksTest {
    @Test
    void htmlIsReadByItsHeadingsAndBlocks() {
        Pieces pieces = Pieces.of(Format.HTML, """
                <html><head><title>t</title><style>p {}</style></head><body>
                <nav>menu</nav>
                <h1>Title <em>one</em></h1><p>First <b>bold</b>
                text.</p><ul><li>red</li><li>green</li></ul>
                <h2>Sub</h2><pre>a
                  b</pre><table><tr><td>x</td><td>1</td></tr></table>
                <script>alert()</script></body></html>
                """);

        assertThat(pieces.headings()).containsExactly("Title one", "Title one > Sub");
        assertThat(pieces.texts())
                .containsExactly("Title one\nFirst bold text.\nred\ngreen", "Title one > Sub\na\n  b\nx | 1");
    }

    @Test
    void anUnderlineMakesAHeadingOfPlainText() {
        Pieces pieces = Pieces.of(
                Format.TEXT, "Name\n====\n\nfirst\nparagraph\n\nOptions\n-------\n* one\n* two\n\nUsage\n=====\nrun\n");

        assertThat(pieces.headings()).containsExactly("Name", "Name > Options", "Usage");
        assertThat(pieces.texts())
                .containsExactly("Name\nfirst\nparagraph", "Name > Options\n* one\n* two", "Usage\nrun");
    }

    @Test
    void everyJsonLineIsARecordOfItsOwnWithItsOtherFields() {
        Pieces pieces = Pieces.of(Format.JSON_LINES, """
                {"text": "first", "stars": 4}

                {"content": "second", "by": {"name": "ada"}}
                """);

        assertThat(pieces.texts()).containsExactly("first", "second");
        assertThat(pieces.chunks().get(0).fields().integer("stars")).contains(4L);
        assertThat(pieces.chunks().get(1).fields().integer("line")).contains(3L);
        assertThat(pieces.unreadable()).isEmpty();
    }

    @Test
    void aLineThatIsNoRecordIsToldAndTheOthersAreRead() {
        Pieces pieces = Pieces.of(Format.JSON_LINES, "{\"text\": \"one\"}\n{oops\n{\"n\": 1}\n{\"text\": \"two\"}\n");

        assertThat(pieces.texts()).containsExactly("one", "two");
        assertThat(pieces.unreadable()).hasSize(2);
        assertThat(pieces.unreadable().get(0)).startsWith("line 2: ");
        assertThat(pieces.unreadable().get(1)).startsWith("line 3: ");
    }

    @Test
    void theNameSaysTheFormatAlsoUnderGz() {
        assertThat(Format.ofName("README.MD")).isEqualTo(Format.MARKDOWN);
        assertThat(Format.ofName("changelog.html.gz")).isEqualTo(Format.HTML);
        assertThat(Format.ofName("data.jsonl")).isEqualTo(Format.JSON_LINES);
        assertThat(Format.ofName("copyright")).isEqualTo(Format.TEXT);
    }
}
