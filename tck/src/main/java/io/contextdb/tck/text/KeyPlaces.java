package io.contextdb.tck.text;

import io.contextdb.Namespace;
import io.contextdb.spi.capability.Capability;
import io.contextdb.spi.key.KeyEntry;
import io.contextdb.spi.value.Bytes;
import io.contextdb.spi.write.KeyMutation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Texts of keys, limiters and caches. */
final class KeyPlaces {
    private static final Duration HOUR = Duration.ofHours(1);
    private static final Rule KEY = Rule.bytes(1, 512);

    private KeyPlaces() {}

    /** Nothing was kept by a cache's key. */
    private static final class Absent extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    static List<Place> all() {
        return List.of(key(), prefix(), limiter(), cacheKey(), cacheName());
    }

    private static Place key() {
        return Place.of(
                        "key",
                        Capability.KEYS,
                        KEY,
                        "key",
                        (namespace, batch, text, number) ->
                                batch.accept(KeyMutation.PutKey.of(text, Bytes.utf8("" + number))),
                        (namespace, text) -> numbers(namespace.keys().get(text), text))
                .also("keys", (namespace, text) -> namespace.keys().get(List.of("a", text)))
                .also("key", (namespace, text) -> namespace.keys().put(text, Bytes.EMPTY))
                .also("key", (namespace, text) -> namespace.keys().put(text, Bytes.EMPTY, HOUR))
                .also("key", (namespace, text) -> namespace.keys().putAll(Map.of("a", Bytes.EMPTY, text, Bytes.EMPTY)))
                .also("key", (namespace, text) -> namespace.keys().putIfAbsent(text, Bytes.EMPTY))
                .also("key", (namespace, text) -> namespace.keys().putIfAbsent(text, Bytes.EMPTY, HOUR))
                .also("key", (namespace, text) -> namespace.keys().compareAndSet(text, 1, Bytes.EMPTY))
                .also("key", (namespace, text) -> namespace.keys().delete(text))
                .also("keys", (namespace, text) -> namespace.keys().deleteAll(List.of("a", text)))
                .also("key", (namespace, text) -> namespace.keys().increment(text, 1))
                .also("key", (namespace, text) -> namespace.keys().expire(text, HOUR))
                .also("key", (namespace, text) -> namespace.batch().put(text, Bytes.EMPTY))
                .also("key", (namespace, text) -> namespace.batch().increment(text, 1));
    }

    private static List<Integer> numbers(Optional<KeyEntry> entry, String text) {
        return entry.filter(found -> found.key().equals(text))
                .map(found -> List.of(Integer.valueOf(found.value().utf8())))
                .orElseGet(() -> entry.isPresent() ? List.of(-1) : List.of());
    }

    /** Keys that a scan finds by all of their text; longer ones that start with it are others'. */
    private static Place prefix() {
        return Place.of(
                        "prefix",
                        Capability.KEYS,
                        KEY,
                        "",
                        (namespace, batch, text, number) ->
                                batch.accept(KeyMutation.PutKey.of(text, Bytes.utf8("" + number))),
                        (namespace, text) -> {
                            // Scans go by all of the prefix, the last page too.
                            List<Integer> found = new ArrayList<>();
                            namespace.keys().scan(text).forEach(entry -> {
                                if (!entry.key().startsWith(text)) {
                                    found.add(-1);
                                } else if (entry.key().equals(text)) {
                                    found.add(Integer.valueOf(entry.value().utf8()));
                                }
                            });
                            return found;
                        })
                .finding(Rule.bytes(0, 512));
    }

    private static Place limiter() {
        return Place.of(
                "limiter",
                Capability.RATE_LIMITS,
                KEY,
                "key",
                (namespace, batch, text, number) ->
                        batch.accept(new KeyMutation.Acquire(text, number, Integer.MAX_VALUE >> 12, HOUR)),
                (namespace, text) -> {
                    long left = namespace
                            .limiter(Integer.MAX_VALUE >> 12, HOUR)
                            .tryAcquire(text)
                            .remaining();
                    int taken = (int) ((Integer.MAX_VALUE >> 12) - left - 1);
                    return taken == 0 ? List.of() : List.of(taken);
                });
    }

    private static Place cacheKey() {
        return Place.of(
                        "cache key",
                        Capability.KEYS,
                        Rule.bytes(1, 512 - "cache/é/".length() - 1),
                        "cache.key",
                        (namespace, batch, text, number) ->
                                namespace.cache("é", HOUR).get(text, key -> Bytes.utf8("" + number)),
                        (namespace, text) -> cached(namespace, "é", text))
                .also(
                        "cache.key",
                        (namespace, text) -> namespace.cache("é", HOUR).getOrStale(text, key -> Bytes.EMPTY))
                .also(
                        "cache.key",
                        (namespace, text) -> namespace.cache("é", HOUR).invalidate(text));
    }

    private static Place cacheName() {
        return Place.of(
                "cache name",
                Capability.KEYS,
                new Rule(1, 64, "/"),
                "cache.name",
                (namespace, batch, text, number) ->
                        namespace.cache(text, HOUR).get("k", key -> Bytes.utf8("" + number)),
                (namespace, text) -> cached(namespace, text, "k"));
    }

    private static List<Integer> cached(Namespace namespace, String name, String text) {
        try {
            Bytes value = namespace.cache(name, HOUR).get(text, key -> {
                throw new Absent();
            });
            return List.of(Integer.valueOf(value.utf8()));
        } catch (Absent absent) {
            return List.of();
        }
    }
}
