package io.contextdb.backend.memory;

import io.contextdb.spi.error.ContextConflictException;
import io.contextdb.spi.error.ErrorCode;
import io.contextdb.spi.error.InvalidRequestException;
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
import io.contextdb.spi.value.Bytes;
import io.contextdb.spi.value.CommitToken;
import io.contextdb.spi.value.Deadline;
import io.contextdb.spi.value.NamespaceName;
import io.contextdb.spi.value.Page;
import io.contextdb.spi.value.PageRequest;
import io.contextdb.spi.value.ReadScope;
import io.contextdb.spi.value.UuidV7;
import io.contextdb.spi.write.NamespaceDrop;
import io.contextdb.spi.write.WriteBatch;
import io.contextdb.spi.write.WriteReceipt;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * The journal of a store in memory: entries of the last 7 days, in the order in which they were added, which is that in which they
 * are handed out. Thread-safe.
 */
final class MemoryJournal implements Journal {
    private static final Duration KEPT = Duration.ofDays(7);

    private final MemoryStore store;
    private final History history = new History("memory " + UuidV7.next(), "1");
    private final AtomicBoolean kept = new AtomicBoolean();
    private final ConcurrentSkipListMap<JournalPosition, JournalEntry> entries = new ConcurrentSkipListMap<>();
    private long transactions;

    MemoryJournal(MemoryStore store) {
        this.store = store;
    }

    /** Begins to keep entries. */
    void keep() {
        kept.set(true);
    }

    /** Adds what a commit has to tell, if anything; while the commit's namespace is locked. */
    void add(NamespaceName namespace, WriteReceipt receipt, List<PointChange> points, Bytes note) {
        if (kept.get() && (!points.isEmpty() || note.size() > 0)) {
            add(namespace, receipt.operationId(), receipt.token().commit(), receipt.committedAt(), points, note);
        }
    }

    private synchronized void add(
            NamespaceName namespace, UUID operation, long commit, Instant at, List<PointChange> points, Bytes note) {
        JournalPosition position = new JournalPosition(++transactions, commit);
        entries.put(position, new JournalEntry(position, namespace, operation, at, points, note));
        while (entries.firstEntry().getValue().committedAt().isBefore(at.minus(KEPT))) {
            entries.pollFirstEntry();
        }
    }

    @Override
    public History history(Deadline deadline) {
        deadline.check("history");
        return history;
    }

    @Override
    public WriteReceipt apply(WriteBatch batch, Bytes note, List<Veto> vetoes, Deadline deadline) {
        deadline.check("apply");
        return whileStill(
                vetoes, () -> store.apply(batch, note, () -> vetoes.forEach(this::check), deadline), deadline);
    }

    @Override
    public CommitToken drop(NamespaceDrop drop, Bytes note, List<Veto> vetoes, Deadline deadline) {
        deadline.check("drop");
        return whileStill(
                vetoes, () -> store.drop(drop, note, () -> vetoes.forEach(this::check), true, deadline), deadline);
    }

    /** Does something while nobody writes to the namespaces of vetoes: whoever puts one of them waits, or was first. */
    private <T> T whileStill(List<Veto> vetoes, Supplier<T> work, Deadline deadline) {
        return vetoes.isEmpty()
                ? work.get()
                : store.in(
                        vetoes.get(0).namespace(),
                        namespace -> namespace.whileStill(
                                () -> whileStill(vetoes.subList(1, vetoes.size()), work, deadline), deadline));
    }

    private void check(Veto veto) {
        Namespace namespace = store.namespaces().get(veto.namespace());
        KeyState.Entry entry =
                namespace == null ? null : namespace.state().keys().entries().get(veto.key());
        if (entry != null && entry.liveAt(store.clock().millis())) {
            throw new ContextConflictException("key '" + veto.key() + "' keeps the batch from being applied");
        }
    }

    @Override
    public List<JournalEntry> read(JournalPosition after, int limit, Deadline deadline) {
        deadline.check("journal");
        return entries.tailMap(after, false).values().stream().limit(limit).toList();
    }

    @Override
    public JournalPosition end(Deadline deadline) {
        deadline.check("journal");
        Map.Entry<JournalPosition, JournalEntry> last = entries.lastEntry();
        return last == null ? JournalPosition.START : last.getKey();
    }

    @Override
    public Optional<JournalEntry> entry(NamespaceName namespace, UUID operationId, Deadline deadline) {
        deadline.check("journal");
        return entries.descendingMap().values().stream()
                .filter(entry -> entry.namespace().equals(namespace)
                        && entry.operationId().equals(operationId))
                .findFirst();
    }

