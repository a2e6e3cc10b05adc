package io.contextdb.backend.embedded;

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
import io.contextdb.spi.key.KeyReader;
import io.contextdb.spi.value.Deadline;
import io.contextdb.spi.value.ReadScope;
import io.contextdb.spi.vector.VectorReader;
import io.contextdb.spi.write.WriteBatch;
import io.contextdb.spi.write.WriteReceipt;
import java.util.Collection;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.lucene.util.Version;
import org.sqlite.SQLiteJDBCLoader;

/** One user's view of an open directory, which it shares with others of the process. */
final class EmbeddedBackend implements Backend {
    private static final String PRODUCT = "contextdb embedded";

    private final Store store;
    private final AtomicBoolean closed = new AtomicBoolean();
    private final BackendInfo info;
    private final GraphReader graph;
    private final VectorReader vectors;
    private final KeyReader keys;
    private final EventReader events;
    private final DocumentReader documents;
    private final NamespaceAdmin namespaces;

    EmbeddedBackend(Store store) {
        this.store = store;
        info = new BackendInfo(
                PRODUCT,
                "format " + Records.FORMAT,
                EnumSet.allOf(Capability.class),
                Limits.DEFAULT,
                Atomicity.BATCH,
                Idempotency.OPERATION_ID,
                Map.of(
                        "directory", store.directory().toString(),
                        "durability", store.settings().durability().name().toLowerCase(Locale.ROOT),
                        "sqlite", SQLiteJDBCLoader.getVersion(),
                        "lucene", Version.LATEST.toString(),
                        "removedTexts", "count in scores until segments merge"));
        graph = new EmbeddedGraph(store);
        vectors = new EmbeddedVectors(store);
        keys = new EmbeddedKeys(store);
        events = new EmbeddedEvents(store);
        documents = new EmbeddedDocuments(store);
        namespaces = new EmbeddedNamespaces(store);
    }

    /** Returns the store, for tests of what only this module can show. */
    Store store() {
        return store;
    }

    @Override
    public BackendInfo info() {
        return info;
    }

    @Override
    public WriteReceipt apply(WriteBatch batch, Deadline deadline) {
        return open(store).apply(batch, deadline);
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
    public NamespaceAdmin namespaces() {
        return open(namespaces);
    }

    @Override
    public Remains remains(ReadScope scope, Collection<UUID> ids) {
        return EmbeddedRemains.look(open(store), scope, ids);
    }

    @Override
    public Optional<IntegrityCheck> integrity() {
        return Optional.of(new RecordsCheck(open(store)));
    }

    @Override
    public Health health(Deadline deadline) {
        return closed.get() ? StoreHealth.closed() : StoreHealth.ask(store, deadline);
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
            OpenStores.process().close(store);
        }
    }
}
