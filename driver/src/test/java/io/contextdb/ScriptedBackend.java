package io.contextdb;

import io.contextdb.spi.Backend;
import io.contextdb.spi.BackendConfig;
import io.contextdb.spi.BackendProvider;
import io.contextdb.spi.Health;
import io.contextdb.spi.NamespaceAdmin;
import io.contextdb.spi.NamespaceStatistics;
import io.contextdb.spi.OptionDescriptor;
import io.contextdb.spi.capability.Atomicity;
import io.contextdb.spi.capability.BackendInfo;
import io.contextdb.spi.capability.Capability;
import io.contextdb.spi.capability.Idempotency;
import io.contextdb.spi.capability.Limits;
import io.contextdb.spi.key.KeyEntry;
import io.contextdb.spi.key.KeyReader;
import io.contextdb.spi.value.CommitToken;
import io.contextdb.spi.value.Deadline;
import io.contextdb.spi.value.NamespaceName;
import io.contextdb.spi.value.Page;
import io.contextdb.spi.value.PageRequest;
import io.contextdb.spi.value.ReadScope;
import io.contextdb.spi.write.MutationResult;
import io.contextdb.spi.write.NamespaceDrop;
import io.contextdb.spi.write.WriteBatch;
import io.contextdb.spi.write.WriteReceipt;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** A backend of keys that answers as a test says: what it should throw is queued, one for each call, and so are the entries that it finds. */
final class ScriptedBackend implements Backend, BackendProvider, KeyReader {
    final Queue<Supplier<RuntimeException>> failures = new ConcurrentLinkedQueue<>();
    final Queue<KeyEntry> entries = new ConcurrentLinkedQueue<>();
    final Queue<NamespaceDrop> drops = new ConcurrentLinkedQueue<>();
    final AtomicInteger calls = new AtomicInteger();
    final AtomicInteger closes = new AtomicInteger();
    volatile Runnable onCall = () -> {};
    volatile Idempotency idempotency = Idempotency.OPERATION_ID;
    volatile Atomicity atomicity = Atomicity.BATCH;
    volatile ReadScope lastScope;

    ContextDataSource.Builder source() {
        ContextDriverManager.register(this);
        return ContextDataSource.builder("contextdb:scripted:");
    }

    private void called() {
        calls.incrementAndGet();
        onCall.run();
        Supplier<RuntimeException> failure = failures.poll();
        if (failure != null) {
            throw failure.get();
        }
    }

    @Override
    public String scheme() {
        return "scripted";
    }

    @Override
    public String description() {
        return "Does what a test says.";
    }

    @Override
    public List<OptionDescriptor<?>> options() {
        return List.of();
    }

    @Override
    public Backend open(BackendConfig config) {
        return this;
    }

    @Override
    public BackendInfo info() {
        Limits limits = new Limits(3, 1_000, 100, 100, 8, 10);
        return new BackendInfo("scripted", "1", Set.of(Capability.KEYS), limits, atomicity, idempotency, Map.of());
    }

    @Override
    public WriteReceipt apply(WriteBatch batch, Deadline deadline) {
        called();
        List<MutationResult> results = batch.mutations().stream()
                .<MutationResult>map(mutation -> new MutationResult.Written(1))
                .toList();
        return new WriteReceipt(batch.operationId(), results, new CommitToken(0, calls.get(), 0), Instant.EPOCH);
    }

    @Override
    public KeyReader keys() {
        return this;
    }

    @Override
    public List<KeyEntry> get(ReadScope scope, Collection<String> keys) {
        lastScope = scope;
        called();
        return Stream.ofNullable(entries.poll()).toList();
    }

    @Override
    public Page<KeyEntry> scan(ReadScope scope, String prefix, PageRequest page) {
        called();
        return Page.last(List.of());
    }

    @Override
    public NamespaceAdmin namespaces() {
        return new NamespaceAdmin() {
            @Override
            public Page<NamespaceName> list(PageRequest page, Deadline deadline) {
                throw new UnsupportedOperationException();
            }

            @Override
            public NamespaceStatistics statistics(ReadScope scope) {
                throw new UnsupportedOperationException();
            }

            @Override
            public CommitToken drop(NamespaceDrop drop, Deadline deadline) {
                drops.add(drop);
                called();
                return new CommitToken(0, calls.get(), 0);
            }
        };
    }

    @Override
    public Health health(Deadline deadline) {
        called();
        return new Health(Health.Status.UP, deadline.remaining(), Map.of());
    }

    @Override
    public void close() {
        closes.incrementAndGet();
    }
}