    @Override
    public Tail tail(ReadScope scope, String space, JournalPosition after, int limit) {
        SpaceRef found = new Session(store, new AtomicBoolean(), false)
                .state(scope).vectors().spaces().values().stream()
                        .filter(some -> some.definition().name().equals(space))
                        .map(some -> new SpaceRef(some.id(), scope.namespace(), some.definition()))
                        .findFirst()
                        .orElseThrow(() -> new InvalidRequestException(
                                ErrorCode.NOT_FOUND, "space", "'" + space + "' does not exist in the namespace"));
        List<UUID> points = entries.tailMap(after, false).values().stream()
                .flatMap(entry -> entry.points().stream())
                .filter(change -> change.space() == found.id())
                .map(PointChange::point)
                .distinct()
                .limit(limit)
                .toList();
        return new Tail(history.line(), found, points);
    }

    @Override
    public Backlog backlog(JournalPosition after, Deadline deadline) {
        deadline.check("journal");
        Map<JournalPosition, JournalEntry> rest = entries.tailMap(after, false);
        Duration age = rest.values().stream()
                .findFirst()
                .map(oldest ->
                        Duration.between(oldest.committedAt(), store.clock().now()))
                .orElse(Duration.ZERO);
        return new Backlog(rest.size(), age);
    }

    @Override
    public List<JournalEntry> noted(NamespaceName namespace, JournalPosition after, int limit, Deadline deadline) {
        deadline.check("journal");
        return entries.tailMap(after, false).values().stream()
                .filter(entry ->
                        entry.namespace().equals(namespace) && entry.note().size() > 0)
                .limit(limit)
                .toList();
    }

    @Override
    public void forgetNotes(JournalPosition upTo, Instant before, Deadline deadline) {
        deadline.check("journal");
        for (JournalEntry entry : entries.headMap(upTo, true).values()) {
            if (entry.note().size() > 0 && entry.committedAt().isBefore(before)) {
                entries.replace(
                        entry.position(),
                        new JournalEntry(
                                entry.position(),
                                entry.namespace(),
                                entry.operationId(),
                                entry.committedAt(),
                                entry.points(),
                                Bytes.EMPTY));
            }
        }
    }

    private record Owned(NamespaceName namespace, VectorState.Space space) {
        SpaceRef ref() {
            return new SpaceRef(space.id(), namespace, space.definition());
        }
    }

    private Stream<Owned> all() {
        return store.namespaces().entrySet().stream()
                .flatMap(entry -> entry.getValue().state().vectors().spaces().values().stream()
                        .map(space -> new Owned(entry.getKey(), space)));
    }

    private Optional<VectorState.Space> space(long id) {
        return all().map(Owned::space).filter(space -> space.id() == id).findFirst();
    }

    @Override
    public Page<SpaceRef> spaces(PageRequest page, Deadline deadline) {
        deadline.check("spaces");
        List<String> after = Cursor.read(page, "spaces", 1);
        long last = after.isEmpty() ? 0 : Long.parseLong(after.get(0));
        List<SpaceRef> read = all().map(Owned::ref)
                .filter(space -> space.id() > last)
                .sorted(Comparator.comparingLong(SpaceRef::id))
                .limit(page.limit() + 1L)
                .toList();
        return Page.of(read, page.limit(), end -> Cursor.of("spaces", end.id()));
    }

    @Override
    public List<SpaceRef> spaces(Collection<Long> ids, Deadline deadline) {
        deadline.check("spaces");
        Set<Long> asked = Set.copyOf(ids);
        return all().map(Owned::ref).filter(space -> asked.contains(space.id())).toList();
    }

    @Override
    public List<VersionedPoint> points(long space, Collection<UUID> ids, Deadline deadline) {
        deadline.check("points");
        return space(space).stream()
                .flatMap(found -> ids.stream()
                        .distinct()
                        .flatMap(id -> Stream.ofNullable(found.points().get(id))))
                .map(stored -> new VersionedPoint(stored.point(), stored.version()))
                .toList();
    }

    @Override
    public Page<PointVersion> versions(long space, PageRequest page, Deadline deadline) {
        deadline.check("versions");
        List<String> after = Cursor.read(page, "versions", 1);
        List<PointVersion> read = space(space).stream()
                .flatMap(found -> (after.isEmpty()
                                ? found.points()
                                : found.points().tailMap(Cursor.uuid(after.get(0)), false))
                        .values().stream())
                .map(stored -> new PointVersion(stored.point().id(), stored.version(), false))
                .limit(page.limit() + 1L)
                .toList();
        return Page.of(read, page.limit(), last -> Cursor.of("versions", last.point()));
    }
}
