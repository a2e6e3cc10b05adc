package io.contextdb;

import io.contextdb.internal.call.Arguments;
import io.contextdb.internal.call.ErasureCheck;
import io.contextdb.internal.call.Session;
import io.contextdb.internal.scaled.ScaledBackend;
import io.contextdb.memory.Memory;
import io.contextdb.spi.NamespaceStatistics;
import io.contextdb.spi.capability.BackendInfo;
import io.contextdb.spi.capability.Capability;
import io.contextdb.spi.value.Deadline;
import io.contextdb.spi.value.NamespaceName;
import io.contextdb.spi.write.GraphMutation;
import io.contextdb.spi.write.NamespaceDrop;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * A namespace: five models and the memory on top of them, apart from every other namespace (contract G1). Light;
 * thread-safe.
 */
public final class Namespace {
    private final Session session;
    private final NamespaceName name;

    Namespace(Session session, NamespaceName name) {
        this.session = session;
        this.name = name;
    }

    /** Returns the name. */
    public String name() {
        return name.value();
    }

    /**
     * Returns the same namespace whose calls all end by one deadline, for work that takes several of them. Without it each
     * call has the connection's time-out for itself.
     */
    public Namespace until(Deadline deadline) {
        return new Namespace(session.until(Arguments.required("deadline", deadline)), name);
    }

    /** Returns by when a call that begins now must end. */
    public Deadline deadline() {
        return session.deadline();
    }

    /** Returns what the backend is, offers and takes at once. */
    public BackendInfo info() {
        return session.info();
    }

    /** Returns the temporal knowledge graph. */
    public Graph graph() {
        return new Graph(session, name);
    }

    /** Returns the vector spaces. */
    public Vectors vectors() {
        return new Vectors(session, name);
    }

    /** Returns the keys. */
    public Keys keys() {
        return new Keys(session, name);
    }

    /** Returns the event log. */
    public Events events() {
        return new Events(session, name);
    }

    /** Returns a collection of documents, whose name is 1 to 128 bytes. */
    public Documents documents(String collection) {
        return new Documents(session, name, collection);
    }

    /** Returns the messages of a conversation, whose id is 1 to 499 bytes. */
    public Conversation conversation(String id) {
        return new Conversation(events(), id);
    }

    /** Returns the memory: what most applications call. */
    public Memory memory() {
        return new Memory(this, session.memoryServices());
    }

    /** Returns a limiter of 1 to 1,000,000 permits in any window of that length, 1 ms to 31 days (contract K4). */
    public Limiter limiter(int limit, Duration window) {
        return new Limiter(session, name, limit, window);
    }

    /**
     * Returns a read-through cache whose entries live that long, 1 ms to 3,653 days (contract K5). Its name is 1 to 64 bytes without
     * /.
     */
    public Cache cache(String cacheName, Duration ttl) {
        return new Cache(session, name, cacheName, ttl);
    }

    /** Begins a unit of work. */
    public Batch batch() {
        return new Batch(session, name);
    }

    /** Removes all that belongs to nodes, and returns how many there were; only a tombstone stays (contract N6). */
    public long erase(Collection<UUID> nodes) {
        return Results.removed(session.apply(
                        name, List.of(new GraphMutation.Erase(Arguments.some("nodes", Arguments.ids("nodes", nodes)))))
                .results()
                .get(0));
    }

    /**
     * Asks every store of the connection what it still has of nodes that were erased, and of what belonged to them, and proves so that the
     * erasure has reached it (contract N6a). A store that does not answer has proven nothing; ask again later. May take as long as the
     * stores need to list the points of the namespace; the connection's time-out must allow for that.
     */
    public ErasureReport verifyErasure(Collection<UUID> nodes) {
        List<UUID> ids = Arguments.ids("nodes", nodes);
        return new ErasureReport(session.read(
                name,
                Capability.ERASURE,
                "verifyErasure",
                (backend, scope) -> backend instanceof ScaledBackend several
                        ? several.verifyErasure(scope, ids)
                        : Map.of(session.store().url().scheme(), ErasureCheck.of(() -> backend.remains(scope, ids)))));
    }

    /** Returns how much the namespace holds. */
    public NamespaceStatistics statistics() {
        return session.read(
                name,
                "namespace.statistics",
                (backend, scope) -> backend.namespaces().statistics(scope));
    }

    /**
     * Removes the namespace with all that it holds. What was on its way to it cannot bring it back for 7 days: a batch that is
     * repeated with its operation id changes nothing, and nodes that were erased cannot be written (contract G6, N6).
     */
    public void drop() {
        session.drop(NamespaceDrop.of(name));
    }
}
