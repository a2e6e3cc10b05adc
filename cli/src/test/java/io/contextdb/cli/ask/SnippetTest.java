package io.contextdb.cli.ask;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SnippetTest {
    private static final String TEXT = "The harbour was quiet that morning. Nobody had heard of the storm. "
            + "The lighthouse keeper wrote everything down. His son sold fish.";

    @Test
    void beginsWhereTheQuestionIsAnswered() {
        assertThat(Snippet.of(TEXT, "What did the keeper of the lighthouse write?", 60))
                .startsWith("… The lighthouse keeper")
                .hasSizeLessThanOrEqualTo(60);
    }

    @Test
    void beginsAtTheBeginningWhereNothingFits() {
        assertThat(Snippet.of(TEXT, "Why?", 40)).startsWith("The harbour").hasSizeLessThanOrEqualTo(40);
    }

    @Test
    void leavesAShortTextWhole() {
        assertThat(Snippet.of("His son sold fish.", "storm", 40)).isEqualTo("His son sold fish.");
    }
}
