package io.contextdb.spi;

import io.contextdb.spi.capability.BackendInfo;
import io.contextdb.spi.capability.Capability;
import io.contextdb.spi.document.DocumentReader;
import io.contextdb.spi.error.UnsupportedCapabilityException;
import io.contextdb.spi.event.EventReader;
import io.contextdb.spi.graph.GraphReader;
import io.contextdb.spi.journal.Journal;
import io.contextdb.spi.journal.Participant;
import io.contextdb.spi.journal.Projection;
import io.contextdb.spi.key.KeyReader;
import io.contextdb.spi.value.Deadline;
import io.contextdb.spi.value.ReadScope;
import io.contextdb.spi.vector.VectorReader;
import io.contextdb.spi.write.WriteBatch;
import io.contextdb.spi.write.WriteReceipt;
import java.util.Collection;
import java.util.Optional;
import java.util.UUID;

/**
 * An open store. All writes are one primitive, {@link #apply}; reads go to the reader of their model. Calls block, hold no
 * monitor during I/O, and end within their deadline plus one second (contract G10). Thread-safe (G13).
 *
 * <p>The driver checks capabilities, {@link io.contextdb.spi.capability.Limits} and closed connections before it calls, so a
 * backend need not. Readers of models that it does not offer are never asked for.
 */
public interface Backend extends AutoCloseable {
    /** Returns what the backend is and what it promises; does no I/O. */
    BackendInfo info();

    /**
     * Applies a batch, all or nothing: for readers, on failure, and across a crash (G5).
     *
     * @throws io.contextdb.spi.error.ContextException if it was not applied, or if that is unknown:
     *     {@link io.contextdb.spi.error.ContextException#outcome}
     */
    WriteReceipt apply(WriteBatch batch, Deadline deadline);

    /** Returns the reader of the graph. */
    default GraphReader graph() {
        throw unsupported(Capability.GRAPH);
    }

    /** Returns the reader of vector spaces. */
    default VectorReader vectors() {
        throw unsupported(Capability.VECTORS);
    }

    /** Returns the reader of keys. */
    default KeyReader keys() {
        throw unsupported(Capability.KEYS);
    }

    /** Returns the reader of events. */
    default EventReader events() {
        throw unsupported(Capability.EVENTS);
    }

    /** Returns the reader of documents. */
    default DocumentReader documents() {
        throw unsupported(Capability.DOCUMENTS);
    }

    /** Returns the journal that other stores can follow; empty if it keeps none, or was not opened to keep one. */
    default Optional<Journal> journal() {
        return Optional.empty();
    }

    /** Returns the copy of another store's vectors that this store can keep; empty if it cannot. */
    default Optional<Projection> projection() {
        return Optional.empty();
    }

    /**
     * Returns its part in batches that another store decides; empty if it can take none.
     *
     * @throws UnsupportedCapabilityException if such stores can, but not this one as it is set up; says why
     */
    default Optional<Participant> participant() {
        return Optional.empty();
    }

    /** Returns what lists, measures and drops namespaces. */
    NamespaceAdmin namespaces();

    /**
     * Looks for what the store still has of nodes that were erased and of what belonged to them (contract N6a), where it keeps it and
     * not in what is remembered elsewhere. As it is, it looks through the readers, to which edges that hold no more, keys and the words
     * of texts do not show; a store that can look there itself does.
     *
     * @param ids the nodes, at most 10,000
     */
    default Remains remains(ReadScope scope, Collection<UUID> ids) {
        return ReadRemains.of(this, scope, ids);
    }

    /** Returns what looks at all that the store keeps; empty if it leaves that to the server, or keeps nothing that could be damaged. */
    default Optional<IntegrityCheck> integrity() {
        return Optional.empty();
    }

    /** Asks the store how it is; does I/O, and never throws for a store that is down. */
    Health health(Deadline deadline);

    /**
     * Ends what runs and gives everything back: threads, sockets, files, direct memory (G11). Does not close objects that
     * the application owns (G13a). Does nothing the second time.
     */
    @Override
    void close();

    private UnsupportedCapabilityException unsupported(Capability capability) {
        return new UnsupportedCapabilityException(capability.name(), info().product());
    }
}
