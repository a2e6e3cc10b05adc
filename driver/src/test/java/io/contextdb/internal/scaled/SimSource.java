package io.contextdb.internal.scaled;

import io.contextdb.spi.Backend;
import io.contextdb.spi.Health;
import io.contextdb.spi.NamespaceAdmin;
import io.contextdb.spi.capability.BackendInfo;
import io.contextdb.spi.error.ContextConflictException;
import io.contextdb.spi.error.ContextUnavailableException;
import io.contextdb.spi.error.ErrorCode;
import io.contextdb.spi.error.InvalidRequestException;
import io.contextdb.spi.error.Outcome;
import io.contextdb.spi.journal.Backlog;
import io.contextdb.spi.journal.History;
import io.contextdb.spi.journal.Journal;
import io.contextdb.spi.journal.JournalEntry;
import io.contextdb.spi.journal.JournalPosition;
import io.contextdb.spi.journal.PointChange;
import io.contextdb.spi.journal.PointVersion;
import io.contextdb.spi.journal.SpaceRef;
import io.contextdb.spi.journal.Tail;
import io.contextdb.spi.journal.VersionedPoint;
import io.contextdb.spi.journal.Veto;
import io.contextdb.spi.key.KeyEntry;
import io.contextdb.spi.key.KeyReader;
import io.contextdb.spi.value.Bytes;
import io.contextdb.spi.value.CommitToken;
import io.contextdb.spi.value.Deadline;
import io.contextdb.spi.value.NamespaceName;
import io.contextdb.spi.value.Page;
import io.contextdb.spi.value.PageRequest;
import io.contextdb.spi.value.ReadScope;
import io.contextdb.spi.vector.VectorSpace;
import io.contextdb.spi.write.KeyMutation;
import io.contextdb.spi.write.Mutation;
import io.contextdb.spi.write.MutationResult;
import io.contextdb.spi.write.NamespaceDrop;
import io.contextdb.spi.write.VectorMutation;
import io.contextdb.spi.write.WriteBatch;
import io.contextdb.spi.write.WriteReceipt;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * A source whose transactions commit in another order than they begin, that crashes and gives numbers of transactions again which
 * nobody saw committed, and that fails over to a standby which lacks its last commits. A namespace has one space.
 */
final class SimSource implements Backend, Journal {
    /** A transaction, open until the server ends it, whatever becomes of the client. */
    static final class Transaction {
        final long xid;
        final long commit;
        final WriteBatch batch;
        final Bytes note;
        final Instant at;
        boolean committed;
        boolean aborted;

        Transaction(long xid, long commit, WriteBatch batch, Bytes note, Instant at) {
            this.xid = xid;
            this.commit = commit;
            this.batch = batch;
            this.note = note;
            this.at = at;
        }

        JournalPosition position() {
            return new JournalPosition(xid, commit);
        }

        boolean isSystem() {
            return batch.namespace().equals(SystemKeys.NAMESPACE);
        }
    }

    private record Key(String text, long version, Instant expires) {}

    /** What follows from the commits. */
    private static final class Tables {
        final Map<NamespaceName, TreeMap<UUID, VersionedPoint>> points =
                new TreeMap<>(Comparator.comparing(NamespaceName::value));
        final Map<String, Key> keys = new TreeMap<>();
    }

    private final SimScheduler scheduler;
    private final List<Transaction> commits = new ArrayList<>();
    private final List<Transaction> open = new ArrayList<>();
    private final List<NamespaceName> namespaces;
    private Tables tables = new Tables();
    private long nextXid = 100;
    private long nextCommit = 1;
    private int line = 1;
    private boolean faulty;
    private Instant forgottenBefore = Instant.MIN;
    private Journal seen = this;

    SimSource(SimScheduler scheduler, List<NamespaceName> namespaces) {
        this.scheduler = scheduler;
        this.namespaces = namespaces;
    }

    /** Begins to fail; before, nothing goes wrong. */
    void fail() {
        faulty = true;
    }

    void heal() {
        faulty = false;
    }

