package io.contextdb.backend.memory;

import io.contextdb.spi.Backend;
import io.contextdb.spi.Health;
import io.contextdb.spi.NamespaceAdmin;
import io.contextdb.spi.Remains;
import io.contextdb.spi.capability.Atomicity;
import io.contextdb.spi.capability.BackendInfo;
import io.contextdb.spi.capability.Capability;
import io.contextdb.spi.capability.Idempotency;
import io.contextdb.spi.capability.Limits;
import io.contextdb.spi.document.DocumentReader;
import io.contextdb.spi.event.EventReader;
import io.contextdb.spi.graph.GraphReader;
import io.contextdb.spi.journal.Journal;
import io.contextdb.spi.journal.Participant;
import io.contextdb.spi.journal.Projection;
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
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;

/** A store in the memory of the process. */
final class MemoryBackend implements Backend {
    static final String PRODUCT = "contextdb memory";

    /** Everything but what outlives the process. */
    private static final Set<Capability> OFFERED = EnumSet.complementOf(EnumSet.of(Capability.CRASH_SAFE));

    private final Session session;
    private final boolean journal;
    private final Runnable release;

    MemoryBackend(MemoryStore store, boolean journal, boolean home, Runnable release) {
        this.session = new Session(store, new AtomicBoolean(), home);
        this.journal = journal;
        this.release = release;
        if (journal) {
            store.journal().keep();
        }
    }

    @Override
    public BackendInfo info() {
        return new BackendInfo(
                PRODUCT, "", OFFERED, Limits.DEFAULT, Atomicity.BATCH, Idempotency.OPERATION_ID, Map.of());
    }

    @Override
    public WriteReceipt apply(WriteBatch batch, Deadline deadline) {
        session.check("apply", deadline);
        return session.store().apply(batch, Bytes.EMPTY, () -> {}, deadline);
    }

    @Override
    public GraphReader graph() {
        return new MemoryGraph(session);
    }

    @Override
    public VectorReader vectors() {
        return new MemoryVectors(session);
    }

    @Override
    public KeyReader keys() {
        return new MemoryKeys(session);
    }

    @Override
    public EventReader events() {
        return new MemoryEvents(session);
    }

    @Override
    public DocumentReader documents() {
        return new MemoryDocuments(session);
    }

    @Override
    public Optional<Journal> journal() {
        return journal ? Optional.of(session.store().journal()) : Optional.empty();
    }

    @Override
    public Optional<Projection> projection() {
        return Optional.of(session.store().projection());
    }

    @Override
    public Optional<Participant> participant() {
        return Optional.of(new MemoryParticipant(session));
    }

    @Override
    public NamespaceAdmin namespaces() {
        return new MemoryNamespaces(session);
    }

    @Override
    public Remains remains(ReadScope scope, Collection<UUID> ids) {
        return MemoryRemains.of(session.state(scope), ids);
    }

    @Override
    public Health health(Deadline deadline) {
        Health.Status status = session.closed().get() ? Health.Status.DOWN : Health.Status.UP;
        return new Health(status, Duration.ZERO, Map.of());
    }

    @Override
    public void close() {
        if (session.closed().compareAndSet(false, true)) {
            release.run();
        }
    }
}
