package io.contextdb.embedder.minilm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.langchain4j.model.embedding.onnx.allminilml6v2q.AllMiniLmL6V2QuantizedEmbeddingModel;
import io.contextdb.spi.BackendConfig;
import io.contextdb.spi.embedding.Embedder;
import io.contextdb.spi.embedding.EmbedderProvider;
import io.contextdb.spi.error.ContextClosedException;
import io.contextdb.spi.error.ContextTimeoutException;
import io.contextdb.spi.error.InvalidRequestException;
import io.contextdb.spi.value.Deadline;
import io.contextdb.spi.vector.Vector;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MiniLmEmbedderTest {
    private static final String CAT = "A cat sleeps on the warm windowsill.";
    private static final String KITTEN = "The kitten is napping by the sunny window.";
    private static final String TAX = "Quarterly tax filings are due in April.";

    private static Embedder embedder;

    @BeforeAll
    static void open() {
        EmbedderProvider provider = ServiceLoader.load(EmbedderProvider.class).stream()
                .map(ServiceLoader.Provider::get)
                .filter(found -> found.name().equals("minilm"))
                .findFirst()
                .orElseThrow();
        embedder = provider.open(new BackendConfig("minilm", "", Map.of("threads", "2"), List.of()));
    }

    @AfterAll
    static void close() {
        embedder.close();
        embedder.close();

        Deadline ended = Deadline.after(Duration.ofSeconds(5));
        while (hasThreads() && !ended.passed()) {
            Thread.onSpinWait();
        }
        assertThat(hasThreads()).isFalse();
    }

    private static boolean hasThreads() {
        return Thread.getAllStackTraces().keySet().stream()
                .anyMatch(thread -> thread.getName().startsWith("contextdb-minilm"));
    }

    @Test
    void vectorsHaveTheModelsDimensionsAndLengthOne() {
        for (Vector vector : embed(CAT, TAX, "x", "😀", "\u200b", "日本語の文")) {
            assertThat(vector.dimensions()).isEqualTo(embedder.model().dimensions());
            assertThat(dot(vector, vector)).isCloseTo(1, within(1e-6));
        }
    }

    @Test
    void nearMeaningsAreNearerThanFarOnes() {
        List<Vector> vectors = embed(CAT, KITTEN, TAX);

        assertThat(dot(vectors.get(0), vectors.get(1))).isGreaterThan(0.5);
        assertThat(dot(vectors.get(0), vectors.get(2))).isLessThan(0.2);
    }

    @Test
    void aTextsVectorDoesNotDependOnItsCompany() {
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            texts.add("memory " + i + " about topic " + i * i + " word".repeat(i));
        }
        List<Vector> together = embedder.embed(texts, soon());
        List<String> reversed = new ArrayList<>(texts);
        Collections.reverse(reversed);
        List<Vector> backwards = new ArrayList<>(embedder.embed(reversed, soon()));
        Collections.reverse(backwards);

        assertThat(together).isEqualTo(backwards);
        for (int i = 0; i < texts.size(); i += 7) {
            assertThat(embed(texts.get(i))).containsExactly(together.get(i));
        }
    }

    /** The library itself cuts at 126 word pieces, as the tokenizer's file says. */
    @ParameterizedTest
    @ValueSource(ints = {1, 20, 125})
    void vectorsAreThoseOfTheLibrary(int words) {
        String text = "alpha beta, gamma! ".repeat((words + 4) / 5).trim();
        float[] theirs = new AllMiniLmL6V2QuantizedEmbeddingModel(Runnable::run)
                .embed(text)
                .content()
                .vector();

        assertThat(embed(text).get(0).toArray()).containsExactly(theirs, within(1e-5f));
    }

    @Test
    void theLastWordOfATextOf254WordPiecesCounts() {
        String head = "word ".repeat(253);

        assertThat(embed(head + "cat")).isNotEqualTo(embed(head + "tax"));
    }

    @Test
    void everyWindowOfALongTextCounts() {
        String cats = (CAT + " ").repeat(100);
        Vector mixed = embed(cats + (TAX + " ").repeat(100)).get(0);

        assertThat(dot(mixed, embed(CAT).get(0))).isGreaterThan(0.3);
        assertThat(dot(mixed, embed(TAX).get(0))).isGreaterThan(0.3);
        assertThat(embed("😀".repeat(40_000))).hasSize(1);
        assertThat(embed("a".repeat(70_000))).isEqualTo(embed("a".repeat(65_536)));
    }

    @Test
    void windowsEndBetweenWords() {
        String[] pieces = new String[700];
        Arrays.fill(pieces, "word");
        pieces[255] = "##s";

        assertThat(SentenceModel.windowEnd(pieces, 1, 200)).isEqualTo(200);
        assertThat(SentenceModel.windowEnd(pieces, 1, 255)).isEqualTo(255);
        assertThat(SentenceModel.windowEnd(pieces, 1, 600)).isEqualTo(254);
        Arrays.fill(pieces, "##s");
        assertThat(SentenceModel.windowEnd(pieces, 1, 600)).isEqualTo(255);
    }

    @Test
    void badTextsAreRefused() {
        for (String bad : new String[] {"", "  \t\n", "half \ud83d"}) {
            assertThatThrownBy(() -> embed("fine", bad))
                    .isInstanceOf(InvalidRequestException.class)
                    .hasMessageStartingWith("texts[1]");
        }
        assertThatThrownBy(() -> embedder.embed(Collections.nCopies(10_001, "x"), soon()))
                .isInstanceOf(InvalidRequestException.class);
        assertThat(embedder.embed(List.of(), soon())).isEmpty();
    }

    @Test
    void aCallEndsAtItsDeadline() {
        embed(CAT);
        List<String> texts = Collections.nCopies(200, (CAT + " ").repeat(500));
        long begin = System.nanoTime();

        assertThatThrownBy(() -> embedder.embed(texts, Deadline.after(Duration.ofMillis(100))))
                .isInstanceOf(ContextTimeoutException.class);
        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(1));
        assertThat(embed(CAT)).hasSize(1);
    }

    @Test
    void anInterruptEndsACall() {
        Thread.currentThread().interrupt();
        try {
            assertThatThrownBy(() -> embed(CAT)).isInstanceOf(ContextTimeoutException.class);
        } finally {
            assertThat(Thread.interrupted()).isTrue();
        }
    }

    @Test
    void closingEndsCallsThatRunAndLeavesNoThread() throws Exception {
        MiniLmEmbedder closing = new MiniLmEmbedder(1);
        closing.embed(List.of(CAT), soon());
        try (ExecutorService caller = Executors.newSingleThreadExecutor()) {
            Future<?> call =
                    caller.submit(() -> closing.embed(Collections.nCopies(500, (CAT + " ").repeat(100)), soon()));
            closing.close();
            assertThatThrownBy(call::get).hasCauseInstanceOf(ContextClosedException.class);
        }
        assertThatThrownBy(() -> closing.embed(List.of(CAT), soon())).isInstanceOf(ContextClosedException.class);
        assertThat(embed(CAT)).hasSize(1);
    }

    private static List<Vector> embed(String... texts) {
        return embedder.embed(List.of(texts), soon());
    }

    private static Deadline soon() {
        return Deadline.after(Duration.ofSeconds(60));
    }

    private static double dot(Vector a, Vector b) {
        double sum = 0;
        for (int i = 0; i < a.dimensions(); i++) {
            sum += (double) a.get(i) * b.get(i);
        }
        return sum;
    }
}
