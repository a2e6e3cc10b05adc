package io.contextdb.tck.journal;

import io.contextdb.spi.Backend;
import io.contextdb.spi.journal.Journal;
import io.contextdb.spi.journal.JournalEntry;
import io.contextdb.spi.journal.JournalPosition;
import io.contextdb.spi.journal.SpaceRef;
import io.contextdb.spi.value.Bytes;
import io.contextdb.spi.value.CommitToken;
import io.contextdb.spi.value.Deadline;
import io.contextdb.spi.value.NamespaceName;
import io.contextdb.spi.value.PageRequest;
import io.contextdb.spi.value.ReadScope;
import io.contextdb.spi.vector.VectorPoint;
import io.contextdb.spi.vector.VectorSpace;
import io.contextdb.spi.write.Mutation;
import io.contextdb.spi.write.VectorMutation;
import io.contextdb.spi.write.WriteBatch;
import io.contextdb.spi.write.WriteReceipt;
import io.contextdb.tck.Kit;
import io.contextdb.tck.OpenedStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Assumptions;

/** A store that was opened with its journal, and a namespace of a test's own in it. */
final class JournalTrial implements AutoCloseable {
    private static final String OPTION = "journal";
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Kit kit;
    private final OpenedStore store;
    private final NamespaceName namespace;

    private JournalTrial(Kit kit, OpenedStore store) {
        this.kit = kit;
        this.store = store;
        this.namespace = NamespaceName.of(kit.name());
    }

    /** Skips the test of a backend that keeps no journal. */
    static void assumeKept(Kit kit) {
        Assumptions.assumeTrue(OpenedStore.takes(kit.url(), OPTION), "the backend keeps no journal");
    }

    /** Opens the store; a backend that keeps no journal has its test skipped. */
    static JournalTrial open(Kit kit) {
        assumeKept(kit);
        return new JournalTrial(kit, OpenedStore.open(kit.url(), Map.of(OPTION, "true")));
    }

    Backend backend() {
        return store.backend();
    }

    Journal journal() {
        return backend().journal().orElseThrow();
    }

    NamespaceName namespace() {
        return namespace;
    }

    static Deadline deadline() {
        return Deadline.after(PATIENCE);
    }

    ReadScope scope() {
        return new ReadScope(namespace, deadline(), CommitToken.NONE);
    }

    WriteReceipt apply(Mutation... mutations) {
        return apply(namespace, mutations);
    }

    WriteReceipt apply(NamespaceName in, Mutation... mutations) {
        return backend().apply(WriteBatch.of(in, List.of(mutations)), deadline());
    }

    WriteReceipt note(String note, Mutation... mutations) {
        return journal().apply(WriteBatch.of(namespace, List.of(mutations)), Bytes.utf8(note), deadline());
    }

    /** Creates a space of three dimensions and returns its number. */
    long space(String name) {
        apply(new VectorMutation.CreateSpace(VectorSpace.cosine(name, 3)));
        return spaces().stream()
                .filter(space -> space.space().name().equals(name))
                .findFirst()
                .orElseThrow()
                .id();
    }

    /** Returns the spaces of the namespace, read in small pages. */
    List<SpaceRef> spaces() {
        List<SpaceRef> all = new ArrayList<>();
        String cursor = "";
        do {
            var page = journal().spaces(new PageRequest(2, cursor), deadline());
            all.addAll(page.items());
            cursor = page.next();
        } while (!cursor.isEmpty());
        return all.stream().filter(space -> space.namespace().equals(namespace)).toList();
    }

    static VectorMutation.PutPoint put(String space, UUID id) {
        return new VectorMutation.PutPoint(
                space, VectorPoint.builder(id).vector(1, 2, 3).build());
    }

    /** Waits until an operation's entry is handed out, and returns all of the namespace up to it, in order. */
    List<JournalEntry> entriesUpTo(WriteReceipt last) {
        List<JournalEntry> entries = new ArrayList<>();
        kit.await("the entry of " + last.operationId() + " is handed out", () -> {
            JournalPosition from = entries.isEmpty()
                    ? JournalPosition.START
                    : entries.get(entries.size() - 1).position();
            entries.addAll(journal().read(from, 100, deadline()));
            return entries.stream().anyMatch(entry -> entry.operationId().equals(last.operationId()));
        });
        return entries.stream()
                .filter(entry -> entry.namespace().equals(namespace))
                .toList();
    }

    @Override
    public void close() {
        store.close();
    }
}
