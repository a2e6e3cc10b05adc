package io.contextdb.backend.postgresql;

import io.contextdb.spi.error.ContextException;
import io.contextdb.spi.error.ContextTimeoutException;
import io.contextdb.spi.error.InvalidRequestException;
import io.contextdb.spi.error.Outcome;
import io.contextdb.spi.journal.Veto;
import io.contextdb.spi.value.AsOf;
import io.contextdb.spi.value.Bytes;
import io.contextdb.spi.value.CommitToken;
import io.contextdb.spi.value.Deadline;
import io.contextdb.spi.value.NamespaceName;
import io.contextdb.spi.value.ReadScope;
import io.contextdb.spi.write.NamespaceDrop;
import io.contextdb.spi.write.WriteBatch;
import io.contextdb.spi.write.WriteReceipt;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** One open database: its connections, and what is known of it. Thread-safe. */
final class Store implements AutoCloseable {
    private static final int NAMESPACES_KNOWN = 10_000;
    private static final String NAMESPACE = "SELECT id FROM cdb.namespace WHERE name = ?";
    private static final String CREATE = "INSERT INTO cdb.namespace (name) VALUES (?) ON CONFLICT (name) DO NOTHING";
    private static final String LAST_COMMIT = "SELECT last_value FROM cdb.commit_number WHERE is_called";
    private static final String SETTLED = "SELECT last_time >= ? OR ? > cdb.clock() FROM cdb.namespace WHERE id = ?";
    /** Waits for a writer that holds the row, and makes later commits later than the instant. */
    private static final String PROMISE = "UPDATE cdb.namespace SET last_time = ? WHERE id = ? AND last_time < ?";

    /** How long one call of our own may take. */
    private static final Duration BACKGROUND = Duration.ofSeconds(30);

    /** Does something of our own accord. */
    interface Task {
        void with(Connection connection) throws SQLException;
    }

    /** Reads one state of a namespace. */
    interface Read<T> {
        T from(Snapshot snapshot) throws SQLException;
    }

    private final Connections connections;
    private final Connections background;
    private final Names names;
    private final Settings settings;
    private final RowSecurity rowSecurity;
    private final @Nullable Replicas replicas;
    private final Horizon horizon = new Horizon();
    private final GroupCommit writer = new GroupCommit(this::write);
    private final Figures figures = new Figures();
    private final Snapshot.Reads reads;
    private final EventSignal eventSignal = new EventSignal();
    private final EventNotices eventNotices;
    private final EventListener eventListener;
    private final Spaces spaces = new Spaces();
    private final Novelty novelty = new Novelty();
    /** Interned ids never change, not even when a namespace is dropped; but a standby that took over may know fewer. */
    private final Map<NamespaceName, Integer> namespaces = new ConcurrentHashMap<>();
    /** The newest commit that is known to be there. */
    private final AtomicLong lastCommit = new AtomicLong();
    /** The connections by which the two were learned. */
    private final AtomicLong generation = new AtomicLong();

    Store(Connections connections, Names names, Settings settings, RowSecurity rowSecurity) {
        this.connections = connections;
        this.background = connections.inBackground(settings);
        this.names = names;
        this.settings = settings;
        this.rowSecurity = rowSecurity;
        this.reads = new Snapshot.Reads(figures, new PlanLog(settings.explain()));
        this.eventNotices = new EventNotices(connections, names);
        this.eventListener = new EventListener(connections, names, eventSignal, eventNotices, figures);
        this.replicas =
                settings.replicas() == ReplicaUse.OFF ? null : new Replicas(Connections.toReplicas(settings), names);
    }

    Connections connections() {
        return connections;
    }

    /** Returns the connections for work that no caller waits for. */
    Connections background() {
        return background;
    }

    /** Does something that no caller waits for and that takes half a minute at most. */
    void inBackground(Task task) {
        background.read(Deadline.after(BACKGROUND), connection -> {
            task.with(connection);
            return true;
        });
    }

    Names names() {
        return names;
    }

    Settings settings() {
        return settings;
    }

    RowSecurity rowSecurity() {
        return rowSecurity;
    }

    Figures figures() {
        return figures;
    }

    EventSignal eventSignal() {
        return eventSignal;
    }

    EventListener eventListener() {
        return eventListener;
    }

    Spaces spaces() {
        return spaces;
    }

    /** Applies a batch, unless a veto is there; a note goes into the journal. */
    WriteReceipt apply(WriteBatch batch, Bytes note, List<Veto> vetoes, Deadline deadline) {
        connections.checkOpen();
        return writer.apply(new Waiting(batch, note, vetoes, deadline));
    }

