package io.contextdb.embedder.openai;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.contextdb.json.PropertyJson;
import io.contextdb.spi.value.PropertyMap;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/** A service that embeds a text as its length and its first character, in three dimensions. */
final class FakeService implements AutoCloseable {
    /** How to answer one request. */
    interface Answer {
        void to(HttpExchange exchange, List<String> texts) throws IOException;
    }

    final List<PropertyMap> requests = Collections.synchronizedList(new ArrayList<>());
    final List<String> authorizations = Collections.synchronizedList(new ArrayList<>());
    final List<Long> times = Collections.synchronizedList(new ArrayList<>());
    final AtomicInteger mostAtATime = new AtomicInteger();

    private final Queue<Answer> next = new ConcurrentLinkedQueue<>();
    private final AtomicInteger atATime = new AtomicInteger();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final HttpServer server;

    FakeService() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/v1/embeddings", this::handle);
        server.start();
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/v1";
    }

    /** Answers the next requests so; those after them are answered well. */
    FakeService then(Answer... answers) {
        next.addAll(List.of(answers));
        return this;
    }

    private void handle(HttpExchange exchange) throws IOException {
        mostAtATime.accumulateAndGet(atATime.incrementAndGet(), Math::max);
        try (exchange) {
            times.add(System.nanoTime());
            PropertyMap request =
                    PropertyJson.read(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
            requests.add(request);
            authorizations.add(String.valueOf(exchange.getRequestHeaders().getFirst("Authorization")));
            List<String> texts = new ArrayList<>();
            ((List<?>) request.get("input")).forEach(text -> texts.add((String) text));
            Answer answer = next.poll();
            (answer == null ? (Answer) FakeService::well : answer).to(exchange, texts);
        } finally {
            atATime.decrementAndGet();
        }
    }

    /** Answers as it should, the last vector first. */
    static void well(HttpExchange exchange, List<String> texts) throws IOException {
        List<Object> data = new ArrayList<>();
        for (int i = texts.size() - 1; i >= 0; i--) {
            data.add(entry(i, vector(texts.get(i))));
        }
        send(exchange, 200, PropertyJson.writeValue(Map.of("object", "list", "data", data)));
    }

    static Map<String, Object> entry(long index, List<? extends Number> vector) {
        return Map.of("object", "embedding", "index", index, "embedding", vector);
    }

    static List<Double> vector(String text) {
        return List.of((double) text.length(), (double) text.charAt(0), 0.25);
    }

    static Answer body(int status, String body) {
        return (exchange, texts) -> send(exchange, status, body);
    }

    static Answer throttled(String header, String value) {
        return (exchange, texts) -> {
            exchange.getResponseHeaders().set(header, value);
            send(exchange, 429, "{\"error\":{\"code\":\"rate_limit_exceeded\"}}");
        };
    }

    static void send(HttpExchange exchange, int status, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
        if (bytes.length > 0) {
            exchange.getResponseBody().write(bytes);
        }
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
