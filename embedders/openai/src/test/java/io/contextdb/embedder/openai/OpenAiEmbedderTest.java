package io.contextdb.embedder.openai;

import static io.contextdb.embedder.openai.FakeService.body;
import static io.contextdb.embedder.openai.FakeService.entry;
import static io.contextdb.embedder.openai.FakeService.throttled;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.contextdb.json.PropertyJson;
import io.contextdb.spi.embedding.Embedder;
import io.contextdb.spi.error.AccessDeniedException;
import io.contextdb.spi.error.ContextClosedException;
import io.contextdb.spi.error.ContextException;
import io.contextdb.spi.error.ContextThrottledException;
import io.contextdb.spi.error.ContextTimeoutException;
import io.contextdb.spi.error.ContextUnavailableException;
import io.contextdb.spi.error.CorruptDataException;
import io.contextdb.spi.error.InvalidRequestException;
import io.contextdb.spi.value.Deadline;
import io.contextdb.spi.vector.Vector;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OpenAiEmbedderTest {
    private static final String KEY = "sk-test-4711-very-secret";

    private FakeService service;

    @BeforeEach
    void start() throws IOException {
        service = new FakeService();
    }

    @AfterEach
    void stop() {
        service.close();
    }

    @Test
    void vectorsFollowTheIndexAndNotTheAnswersOrder() {
        try (Embedder embedder = open()) {
            assertThat(embedder.embed(List.of("a", "bb", "ccc"), soon()))
                    .containsExactly(vector("a"), vector("bb"), vector("ccc"));
        }
        assertThat(service.requests).singleElement().satisfies(request -> {
            assertThat(request.get("model")).isEqualTo("test-model");
            assertThat(request.contains("dimensions")).isFalse();
        });
        assertThat(service.authorizations).containsExactly("Bearer " + KEY);
    }

    @Test
    void manyTextsAreSentInBatchesAFewAtATime() {
        List<String> texts =
                IntStream.range(0, 95).mapToObj(i -> "x".repeat(i + 1)).toList();
        try (Embedder embedder = open("batchSize", "10", "concurrency", "2")) {
            assertThat(embedder.embed(texts, soon()))
                    .containsExactlyElementsOf(
                            texts.stream().map(OpenAiEmbedderTest::vector).toList());
        }
        assertThat(service.requests).hasSize(10);
        assertThat(service.mostAtATime.get()).isBetween(1, 2);
    }

    @Test
    void aRequestHasABoundedAmountOfText() {
        try (Embedder embedder = open("maxTextBytes", "100000")) {
            embedder.embed(Collections.nCopies(5, "é".repeat(50_000)), soon());
        }
        assertThat(service.requests).hasSize(3);
    }

    @Test
    void longTextsAreCutBetweenCharacters() {
        try (Embedder embedder = open("maxTextBytes", "1000")) {
            embedder.embed(List.of("€".repeat(900)), soon());
        }
        assertThat(service.requests.get(0).get("input")).isEqualTo(List.of("€".repeat(333)));
    }

    @Test
    void aThrottledRequestIsRepeatedWhenTheServiceSays() {
        String inASecond = DateTimeFormatter.RFC_1123_DATE_TIME.format(
                ZonedDateTime.now(ZoneOffset.UTC).plusSeconds(2));
        service.then(
                throttled("Retry-After", "1"), throttled("Retry-After-Ms", "60"), throttled("Retry-After", inASecond));
        try (Embedder embedder = open()) {
            assertThat(embedder.embed(List.of("a"), soon())).containsExactly(vector("a"));
        }
        assertThat(service.times.get(1) - service.times.get(0)).isGreaterThanOrEqualTo(1_000_000_000L);
        assertThat(service.times.get(2) - service.times.get(1)).isBetween(60_000_000L, 900_000_000L);
    }

    @Test
    void aWaitBeyondTheDeadlineIsNotWaited() {
        service.then(throttled("Retry-After", "3600"));
        try (Embedder embedder = open()) {
            assertThatThrownBy(() -> embedder.embed(List.of("a"), soon()))
                    .isInstanceOf(ContextThrottledException.class);
        }
        assertThat(service.requests).hasSize(1);
    }

    @Test
    void aFailedRequestIsRepeated() {
        service.then(body(500, "oops"), body(503, ""), (exchange, texts) -> exchange.close());
        try (Embedder embedder = open()) {
            assertThat(embedder.embed(List.of("a"), soon())).containsExactly(vector("a"));
        }
        assertThat(service.requests).hasSize(4);
    }

    @Test
    void repeatsEnd() {
        service.then(body(500, ""), body(500, ""), body(500, ""));
        try (Embedder embedder = open("maxRetries", "1")) {
            assertThatThrownBy(() -> embedder.embed(List.of("a"), soon()))
                    .isInstanceOf(ContextUnavailableException.class)
                    .hasMessageContaining("answered 500");
        }
        assertThat(service.requests).hasSize(2);
    }

    @Test
    void refusalsAreNotRepeated() {
        refused(body(401, "{\"error\":{\"code\":\"invalid_api_key\"}}"), AccessDeniedException.class);
        refused(body(403, ""), AccessDeniedException.class);
        refused(body(429, "{\"error\":{\"code\":\"insufficient_quota\"}}"), AccessDeniedException.class);
        refused(
                body(400, "{\"error\":{\"code\":null,\"type\":\"invalid_request_error\"}}"),
                InvalidRequestException.class);
        refused(body(404, "<html>"), InvalidRequestException.class);
        refused(
                (exchange, texts) -> {
                    exchange.getResponseHeaders().set("Location", service.url() + "/elsewhere");
                    FakeService.send(exchange, 307, "");
                },
                InvalidRequestException.class);

        assertThat(service.requests).hasSize(6);
    }

    private void refused(FakeService.Answer answer, Class<? extends ContextException> error) {
        service.then(answer);
        try (Embedder embedder = open()) {
            assertThatThrownBy(() -> embedder.embed(List.of("a"), soon())).isInstanceOf(error);
        }
    }

    @Test
    void aSilentServiceIsATimeout() {
        CountDownLatch end = new CountDownLatch(1);
        FakeService.Answer silent = (exchange, texts) -> await(end);
        FakeService.Answer halfABody = (exchange, texts) -> {
            exchange.sendResponseHeaders(200, 1000);
            exchange.getResponseBody().write('{');
            exchange.getResponseBody().flush();
            await(end);
        };
        service.then(silent, halfABody, silent);
        try (Embedder embedder = open("timeout", "100ms", "maxRetries", "1")) {
            assertThatThrownBy(() -> embedder.embed(List.of("a"), soon())).isInstanceOf(ContextTimeoutException.class);
        }
        try (Embedder embedder = open()) {
            long begin = System.nanoTime();
            assertThatThrownBy(() -> embedder.embed(List.of("a"), Deadline.after(Duration.ofMillis(200))))
                    .isInstanceOf(ContextTimeoutException.class);
            assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(1));
        }
        end.countDown();
        assertThat(service.requests).hasSize(3);
    }

    @Test
    void anUnreachableServiceIsUnavailable() {
        service.close();
        try (Embedder embedder = open("maxRetries", "0")) {
            assertThatThrownBy(() -> embedder.embed(List.of("a"), soon()))
                    .isInstanceOf(ContextUnavailableException.class);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "null",
                "[]",
                "{}",
                "{\"data\":[]}",
                "{\"data\":[1,2]}",
                "{\"data\":[{\"index\":0,\"embedding\":[1,2,3]},{\"index\":0,\"embedding\":[1,2,3]}]}",
                "{\"data\":[{\"index\":0,\"embedding\":[1,2,3]},{\"index\":2,\"embedding\":[1,2,3]}]}",
                "{\"data\":[{\"index\":0,\"embedding\":[1,2,3]},{\"index\":-1,\"embedding\":[1,2,3]}]}",
                "{\"data\":[{\"index\":0,\"embedding\":[1,2,3]},{\"index\":1,\"embedding\":[1,2,\"3\"]}]}",
                "{\"data\":[{\"index\":0,\"embedding\":[1,2,3]},{\"index\":1,\"embedding\":[1,2,1e39]}]}",
                "{\"data\":[{\"index\":0,\"embedding\":[1,2,3]},{\"index\":1,\"embedding\":[1,2,NaN]}]}",
                "{\"data\":[{\"index\":0,\"embedding\":[1,2,3]},{\"embedding\":[1,2,3]}]}"
            })
    void anAnswerThatIsNotWhatWasAskedForIsCorrupt(String answer) {
        service.then(body(200, answer));
        try (Embedder embedder = open()) {
            assertThatThrownBy(() -> embedder.embed(List.of("a", "b"), soon()))
                    .isInstanceOf(CorruptDataException.class)
                    .hasMessageStartingWith("openai: the answer of " + service.url());
        }
    }

    @Test
    void anEndlessAnswerIsCorrupt() {
        service.then((exchange, texts) -> {
            exchange.sendResponseHeaders(200, 0);
            byte[] spaces = " ".repeat(1 << 16).getBytes();
            for (int i = 0; i < 1 << 16; i++) {
                exchange.getResponseBody().write(spaces);
            }
        });
        try (Embedder embedder = open()) {
            assertThatThrownBy(() -> embedder.embed(List.of("a"), soon()))
                    .isInstanceOf(CorruptDataException.class)
                    .hasMessageContaining("larger than");
        }
    }

    @Test
    void otherDimensionsNameTheOptionToSet() {
        service.then((exchange, texts) -> FakeService.send(
                exchange, 200, PropertyJson.writeValue(Map.of("data", List.of(entry(0, List.of(1.0, 2.0)))))));
        try (Embedder embedder = open()) {
            assertThatThrownBy(() -> embedder.embed(List.of("a"), soon()))
                    .isInstanceOf(InvalidRequestException.class)
                    .hasMessageContaining("set dimensions=2");
        }
    }

    @Test
    void theKeyIsInNoMessage() {
        String echo = "{\"error\":{\"message\":\"bad key " + KEY + "\",\"code\":\"" + KEY + "\"}}";
        for (int status : new int[] {400, 401, 404, 429, 500}) {
            service.then(body(status, echo));
            try (Embedder embedder = open("maxRetries", "0")) {
                Throwable error = catchThrowable(() -> embedder.embed(List.of("a"), soon()));
                StringWriter trace = new StringWriter();
                error.printStackTrace(new PrintWriter(trace));

                assertThat(trace + embedder.toString()).doesNotContain(KEY);
            }
        }
        assertThatThrownBy(() -> open("apiKey", KEY + "\n" + KEY))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageNotContaining(KEY);
        assertThat(new ApiKey(KEY)).asString().doesNotContain(KEY);
    }

    @Test
    void theKeyComesFromTheEnvironmentWhereNoneIsGiven() {
        try (Embedder fromEnvironment = SettingsTest.open(
                        Map.of("OPENAI_API_KEY", "from-environment\n"),
                        Map.of("url", service.url(), "model", "m", "dimensions", "3"));
                Embedder without = SettingsTest.open(
                        Map.of(), Map.of("url", service.url() + "/", "model", "m", "dimensions", "3"))) {
            fromEnvironment.embed(List.of("a"), soon());
            without.embed(List.of("a"), soon());
        }
        assertThat(service.authorizations).containsExactly("Bearer from-environment", "null");
    }

    @Test
    void theFirstFailureEndsTheOtherRequests() {
        CountDownLatch end = new CountDownLatch(1);
        service.then((exchange, texts) -> await(end), body(401, ""));
        try (Embedder embedder = open("batchSize", "1", "concurrency", "2")) {
            assertThatThrownBy(() -> embedder.embed(List.of("a", "b"), soon()))
                    .isInstanceOf(AccessDeniedException.class);
        }
        end.countDown();
    }

    @Test
    void closingEndsCallsThatRun() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch end = new CountDownLatch(1);
        service.then((exchange, texts) -> {
            begun.countDown();
            await(end);
        });
        Embedder embedder = open();
        try (ExecutorService caller = Executors.newSingleThreadExecutor()) {
            Future<?> call = caller.submit(() -> embedder.embed(List.of("a"), soon()));
            begun.await();
            embedder.close();
            embedder.close();

            assertThatThrownBy(call::get).hasCauseInstanceOf(ContextClosedException.class);
        }
        end.countDown();
        assertThatThrownBy(() -> embedder.embed(List.of("a"), soon())).isInstanceOf(ContextClosedException.class);
    }

    @Test
    void anInterruptEndsACall() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch end = new CountDownLatch(1);
        service.then((exchange, texts) -> {
            begun.countDown();
            await(end);
        });
        try (Embedder embedder = open()) {
            Thread caller = Thread.currentThread();
            Thread.ofVirtual().start(() -> {
                await(begun);
                caller.interrupt();
            });
            ContextTimeoutException error =
                    catchThrowableOfType(ContextTimeoutException.class, () -> embedder.embed(List.of("a"), soon()));

            assertThat(error).hasMessageContaining("interrupted");
            assertThat(Thread.interrupted()).isTrue();
        }
        end.countDown();
        assertThat(service.requests).hasSize(1);
    }

    @Test
    void badTextsAreNotSent() {
        try (Embedder embedder = open()) {
            for (String bad : new String[] {"", " \n", "half \ud83d"}) {
                assertThatThrownBy(() -> embedder.embed(List.of("a", bad), soon()))
                        .isInstanceOf(InvalidRequestException.class)
                        .hasMessageStartingWith("texts[1]");
            }
            assertThat(embedder.embed(List.of(), soon())).isEmpty();
        }
        assertThat(service.requests).isEmpty();
    }

    private Embedder open(String... options) {
        Map<String, String> all = new java.util.HashMap<>(
                Map.of("url", service.url(), "model", "test-model", "dimensions", "3", "apiKey", KEY));
        for (int i = 0; i < options.length; i += 2) {
            all.put(options[i], options[i + 1]);
        }
        return SettingsTest.open(Map.of(), all);
    }

    private static Vector vector(String text) {
        List<Double> vector = FakeService.vector(text);
        return Vector.of(
                vector.get(0).floatValue(),
                vector.get(1).floatValue(),
                vector.get(2).floatValue());
    }

    private static Deadline soon() {
        return Deadline.after(Duration.ofSeconds(20));
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }
}