    /** Begins to commit. */
    void serve() {
        scheduler.start("server", () -> {
            while (true) {
                if (scheduler.random().nextInt(3) == 0) {
                    commitOne();
                }
                scheduler.yield();
            }
        });
    }

    /** Ends one of the open transactions, any of them. */
    void commitOne() {
        if (open.isEmpty()) {
            return;
        }
        Transaction transaction = open.remove(scheduler.random().nextInt(open.size()));
        if (faulty && scheduler.random().nextInt(20) == 0) {
            transaction.aborted = true;
            return;
        }
        transaction.committed = true;
        commits.add(transaction);
        apply(tables, transaction);
    }

    /** Ends all open transactions. */
    void commitAll() {
        while (!open.isEmpty()) {
            commitOne();
        }
    }

    /** Crashes and comes back: what was open is gone, and the numbers that it had are given again. */
    void crash() {
        open.forEach(transaction -> transaction.aborted = true);
        open.clear();
        nextXid = commits.stream().mapToLong(commit -> commit.xid).max().orElse(99) + 1;
    }

    /** A standby takes over that lacks the last commits; all numbers are given again. */
    void failOver(int lost) {
        crash();
        commits.subList(Math.max(0, commits.size() - lost), commits.size()).clear();
        tables = new Tables();
        commits.forEach(commit -> apply(tables, commit));
        nextXid = commits.stream().mapToLong(commit -> commit.xid).max().orElse(99) + 1;
        nextCommit = commits.stream().mapToLong(commit -> commit.commit).max().orElse(0) + 1;
        line++;
    }

    /** Forgets the entries of commits before an instant, but for those with notes. */
    void forget(Instant before) {
        forgottenBefore = before;
    }

    List<Transaction> commits() {
        return commits;
    }

    /** Returns which history this is. */
    int line() {
        return line;
    }

    /** Returns the points of a namespace that were changed by commits after so many. */
    Set<UUID> touched(NamespaceName namespace, int after) {
        return commits.subList(after, commits.size()).stream()
                .filter(commit -> commit.batch.namespace().equals(namespace))
                .flatMap(commit -> changes(commit).stream())
                .map(PointChange::point)
                .collect(Collectors.toSet());
    }

    Map<UUID, VersionedPoint> points(NamespaceName namespace) {
        return tables.points.getOrDefault(namespace, new TreeMap<>());
    }

    private static void apply(Tables tables, Transaction transaction) {
        for (Mutation mutation : transaction.batch.mutations()) {
            TreeMap<UUID, VersionedPoint> points =
                    tables.points.computeIfAbsent(transaction.batch.namespace(), name -> new TreeMap<>());
            switch (mutation) {
                case VectorMutation.PutPoint put ->
                    points.put(put.point().id(), new VersionedPoint(put.point(), transaction.commit));
                case VectorMutation.DeletePoint delete -> points.remove(delete.id());
                case KeyMutation.PutKey put -> {
                    Key old = tables.keys.get(put.key());
                    Instant expires = put.ttl().map(transaction.at::plus).orElse(Instant.MAX);
                    tables.keys.put(
                            put.key(), new Key(put.value().utf8(), old == null ? 1 : old.version() + 1, expires));
                }
                case KeyMutation.DeleteKey delete -> tables.keys.remove(delete.key());
                default -> {
                    // Nothing else is written.
                }
            }
        }
    }

    private <T> T call(Supplier<T> work) {
        scheduler.yield();
        if (faulty && scheduler.random().nextInt(200) == 0) {
            throw new ContextUnavailableException("the source does not answer");
        }
        return work.get();
    }

    @Override
    public WriteReceipt apply(WriteBatch batch, Deadline deadline) {
        return apply(batch, Bytes.EMPTY, deadline);
    }

