package io.contextdb;

import io.contextdb.internal.call.Arguments;
import io.contextdb.internal.call.Paging;
import io.contextdb.internal.call.Session;
import io.contextdb.spi.capability.Capability;
import io.contextdb.spi.key.KeyEntry;
import io.contextdb.spi.key.KeyReader;
import io.contextdb.spi.value.Bytes;
import io.contextdb.spi.value.Deadline;
import io.contextdb.spi.value.NamespaceName;
import io.contextdb.spi.value.ReadScope;
import io.contextdb.spi.write.Condition;
import io.contextdb.spi.write.KeyMutation;
import io.contextdb.spi.write.KeyMutation.PutKey;
import io.contextdb.spi.write.MutationResult;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.BiFunction;
import java.util.stream.Stream;

/** The keys of a namespace, each of 1 to 512 bytes in UTF-8 (contract K). Thread-safe. */
public final class Keys {
    private final Session session;
    private final NamespaceName namespace;

    Keys(Session session, NamespaceName namespace) {
        this.session = session;
        this.namespace = namespace;
    }

    /** Returns the same keys whose calls all end by a deadline, or sooner where the session says so. */
    Keys until(Deadline deadline) {
        return new Keys(session.until(deadline.earlier(session.deadline())), namespace);
    }

    /** Puts a value without expiry and returns the key's version; a time to live that it had is cleared (K2). */
    public long put(String key, Bytes value) {
        return Results.version(one(PutKey.of(key, value)));
    }

    /** Puts a value that expires after a time, 1 ms to 3,653 days, and returns the key's version. */
    public long put(String key, Bytes value, Duration ttl) {
        return Results.version(one(PutKey.of(key, value).expiringAfter(ttl)));
    }

    /** Puts values without expiry, in one batch. */
    public void putAll(Map<String, Bytes> values) {
        session.apply(
                namespace,
                Arguments.some("values", values).entrySet().stream()
                        .map(entry -> PutKey.of(entry.getKey(), entry.getValue()))
                        .toList());
    }

    /** Puts a value if the key is absent, and returns whether it did. */
    public boolean putIfAbsent(String key, Bytes value) {
        return Results.version(
                        one(PutKey.of(key, value).onlyIf(Condition.absent().orSkip())))
                > 0;
    }

    /** Puts a value that expires, if the key is absent, and returns whether it did. */
    public boolean putIfAbsent(String key, Bytes value, Duration ttl) {
        return Results.version(one(PutKey.of(key, value)
                        .expiringAfter(ttl)
                        .onlyIf(Condition.absent().orSkip())))
                > 0;
    }

    /** Puts a value if the key has a version, and returns its new version; empty if it has another. */
    public OptionalLong compareAndSet(String key, long version, Bytes value) {
        long written = Results.version(
                one(PutKey.of(key, value).onlyIf(Condition.version(version).orSkip())));
        return written > 0 ? OptionalLong.of(written) : OptionalLong.empty();
    }

    /** Removes a key and returns whether it was there. */
    public boolean delete(String key) {
        return Results.removed(one(new KeyMutation.DeleteKey(key, Condition.none()))) > 0;
    }

    /** Removes keys, in one batch, and returns how many were there. */
    public long deleteAll(Collection<String> keys) {
        return session
                .apply(
                        namespace,
                        Arguments.some("keys", Arguments.keys(keys)).stream()
                                .map(key -> new KeyMutation.DeleteKey(key, Condition.none()))
                                .toList())
                .results()
                .stream()
                .mapToLong(Results::removed)
                .sum();
    }

    /** Adds to a counter, from 0 if the key is absent, and returns its value (K3). */
    public long increment(String key, long delta) {
        return Results.as(MutationResult.Counter.class, one(new KeyMutation.Increment(key, delta)))
                .value();
    }

    /** Sets the time to live of a key and returns whether it was there. */
    public boolean expire(String key, Duration ttl) {
        return Results.version(one(new KeyMutation.Expire(key, ttl))) > 0;
    }

    /** Returns a key's entry; empty if it is absent or expired. */
    public Optional<KeyEntry> get(String key) {
        return Results.only(read(List.of(Arguments.key(key))));
    }

    /** Returns entries, in the order asked; absent ones are left out. */
    public List<KeyEntry> get(Collection<String> keys) {
        return read(Arguments.keys(keys));
    }

    /** Returns the entries whose key starts with a prefix, 0 to 512 bytes, ordered by key in code point order. */
    public Stream<KeyEntry> scan(String prefix) {
        Arguments.prefix(prefix);
        return Paging.stream(page -> read("keys.scan", (reader, scope) -> reader.scan(scope, prefix, page)));
    }

    private List<KeyEntry> read(List<String> keys) {
        return read("keys.get", (reader, scope) -> reader.get(scope, keys));
    }

    private MutationResult one(KeyMutation mutation) {
        return session.apply(namespace, List.of(mutation)).results().get(0);
    }

    private <T> T read(String operation, BiFunction<KeyReader, ReadScope, T> call) {
        return session.read(
                namespace, Capability.KEYS, operation, (backend, scope) -> call.apply(backend.keys(), scope));
    }
}
