package io.contextdb.cli.chunk;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class MarkdownChunksTest {
    @Test
    void headingsOfBothKindsMakeThePathOfChunks() {
        Pieces pieces = Pieces.of(Format.MARKDOWN, """
                Guide
                =====
                Opening words.

                ## Install ##
                Run it.

                Details
                -------
                More.

                # Other
                End.
                """);

        assertThat(pieces.headings()).containsExactly("Guide", "Guide > Install", "Guide > Details", "Other");
        assertThat(pieces.texts())
                .containsExactly(
                        "Guide\nOpening words.", "Guide > Install\nRun it.", "Guide > Details\nMore.", "Other\nEnd.");
    }

    @Test
    void aHeadingContainsTheDeeperOnesAfterIt() {
        Pieces pieces = Pieces.of(Format.MARKDOWN, "# A\n### B\n## C\ntext\n");

        assertThat(pieces.all()).extracting(Piece::parent).containsExactly(Piece.NONE, 0, 0, 2);
    }

    @Test
    void chunksKnowTheOneBeforeThem() {
        Pieces pieces = Pieces.of(Format.MARKDOWN, "one\n# A\ntwo\n# B\nthree\n");

        assertThat(pieces.chunks()).extracting(Piece.Chunk::ordinal).containsExactly(0, 2, 4);
        assertThat(pieces.chunks()).extracting(Piece.Chunk::previous).containsExactly(Piece.NONE, 0, 2);
    }

    @Test
    void listItemsStayTogetherWithoutBlankLines() {
        Pieces pieces = Pieces.of(Format.MARKDOWN, "Choose:\n\n- red\n- green\n  as grass\n1. blue\n");

        assertThat(pieces.texts()).containsExactly("Choose:\n- red\n- green\n  as grass\n1. blue");
    }

    @Test
    void codeIsNotReadAsStructure() {
        Pieces pieces = Pieces.of(Format.MARKDOWN, "Run:\n```sh\n# no heading\n\nls\n```\nDone.\n");

        assertThat(pieces.headings()).isEmpty();
        assertThat(pieces.texts()).containsExactly("Run:\n```sh\n# no heading\n\nls\n```\n\nDone.");
    }

    @Test
    void frontMatterIsLeftOut() {
        assertThat(Pieces.of(Format.MARKDOWN, "---\ntitle: x\n---\nText.\n").texts())
                .containsExactly("Text.");
    }

    @Test
    void aRuleIsNoHeadingAndNoText() {
        Pieces pieces = Pieces.of(Format.MARKDOWN, "One.\n\n---\n\n***\nTwo.\n");

        assertThat(pieces.headings()).isEmpty();
        assertThat(pieces.texts()).containsExactly("One.\n\nTwo.");
    }
}
