package io.contextdb.backend.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.contextdb.ContextConnection;
import io.contextdb.ContextDriverManager;
import io.contextdb.Namespace;
import io.contextdb.spi.NamespaceStatistics;
import io.contextdb.spi.event.ConsumerGroup;
import io.contextdb.spi.event.Event;
import io.contextdb.spi.event.EventDraft;
import io.contextdb.spi.event.EventPosition;
import io.contextdb.spi.event.EventQuery;
import io.contextdb.spi.event.Payload;
import io.contextdb.spi.value.Bytes;
import io.contextdb.spi.value.PropertyMap;
import io.contextdb.spi.value.UuidV7;
import io.contextdb.spi.write.EventMutation;
import io.contextdb.spi.write.KeyMutation;
import io.lettuce.core.Range;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.api.sync.RedisCommands;
import io.lettuce.core.cluster.SlotHash;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What stays in the keys of the server, looked at from outside. */
class LayoutTest {
    private OwnServer server;
    private ContextConnection connection;
    private Namespace namespace;

    @BeforeEach
    void open() {
        server = new OwnServer();
        connection = ContextDriverManager.getConnection(server.url(""));
        namespace = connection.namespace("n");
    }

    @AfterEach
    void close() {
        connection.close();
        server.close();
    }

    private static void await(BooleanSupplier condition) {
        long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime() - end).as("patience").isNegative();
            Thread.onSpinWait();
        }
    }

    private List<String> keys() {
        return server.raw(redis -> redis.keys("*"));
    }

    private List<String> keysWithSecrets() {
        return server.raw(redis -> keys().stream()
                .filter(key -> content(redis, key).contains("secret"))
                .toList());
    }

    private static String content(RedisCommands<String, String> redis, String key) {
        return switch (redis.type(key)) {
            case "string" -> redis.get(key);
            case "hash" -> redis.hgetall(key).toString();
            case "zset" -> redis.zrange(key, 0, -1).toString();
            case "stream" -> redis.xrange(key, Range.unbounded()).toString();
            default -> throw new AssertionError(key + " is of a type that nothing here uses");
        };
    }

    /** Uses everything that there is, about a subject. */
    private void fill(UUID subject) {
        namespace.keys().put("plain", Bytes.utf8("v"));
        namespace
                .batch()
                .add(KeyMutation.PutKey.of("k", Bytes.utf8("secret")).about(subject.toString()))
                .add(KeyMutation.PutKey.of("t", Bytes.utf8("secret"))
                        .about(subject.toString())
                        .expiringAfter(Duration.ofHours(1)))
                .append(EventDraft.of("t", PropertyMap.of("a", "secret")).about(subject.toString()))
                .append(EventDraft.of("t", PropertyMap.of("a", "stays")))
                .append(EventDraft.of("t", PropertyMap.of("a", "secret")).about(subject.toString()))
                .apply();
        namespace.limiter(5, Duration.ofHours(1)).tryAcquire("l");
        namespace.events().createGroup(new ConsumerGroup("g", EventPosition.START, Duration.ofMillis(10), 1));
        namespace.events().claim("g", 2);
        await(() -> {
            namespace.events().claim("g", 1);
            return namespace.events().deadLetters("g").count() == 3;
        });
    }

    @Test
    void allKeysOfANamespaceAreInOneSlot() {
        fill(new UUID(0, 1));
        List<String> own = keys().stream()
                .filter(key -> !key.equals("contextdb:namespaces"))
                .toList();
        assertThat(own).hasSizeGreaterThan(12);
        assertThat(own.stream().map(SlotHash::getSlot).distinct()).hasSize(1);
    }

    @Test
    void whatWasErasedIsInNoKey() {
        UUID subject = new UUID(0, 1);
        fill(subject);
        assertThat(keysWithSecrets()).isNotEmpty();

        namespace.erase(List.of(subject));

        assertThat(keysWithSecrets()).isEmpty();
        assertThat(namespace.keys().scan("").map(entry -> entry.key())).containsExactly("plain");
        assertThat(namespace.events().read(EventQuery.after(EventPosition.START, 10)))
                .extracting(Event::payload)
                .containsExactly(
                        new Payload.Erased(), Payload.json(PropertyMap.of("a", "stays")), new Payload.Erased());
        assertThat(namespace
                        .events()
                        .deadLetters("g")
                        .map(letter -> letter.event().payload()))
                .containsExactly(
                        new Payload.Erased(), Payload.json(PropertyMap.of("a", "stays")), new Payload.Erased());
    }

    @Test
    void aDropLeavesNothingButWhatEndsAndHasNoContent() {
        fill(new UUID(0, 1));
        for (int from = 0; from < 3_000; from += 1_000) {
            namespace
                    .keys()
                    .putAll(IntStream.range(from, from + 1_000)
                            .boxed()
                            .collect(Collectors.toMap(i -> "many" + i, i -> Bytes.EMPTY)));
        }

        namespace.drop();

        assertThat(keys()).allMatch(key -> key.startsWith("contextdb:{n}:op:") || key.equals("contextdb:{n}:past"));
        assertThat(keysWithSecrets()).isEmpty();
        List<String> endless = server.raw(
                redis -> keys().stream().filter(key -> redis.ttl(key) < 0).toList());
        assertThat(endless).isEmpty();
        assertThat(connection.namespaces()).isEmpty();
    }

    /** Whoever began a drop may be gone: the next who comes goes on with it, and nobody sees half. */
    @Test
    void aDropThatWasLeftInItsMiddleIsBroughtToItsEndByTheNext() {
        for (int from = 0; from < 5_000; from += 1_000) {
            namespace
                    .keys()
                    .putAll(IntStream.range(from, from + 1_000)
                            .boxed()
                            .collect(Collectors.toMap(i -> "many" + i, i -> Bytes.EMPTY)));
        }
        fill(new UUID(0, 1));
        List<Runnable> calls = List.of(
                () -> assertThat(namespace.keys().get("many4999")).isEmpty(),
                () -> assertThat(namespace.keys().scan("")).isEmpty(),
                () -> assertThat(namespace.events().last()).isEqualTo(EventPosition.START),
                () -> namespace.keys().put("new", Bytes.EMPTY),
                () -> namespace.drop());
        for (Runnable call : calls) {
            beginDrop();
            assertThat(connection.namespaces()).isEmpty();
            assertThat(namespace.statistics()).isEqualTo(NamespaceStatistics.EMPTY);
            call.run();
            assertThat(keys()).noneMatch(key -> key.contains(":k:many") || key.endsWith(":hold"));
            for (int from = 0; from < 3_000; from += 1_000) {
                namespace
                        .keys()
                        .putAll(IntStream.range(from, from + 1_000)
                                .boxed()
                                .collect(Collectors.toMap(i -> "many" + i, i -> Bytes.EMPTY)));
            }
        }
    }

    /** Does the first step of a drop. */
    private void beginDrop() {
        byte[] operation = OperationIds.write(UuidV7.next());
        assertThat(server.raw(redis -> redis.<List<Object>>eval(
                                script("namespace") + script("log") + script("drop"),
                                ScriptOutputType.MULTI,
                                new String[] {"contextdb:{n}"},
                                new String(operation, StandardCharsets.US_ASCII),
                                "d".repeat(32),
                                "600000",
                                "A"))
                        .get(0))
                .isEqualTo("MORE");
    }

    private static String script(String name) {
        try (var in = Script.class.getResourceAsStream(name + ".lua")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8) + "\n";
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    @Test
    void anOperationOfADroppedNamespaceIsRemembered() {
        UUID operation = UuidV7.next();
        namespace.batch().operationId(operation).increment("c", 1).apply();
        namespace.drop();
        namespace.keys().put("born again", Bytes.EMPTY);
        namespace.batch().operationId(operation).increment("c", 1).apply();

        assertThat(namespace.keys().get("c")).isEmpty();
        assertThat(connection.namespaces()).containsExactly("n");
    }

    @Test
    void versionsNeverGoBackOverExpiryAndIndexesAreCleared() {
        UUID subject = new UUID(0, 1);
        List<Long> versions = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            namespace.keys().put("k", Bytes.utf8("1"));
            namespace.keys().put("k", Bytes.utf8("2"));
            versions.add(namespace
                    .batch()
                    .add(KeyMutation.PutKey.of("k", Bytes.utf8("3"))
                            .about(subject.toString())
                            .expiringAfter(Duration.ofMillis(20)))
                    .apply()
                    .results()
                    .stream()
                    .map(result -> ((io.contextdb.spi.write.MutationResult.Written) result).version())
                    .findFirst()
                    .orElseThrow());
            await(() -> namespace.keys().get("k").isEmpty());
        }
        assertThat(versions).isSorted().doesNotHaveDuplicates();
        assertThat(versions.get(2)).isGreaterThan(versions.get(0) + 3);

        namespace.keys().increment("other", 1);
        List<String> index = server.raw(redis -> redis.zrange("contextdb:{n}:index", 0, -1));
        assertThat(index).containsExactly("other");
        Long left = server.raw(redis -> redis.exists("contextdb:{n}:expiry", "contextdb:{n}:about"));
        assertThat(left).isZero();
    }

    @Test
    void largePayloadsComeInSeveralAnswersAndPagesGoOn() {
        Payload large = Payload.bytes(Bytes.of(new byte[900_000]));
        for (int i = 0; i < 40; i++) {
            namespace.events().append(EventDraft.of("t" + i % 2, large));
        }
        namespace.events().createGroup(new ConsumerGroup("g", EventPosition.START, Duration.ofMillis(10), 1));

        assertThat(namespace.events().read(EventQuery.after(EventPosition.START, 100)))
                .hasSize(40)
                .extracting(Event::position)
                .isSorted();
        assertThat(namespace
                        .events()
                        .read(EventQuery.after(EventPosition.START, 100).types("t1")))
                .hasSize(20);
        // A claim stops at 32 MiB.
        assertThat(namespace.events().claim("g", 100)).hasSizeBetween(30, 39);
        await(() -> {
            namespace.events().claim("g", 100);
            return namespace.events().deadLetters("g").count() == 40;
        });
        assertThat(namespace
                        .events()
                        .deadLetters("g")
                        .map(letter -> letter.event().position()))
                .isSorted()
                .doesNotHaveDuplicates();
        assertThat(namespace.events().trim(EventMutation.Trim.keepNewest(3))).isEqualTo(37);
        assertThat(namespace
                        .events()
                        .deadLetters("g")
                        .map(letter -> letter.event().payload()))
                .hasSize(40)
                .containsOnly(large);
    }

    @Test
    void aScriptThatTheServerForgotIsSentAgain() {
        namespace.keys().put("a", Bytes.EMPTY);
        server.raw(RedisCommands::scriptFlush);
        namespace.keys().put("b", Bytes.EMPTY);
        assertThat(namespace.keys().scan("").map(entry -> entry.key())).containsExactly("a", "b");
    }
}