    /** Removes what a namespace holds; see {@link Dropping}. */
    CommitToken drop(NamespaceDrop drop, Bytes note, List<Veto> vetoes, Deadline deadline) {
        Connections.Progress progress = new Connections.Progress();
        CommitToken token = connections.call(deadline, progress, connection -> {
            int namespace =
                    note.size() == 0 ? namespace(connection, drop.namespace()) : created(connection, drop.namespace());
            if (namespace == 0) {
                return CommitToken.NONE;
            }
            connection.setAutoCommit(false);
            Snapshot transaction = new Snapshot(connection, names, namespace, rowSecurity.within(namespace), deadline);
            return new Dropping(transaction, drop).write(note, vetoes, progress::committing);
        });
        lastCommit.accumulateAndGet(token.commit(), Math::max);
        return token;
    }

    private void write(List<Waiting> group) {
        try {
            writeTogether(group);
        } catch (ContextException failed) {
            boolean again = group.size() > 1
                    && failed.outcome() == Outcome.NOT_APPLIED
                    && !(failed instanceof ContextTimeoutException);
            if (again) {
                figures.split();
            }
            // One of them may have brought it about, and must not take its neighbours with it.
            group.forEach(waiting -> {
                if (again) {
                    write(List.of(waiting));
                } else {
                    waiting.outcome.completeExceptionally(failed);
                }
            });
        }
    }

    /** What was written, and how its callers are told. */
    private record Written(long lastCommit, boolean hasEvents, boolean isHeard, Runnable acknowledge) {}

    private void writeTogether(List<Waiting> group) {
        figures.group(group.size());
        Connections.Progress progress = new Connections.Progress();
        NamespaceName name = group.get(0).batch.namespace();
        Written written = connections.call(latest(group), progress, connection -> {
            int namespace = created(connection, name);
            Snapshot snapshot =
                    new Snapshot(connection, names, namespace, rowSecurity.within(namespace), latest(group));
            Optional<Written> direct =
                    group.size() == 1 ? writeDirectly(snapshot, group.get(0), progress) : Optional.empty();
            return direct.isPresent() ? direct.get() : writeGroup(snapshot, group, progress);
        });
        lastCommit.accumulateAndGet(written.lastCommit(), Math::max);
        if (written.hasEvents()) {
            eventSignal.signal(name.value());
        }
        if (written.isHeard()) {
            eventNotices.tell(name.value());
        }
        written.acknowledge().run();
    }

    private Optional<Written> writeDirectly(Snapshot snapshot, Waiting waiting, Connections.Progress progress)
            throws SQLException {
        if (!waiting.vetoes.isEmpty()) {
            return Optional.empty();
        }
        Optional<? extends OneStatement> statement = KeyPuts.of(waiting);
        boolean adds = statement.isEmpty();
        if (adds && novelty.isLikely()) {
            statement = Additions.of(waiting, spaces.known(snapshot, Additions.spaces(waiting)), eventNotices.id());
        }
        if (statement.isEmpty()) {
            return Optional.empty();
        }
        progress.committing();
        Optional<WriteReceipt> receipt = statement.get().write(snapshot);
        progress.notCommitted();
        if (adds) {
            novelty.was(receipt.isPresent());
        }
        boolean events = statement.get().hasEvents();
        boolean heard = statement.get().isHeard();
        return receipt.map(
                given -> new Written(given.token().commit(), events, heard, () -> waiting.outcome.complete(given)));
    }

    private Written writeGroup(Snapshot snapshot, List<Waiting> group, Connections.Progress progress)
            throws SQLException {
        snapshot.connection().setAutoCommit(false);
        BatchGroup batches = new BatchGroup(snapshot, group, eventNotices.id());
        batches.write(progress::committing);
        return new Written(batches.lastCommit(), batches.hasEvents(), batches.isHeard(), batches::acknowledge);
    }

    private static Deadline latest(List<Waiting> group) {
        Deadline latest = group.get(0).deadline;
        for (Waiting waiting : group) {
            latest = waiting.deadline.remaining().compareTo(latest.remaining()) > 0 ? waiting.deadline : latest;
        }
        return latest;
    }

    private int created(Connection connection, NamespaceName name) throws SQLException {
        int known = namespace(connection, name);
        if (known != 0) {
            return known;
        }
        new Script().run(CREATE, name.value()).send(connection, names, rowSecurity.everywhere());
        return namespace(connection, name);
    }

    /** Forgets what another server may not know, once there are new connections: it may have lost the last commits. */
    private void forgetOthers() {
        long now = connections.generation();
        // Asked by each call, and hardly ever so: writing it each time would take it from all other threads.
        if (generation.get() != now && generation.getAndSet(now) != now) {
            namespaces.clear();
            lastCommit.set(0);
            horizon.clear();
        }
    }

