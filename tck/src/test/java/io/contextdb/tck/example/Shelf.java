package io.contextdb.tck.example;

import io.contextdb.spi.*;
import io.contextdb.spi.capability.*;
import io.contextdb.spi.error.InvalidRequestException;
import io.contextdb.spi.key.*;
import io.contextdb.spi.value.*;
import io.contextdb.spi.write.*;
import io.contextdb.spi.write.NamespaceDrop;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.*;

/** A stranger's backend of keys, whole: single mutations, no operation ids, everything under one lock. */
final class Shelf implements Backend, KeyReader, NamespaceAdmin {
    /** What finds it: {@code contextdb:shelf:}. */
    record Provider(String scheme, String description) implements BackendProvider {
        @Override
        public Backend open(BackendConfig config) {
            return new Shelf();
        }
    }

    private final Map<NamespaceName, TreeMap<String, KeyEntry>> namespaces = new TreeMap<>();

    private long writes; // also the versions of keys, which so never go back

    @Override
    public BackendInfo info() {
        Limits most = new Limits(1, 4 << 20, 2 << 20, 4 << 20, 0, 1_000);
        Set<Capability> keys = Set.of(Capability.KEYS);
        return new BackendInfo("Shelf", "1", keys, most, Atomicity.ENTITY, Idempotency.NATURAL, Map.of());
    }

    @Override
    public synchronized WriteReceipt apply(WriteBatch batch, Deadline deadline) {
        namespaces.putIfAbsent(batch.namespace(), new TreeMap<>(CodePointOrder.INSTANCE));
        MutationResult result = apply(live(batch.namespace(), CommitToken.NONE), (KeyMutation)
                batch.mutations().get(0));
        Instant now = Instant.now().truncatedTo(ChronoUnit.MICROS);
        return new WriteReceipt(batch.operationId(), List.of(result), new CommitToken(0, ++writes, 0), now);
    }

    private MutationResult apply(TreeMap<String, KeyEntry> keys, KeyMutation mutation) {
        KeyEntry old = keys.get(mutation.key());
        long current = old == null ? 0 : old.version();
        return switch (mutation) {
            case KeyMutation.PutKey put ->
                put.condition().admits(0, current, put.key())
                        ? put(keys, put.key(), put.value(), put.ttl().map(Instant.now()::plus))
                        : new MutationResult.Skipped(current);
            case KeyMutation.DeleteKey delete ->
                delete.condition().admits(0, current, delete.key())
                        ? new MutationResult.Removed(keys.remove(delete.key()) == null ? 0 : 1)
                        : new MutationResult.Skipped(current);
            case KeyMutation.Expire expire ->
                old == null
                        ? new MutationResult.Skipped(0)
                        : put(
                                keys,
                                old.key(),
                                old.value(),
                                Optional.of(Instant.now().plus(expire.ttl())));
            case KeyMutation.Increment add -> {
                long sum = sum(old == null ? "0" : old.value().utf8(), add.delta());
                put(keys, add.key(), Bytes.utf8("" + sum), old == null ? Optional.empty() : old.expiresAt());
                yield new MutationResult.Counter(sum, writes);
            }
            case KeyMutation.Acquire acquire -> throw new IllegalStateException("not declared, so never asked for");
        };
    }

    private static long sum(String value, long delta) {
        try {
            return Math.addExact(Long.parseLong(value), delta);
        } catch (NumberFormatException | ArithmeticException wrong) {
            throw new InvalidRequestException("increment", "needs a 64-bit integer before and after");
        }
    }

    private MutationResult put(Map<String, KeyEntry> keys, String key, Bytes value, Optional<Instant> end) {
        keys.put(key, new KeyEntry(key, value, ++writes, end.orElse(null)));
        return new MutationResult.Written(writes);
    }

    private TreeMap<String, KeyEntry> live(NamespaceName namespace, CommitToken seen) {
        if (seen.commit() > writes) {
            throw new InvalidRequestException("token", "is of another store");
        }
        TreeMap<String, KeyEntry> keys = namespaces.getOrDefault(namespace, new TreeMap<>());
        keys.values().removeIf(entry -> entry.expiresAt().orElse(Instant.MAX).isBefore(Instant.now()));
        return keys;
    }

    @Override
    public KeyReader keys() {
        return this;
    }

    @Override
    public synchronized List<KeyEntry> get(ReadScope scope, Collection<String> keys) {
        TreeMap<String, KeyEntry> live = live(scope.namespace(), scope.atLeast());
        return keys.stream().distinct().map(live::get).filter(Objects::nonNull).toList();
    }

    @Override
    public synchronized Page<KeyEntry> scan(ReadScope scope, String prefix, PageRequest page) {
        return Page.of(
                live(scope.namespace(), scope.atLeast()).tailMap(page.cursor(), false).values().stream()
                        .filter(entry -> entry.key().startsWith(prefix))
                        .limit(page.limit() + 1L)
                        .toList(),
                page.limit(),
                KeyEntry::key);
    }

    @Override
    public NamespaceAdmin namespaces() {
        return this;
    }

    @Override
    public synchronized Page<NamespaceName> list(PageRequest page, Deadline deadline) {
        return Page.last(List.copyOf(namespaces.keySet()));
    }

    @Override
    public synchronized NamespaceStatistics statistics(ReadScope scope) {
        return new NamespaceStatistics(
                0, 0, 0, 0, 0, live(scope.namespace(), scope.atLeast()).size(), 0, 0);
    }

    @Override
    public synchronized CommitToken drop(NamespaceDrop drop, Deadline deadline) {
        namespaces.remove(drop.namespace());
        return CommitToken.NONE;
    }

    @Override
    public Health health(Deadline deadline) {
        return new Health(Health.Status.UP, Duration.ZERO, Map.of());
    }

    @Override
    public void close() {}
}