    @Override
    public WriteReceipt apply(WriteBatch batch, Bytes note, List<Veto> vetoes, Deadline deadline) {
        call(() -> true);
        while (open.stream().anyMatch(other -> other.batch.namespace().equals(batch.namespace()))) {
            scheduler.yield();
        }
        Optional<Transaction> first = find(batch.namespace(), batch.operationId());
        if (first.isPresent()) {
            if (!first.get().batch.equals(batch)) {
                throw new InvalidRequestException(ErrorCode.OPERATION_ID_REUSED, "operationId", "was used");
            }
            return receipt(first.get());
        }
        judge(batch);
        for (Veto veto : vetoes) {
            if (live(veto.key()).isPresent()) {
                throw new ContextConflictException(veto.key() + " is there");
            }
        }
        Transaction transaction = new Transaction(nextXid++, nextCommit++, batch, note, scheduler.instant());
        open.add(transaction);
        while (!transaction.committed && !transaction.aborted) {
            scheduler.yield();
        }
        if (transaction.aborted || (faulty && scheduler.random().nextInt(60) == 0)) {
            throw new ContextUnavailableException("the source's answer was lost", Outcome.UNKNOWN, null);
        }
        return receipt(transaction);
    }

    private void judge(WriteBatch batch) {
        for (int i = 0; i < batch.mutations().size(); i++) {
            if (batch.mutations().get(i) instanceof KeyMutation.PutKey put) {
                put.condition().admits(i, live(put.key()).map(Key::version).orElse(0L), put.key());
            }
            if (batch.mutations().get(i) instanceof KeyMutation.DeleteKey delete) {
                delete.condition()
                        .admits(i, live(delete.key()).map(Key::version).orElse(0L), delete.key());
            }
        }
    }

    private Optional<Key> live(String name) {
        return Optional.ofNullable(tables.keys.get(name))
                .filter(key -> key.expires().isAfter(scheduler.instant()));
    }

    private Optional<Transaction> find(NamespaceName namespace, UUID operationId) {
        return commits.stream()
                .filter(commit -> commit.batch.operationId().equals(operationId)
                        && commit.batch.namespace().equals(namespace))
                .findFirst();
    }

    private static WriteReceipt receipt(Transaction transaction) {
        List<MutationResult> results = new ArrayList<>();
        transaction.batch.mutations().forEach(mutation -> results.add(new MutationResult.Done()));
        return new WriteReceipt(
                transaction.batch.operationId(), results, new CommitToken(0, transaction.commit, 0), transaction.at);
    }

    private List<PointChange> changes(Transaction transaction) {
        long space = space(transaction.batch.namespace());
        List<PointChange> changes = new ArrayList<>();
        for (Mutation mutation : transaction.batch.mutations()) {
            if (mutation instanceof VectorMutation.PutPoint put) {
                changes.add(new PointChange(space, put.point().id()));
            } else if (mutation instanceof VectorMutation.DeletePoint delete) {
                changes.add(new PointChange(space, delete.id()));
            }
        }
        return changes;
    }

    long space(NamespaceName namespace) {
        return namespaces.indexOf(namespace) + 1L;
    }

    private SpaceRef ref(NamespaceName namespace) {
        return new SpaceRef(space(namespace), namespace, VectorSpace.cosine("space", 2));
    }

    private List<Transaction> entries(JournalPosition after) {
        return commits.stream()
                .filter(commit -> commit.note.size() > 0
                        || (!commit.isSystem() && !changes(commit).isEmpty()))
                .filter(commit -> commit.note.size() > 0 || !commit.at.isBefore(forgottenBefore))
                .filter(commit -> commit.position().compareTo(after) > 0)
                .sorted(Comparator.comparing(Transaction::position))
                .toList();
    }

    private long horizon() {
        return open.stream().mapToLong(transaction -> transaction.xid).min().orElse(nextXid);
    }

    private JournalEntry entry(Transaction commit) {
        return new JournalEntry(
                commit.position(),
                commit.batch.namespace(),
                commit.batch.operationId(),
                commit.at,
                changes(commit),
                commit.note);
    }

    @Override
    public History history(Deadline deadline) {
        return call(() -> new History("source", "line " + line));
    }

    @Override
    public List<JournalEntry> read(JournalPosition after, int limit, Deadline deadline) {
        return call(() -> entries(after).stream()
                .filter(commit -> commit.xid < horizon())
                .limit(3)
                .map(this::entry)
                .toList());
    }