    /** Returns the interned id of a namespace; 0 if it was never written. */
    int namespace(Connection connection, NamespaceName name) throws SQLException {
        forgetOthers();
        Integer known = namespaces.get(name);
        if (known != null) {
            return known;
        }
        int[] id = {0};
        new Script()
                .rows(row -> id[0] = row.getInt(1), NAMESPACE, name.value())
                .send(connection, names, rowSecurity.everywhere());
        if (id[0] != 0) {
            if (namespaces.size() >= NAMESPACES_KNOWN) {
                namespaces.clear();
            }
            namespaces.put(name, id[0]);
        }
        return id[0];
    }

    <T> T read(ReadScope scope, Read<T> read) {
        return connections.read(scope.deadline(), connection -> {
            check(connection, scope.atLeast());
            return read.from(snapshot(connection, scope));
        });
    }

    /** Reads from a standby, where one is used and has what the scope asks for; else from the primary. */
    <T> T readOnReplica(ReadScope scope, Read<T> read) {
        if (replicas == null) {
            return read(scope, read);
        }
        forgetOthers();
        CommitToken token = scope.atLeast();
        OptionalLong position = token.epoch() == 0 ? horizon.of(token.commit()) : OptionalLong.empty();
        if (position.isPresent()) {
            try {
                // One that hangs leaves the primary time to answer.
                Deadline half = Deadline.after(scope.deadline().remaining().dividedBy(2));
                return replicas.read(half, position.getAsLong(), connection -> read.from(snapshot(connection, scope)));
            } catch (ContextException refused) {
                // What a standby does not know, or cannot do, is for the primary to answer.
                return read(scope, read);
            }
        }
        return read(scope, snapshot -> {
            look(snapshot.connection());
            return read.from(snapshot);
        });
    }

    /** The same where an instant of knowledge was not given; what was known then is the primary's to tell. */
    <T> T readOnReplica(ReadScope scope, AsOf asOf, Read<T> read) {
        if (asOf.knownAt().isEmpty()) {
            return readOnReplica(scope, read);
        }
        promise(scope, asOf);
        return read(scope, read);
    }

    private Snapshot snapshot(Connection connection, ReadScope scope) throws SQLException {
        int namespace = namespace(connection, scope.namespace());
        return new Snapshot(connection, names, namespace, rowSecurity.within(namespace), scope.deadline(), reads);
    }

    /** Returns what work with no namespace in particular sees. */
    Snapshot everywhere(Connection connection, Deadline deadline) {
        return new Snapshot(connection, names, 0, rowSecurity.everywhere(), deadline);
    }

    /** Learns how far standbys must be; for connections to the primary, outside of a transaction. */
    void look(Connection connection) throws SQLException {
        if (replicas != null) {
            horizon.look(connection, names);
        }
    }

    /** Returns how many bytes a standby is behind; empty if none is used. */
    OptionalLong replicaBehind(Deadline deadline) {
        return replicas == null ? OptionalLong.empty() : OptionalLong.of(replicas.behind(deadline, horizon.last()));
    }

    /** Reads with a cursor, which the server keeps for the length of a transaction only. */
    <T> T readCursor(ReadScope scope, Read<T> read) {
        return readOnReplica(scope, snapshot -> {
            snapshot.connection().setAutoCommit(false);
            return read.from(snapshot);
        });
    }

    /** Refuses a commit that this store has not made (contract G7); the server is asked only about what is not known. */
    private void check(Connection connection, CommitToken token) throws SQLException {
        forgetOthers();
        if (token.epoch() == 0 && token.commit() <= lastCommit.get()) {
            return;
        }
        new Script()
                .rows(row -> lastCommit.accumulateAndGet(row.getLong(1), Math::max), LAST_COMMIT)
                .send(connection, names, Reach.UNTOLD);
        if (token.epoch() > 0 || token.commit() > lastCommit.get()) {
            throw new InvalidRequestException(
                    "token", "is not of this store, which is at commit " + lastCommit.get() + ", is " + token);
        }
    }

    /** Makes the answer at an explicit instant of knowledge final, unless that lies in the future; before the snapshot. */
    void promise(ReadScope scope, AsOf asOf) {
        if (asOf.knownAt().isEmpty()) {
            return;
        }
        long instant = Columns.of(asOf.knownAt().get());
        read(scope, snapshot -> {
            boolean settled = snapshot.first(SETTLED, row -> row.getBoolean(1), instant, instant, snapshot.namespace())
                    .orElse(true);
            if (!settled) {
                new Script()
                        .run(PROMISE, instant, snapshot.namespace(), instant)
                        .certain()
                        .send(snapshot.connection(), names, snapshot.reach());
            }
            return settled;
        });
    }

    @Override
    public void close() {
        writer.close();
        if (replicas != null) {
            replicas.close();
        }
        background.close();
        connections.close();
        // Those who wait learn now that the store is closed.
        eventListener.close();
    }
}
