package io.contextdb.backend.postgresql;

import io.contextdb.spi.Backend;
import io.contextdb.spi.Health;
import io.contextdb.spi.IntegrityCheck;
import io.contextdb.spi.NamespaceAdmin;
import io.contextdb.spi.Remains;
import io.contextdb.spi.capability.Atomicity;
import io.contextdb.spi.capability.BackendInfo;
import io.contextdb.spi.capability.Capability;
import io.contextdb.spi.capability.Idempotency;
import io.contextdb.spi.capability.Limits;
import io.contextdb.spi.document.DocumentReader;
import io.contextdb.spi.error.ContextClosedException;
import io.contextdb.spi.event.EventReader;
import io.contextdb.spi.graph.GraphReader;
import io.contextdb.spi.journal.Journal;
import io.contextdb.spi.key.KeyReader;
import io.contextdb.spi.value.Bytes;
import io.contextdb.spi.value.Deadline;
import io.contextdb.spi.value.ReadScope;
import io.contextdb.spi.vector.VectorReader;
import io.contextdb.spi.write.WriteBatch;
import io.contextdb.spi.write.WriteReceipt;
import java.time.Duration;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;

/** All five models in one PostgreSQL. */
final class PostgresBackend implements Backend {
    private static final String PRODUCT = "PostgreSQL";
    /** 16,000 dimensions are what pgvector's type takes. */
    private static final Limits LIMITS = new Limits(10_000, 64L << 20, 16 << 20, 16 << 20, 16_000, 10_000);

    private final Store store;
    private final Upkeep upkeep;
    private final AtomicBoolean closed = new AtomicBoolean();
    private final BackendInfo info;
    private final GraphReader graph;
    private final VectorReader vectors;
    private final KeyReader keys;
    private final EventReader events;
    private final DocumentReader documents;
    private final NamespaceAdmin namespaces;
    private final Optional<Journal> journal;

    PostgresBackend(Store store, String version, boolean crashSafe, Map<String, String> details) {
        this.store = store;
        VectorIndexes indexes = new VectorIndexes(store);
        PathIndexes paths = new PathIndexes(store);
        upkeep = new Upkeep(store, indexes, paths);
        info = new BackendInfo(
                PRODUCT, version, offered(crashSafe), LIMITS, Atomicity.BATCH, Idempotency.OPERATION_ID, details);
        graph = new PostgresGraph(store);
        vectors = new PostgresVectors(store, indexes);
        keys = new PostgresKeys(store);
        events = new PostgresEvents(store);
        documents = new PostgresDocuments(store, paths);
        namespaces = new PostgresNamespaces(store);
        journal = store.settings().journal() ? Optional.of(new PostgresJournal(store)) : Optional.empty();
        if (store.settings().creates()) {
            upkeep.start();
        }
    }

    private static Set<Capability> offered(boolean crashSafe) {
        Set<Capability> offered = EnumSet.allOf(Capability.class);
        if (!crashSafe) {
            offered.remove(Capability.CRASH_SAFE);
        }
        return offered;
    }

    /** Returns the store, for tests of what only this module can show. */
    Store store() {
        return store;
    }

    /** Returns the upkeep, for tests of what only this module can show. */
    Upkeep upkeep() {
        return upkeep;
    }

    @Override
    public BackendInfo info() {
        return info;
    }

    @Override
    public WriteReceipt apply(WriteBatch batch, Deadline deadline) {
        return open(store).apply(batch, Bytes.EMPTY, List.of(), deadline);
    }

    @Override
    public GraphReader graph() {
        return open(graph);
    }

    @Override
    public VectorReader vectors() {
        return open(vectors);
    }

    @Override
    public KeyReader keys() {
        return open(keys);
    }

    @Override
    public EventReader events() {
        return open(events);
    }

    @Override
    public DocumentReader documents() {
        return open(documents);
    }

    @Override
    public Optional<Journal> journal() {
        return open(journal);
    }

    @Override
    public NamespaceAdmin namespaces() {
        return open(namespaces);
    }

    @Override
    public Remains remains(ReadScope scope, Collection<UUID> ids) {
        return PostgresRemains.look(open(store), scope, ids);
    }

    @Override
    public Optional<IntegrityCheck> integrity() {
        return Optional.of(new PostgresIntegrity(open(store)));
    }

    @Override
    public Health health(Deadline deadline) {
        return closed.get()
                ? new Health(Health.Status.DOWN, Duration.ZERO, Map.of("error", "closed"))
                : ServerHealth.ask(store, upkeep, deadline);
    }

    private <T> T open(T part) {
        if (closed.get()) {
            throw new ContextClosedException(PRODUCT);
        }
        return part;
    }

    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            upkeep.close();
            store.close();
        }
    }
}