    /** Returns entries, those included that may not be handed out. */
    List<JournalEntry> readAll(JournalPosition after) {
        return call(() -> entries(after).stream().map(this::entry).toList());
    }

    @Override
    public JournalPosition end(Deadline deadline) {
        return call(() -> entries(JournalPosition.START).stream()
                .filter(commit -> commit.xid < horizon())
                .reduce((a, b) -> b)
                .map(Transaction::position)
                .orElse(JournalPosition.START));
    }

    /** Returns the number below which no transaction is open. */
    long horizonNow() {
        return horizon();
    }

    @Override
    public Optional<JournalEntry> entry(NamespaceName namespace, UUID operationId, Deadline deadline) {
        return call(() -> find(namespace, operationId)
                .filter(commit -> commit.note.size() > 0 || !changes(commit).isEmpty())
                .map(this::entry));
    }

    @Override
    public Tail tail(ReadScope scope, String space, JournalPosition after, int limit) {
        return call(() -> new Tail(
                "line " + line,
                ref(scope.namespace()),
                entries(after).stream()
                        .filter(commit -> commit.batch.namespace().equals(scope.namespace()))
                        .flatMap(commit -> changes(commit).stream())
                        .map(PointChange::point)
                        .distinct()
                        .toList()));
    }

    @Override
    public Backlog backlog(JournalPosition after, Deadline deadline) {
        return call(() -> new Backlog(entries(after).size(), Duration.ZERO));
    }

    @Override
    public List<JournalEntry> noted(NamespaceName namespace, JournalPosition after, int limit, Deadline deadline) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void forgetNotes(JournalPosition upTo, Instant before, Deadline deadline) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Page<SpaceRef> spaces(PageRequest page, Deadline deadline) {
        return call(() -> Page.last(namespaces.stream().map(this::ref).toList()));
    }

    @Override
    public List<SpaceRef> spaces(Collection<Long> ids, Deadline deadline) {
        return call(() -> namespaces.stream()
                .map(this::ref)
                .filter(space -> ids.contains(space.id()))
                .toList());
    }

    @Override
    public List<VersionedPoint> points(long space, Collection<UUID> ids, Deadline deadline) {
        return call(() -> points(namespaces.get((int) space - 1)).values().stream()
                .filter(point -> ids.contains(point.point().id()))
                .toList());
    }

    @Override
    public Page<PointVersion> versions(long space, PageRequest page, Deadline deadline) {
        return call(() -> Page.last(points(namespaces.get((int) space - 1)).values().stream()
                .map(point -> new PointVersion(point.point().id(), point.version(), false))
                .sorted(PointVersion.ORDER)
                .toList()));
    }

    @Override
    public KeyReader keys() {
        return new KeyReader() {
            @Override
            public List<KeyEntry> get(ReadScope scope, Collection<String> asked) {
                return call(() -> asked.stream()
                        .flatMap(name -> live(name).map(key -> read(name, key)).stream())
                        .toList());
            }

            @Override
            public Page<KeyEntry> scan(ReadScope scope, String prefix, PageRequest page) {
                return call(() -> Page.last(tables.keys.keySet().stream()
                        .filter(name -> name.startsWith(prefix))
                        .flatMap(name -> live(name).map(key -> read(name, key)).stream())
                        .toList()));
            }
        };
    }

    private static KeyEntry read(String name, Key key) {
        return new KeyEntry(name, Bytes.utf8(key.text()), key.version(), null);
    }

    @Override
    public Optional<Journal> journal() {
        return Optional.of(seen);
    }

    /** Has its journal seen through another. */
    void seenAs(Journal journal) {
        seen = journal;
    }

    @Override
    public BackendInfo info() {
        throw new UnsupportedOperationException();
    }

    @Override
    public CommitToken drop(NamespaceDrop drop, Bytes note, List<Veto> vetoes, Deadline deadline) {
        throw new UnsupportedOperationException();
    }

    @Override
    public NamespaceAdmin namespaces() {
        throw new UnsupportedOperationException();
    }

    @Override
    public Health health(Deadline deadline) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void close() {}
}
