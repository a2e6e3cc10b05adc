package io.contextdb.cli.chunk;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class ChunkSizeTest {
    @Property(tries = 300)
    void noChunkIsTooLongOrBlankAndNoTextIsLost(@ForAll("paragraphs") List<String> paragraphs) {
        Pieces pieces = Pieces.of(Format.TEXT, String.join("\n\n", paragraphs));

        assertThat(pieces.chunks()).allSatisfy(chunk -> {
            assertThat(chunk.text().length()).isBetween(1, Chunker.MAX);
            assertThat(chunk.text()).isEqualTo(chunk.text().strip());
        });
        assertThat(letters(pieces.chunks().stream().map(Piece.Chunk::text).collect(Collectors.joining())))
                .isEqualTo(letters(String.join("", paragraphs)));
    }

    @Test
    void smallParagraphsAreJoinedToTheTarget() {
        Pieces pieces = Pieces.of(Format.TEXT, "A paragraph of forty-four characters here.\n\n".repeat(100));

        assertThat(pieces.chunks().size()).isBetween(4, 8);
    }

    @Test
    void theLineBetweenParagraphsCountsAsWell() {
        Pieces pieces = Pieces.of(Format.TEXT, "a".repeat(30) + "\n\n" + "b".repeat(Chunker.MAX - 31));

        assertThat(pieces.texts()).hasSize(2);
    }

    @Test
    void aLongParagraphIsCutAtTheEndsOfSentences() {
        Pieces pieces = Pieces.of(Format.TEXT, "This sentence has exactly fifty characters in all. ".repeat(60));

        assertThat(pieces.chunks())
                .hasSizeGreaterThan(2)
                .allSatisfy(chunk -> assertThat(chunk.text()).endsWith("."));
    }

    @Test
    void charactersOutsideTheBasicPlaneAreNotCutInTwo() {
        Pieces pieces = Pieces.of(Format.TEXT, "x" + "😀".repeat(3_000));

        assertThat(pieces.chunks())
                .hasSizeGreaterThan(3)
                .allSatisfy(chunk -> assertThat(
                                Character.isLowSurrogate(chunk.text().charAt(0)))
                        .isFalse());
    }

    @Test
    void controlCharactersAreLeftOut() {
        assertThat(Pieces.of(Format.TEXT, "red\u001b[31m\u0007 text\ttab").texts())
                .containsExactly("red[31m text\ttab");
    }

    @Provide
    Arbitrary<List<String>> paragraphs() {
        Arbitrary<String> word =
                Arbitraries.strings().withCharRange('a', 'z').ofMinLength(1).ofMaxLength(30);
        Arbitrary<String> text = word.list().ofMaxSize(400).map(words -> String.join(" ", words));
        Arbitrary<String> unbroken = Arbitraries.strings().alpha().ofMaxLength(5_000);
        return Arbitraries.oneOf(text, unbroken).list().ofMaxSize(8);
    }

    private static String letters(String text) {
        return text.replaceAll("\\s", "");
    }
}
