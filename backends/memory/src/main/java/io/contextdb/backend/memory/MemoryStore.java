package io.contextdb.backend.memory;

import io.contextdb.spi.journal.Watermark;
import io.contextdb.spi.value.Bytes;
import io.contextdb.spi.value.CommitToken;
import io.contextdb.spi.value.Deadline;
import io.contextdb.spi.value.NamespaceName;
import io.contextdb.spi.value.UuidV7;
import io.contextdb.spi.write.NamespaceDrop;
import io.contextdb.spi.write.WriteBatch;
import io.contextdb.spi.write.WriteReceipt;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** The namespaces of one store, its clock and its count of commits. Thread-safe. */
final class MemoryStore {
    /** Most namespaces that one drop forgets, so that none pays for all. */
    private static final int FORGOTTEN = 100;

    private record Dropped(NamespaceName name, Instant at) {}

    private final String life = UuidV7.next().toString();
    private final TransactionClock clock;
    private final AtomicLong commits = new AtomicLong();
    private final ConcurrentSkipListMap<NamespaceName, Namespace> namespaces = new ConcurrentSkipListMap<>();

    private final MemoryJournal journal = new MemoryJournal(this);
    /** Namespaces that were dropped, the longest ago first. */
    private final Queue<Dropped> dropped = new ConcurrentLinkedQueue<>();

    private final MemoryProjection projection = new MemoryProjection();
    private final AtomicReference<@Nullable Watermark> participantMark = new AtomicReference<>();

    MemoryStore() {
        this(InstantSource.system(), System::nanoTime);
    }

    /** Creates a store with a clock of its own, which tests set forward and back. */
    MemoryStore(InstantSource wall, LongSupplier nanos) {
        clock = new TransactionClock(wall, nanos);
    }

    TransactionClock clock() {
        return clock;
    }

    long nextCommit() {
        return commits.incrementAndGet();
    }

    long lastCommit() {
        return commits.get();
    }

    ConcurrentSkipListMap<NamespaceName, Namespace> namespaces() {
        return namespaces;
    }

    MemoryJournal journal() {
        return journal;
    }

    MemoryProjection projection() {
        return projection;
    }

    /** Returns the name of its one life: a store of the same name that is made after it is gone lives another. */
    String life() {
        return life;
    }

    /** Returns how far this store has followed another as a participant. */
    AtomicReference<@Nullable Watermark> participantMark() {
        return participantMark;
    }

    /** Does something with a namespace that exists until it is done; null stands for one that was forgotten meanwhile. */
    <T> T in(NamespaceName name, Function<Namespace, @Nullable T> work) {
        while (true) {
            Namespace namespace = namespaces.computeIfAbsent(name, missing -> new Namespace(this, missing));
            @Nullable T result = work.apply(namespace);
            if (result != null) {
                return result;
            }
            namespaces.remove(name, namespace);
        }
    }

    /** Applies a batch; {@code check} may refuse it, unless it was applied before. */
    WriteReceipt apply(WriteBatch batch, Bytes note, Runnable check, Deadline deadline) {
        Bytes digest = batch.digest();
        return in(batch.namespace(), namespace -> namespace.apply(batch, digest, note, check, deadline));
    }

    /** Removes what a namespace holds; see {@link Namespace#drop}. */
    CommitToken drop(NamespaceDrop drop, Bytes note, Runnable check, boolean always, Deadline deadline) {
        if (!always && !namespaces.containsKey(drop.namespace())) {
            return CommitToken.NONE;
        }
        CommitToken token = in(drop.namespace(), namespace -> namespace.drop(drop, note, check, always, deadline));
        droppedNow(drop.namespace());
        return token;
    }

    /** Notes that a namespace was dropped, and forgets some of those that were dropped so long ago that nothing of them counts. */
    void droppedNow(NamespaceName name) {
        dropped.add(new Dropped(name, clock.now()));
        Instant old = clock.now().minus(OperationLog.KEPT);
        Dropped oldest = dropped.peek();
        for (int i = 0; i < FORGOTTEN && oldest != null && oldest.at().isBefore(old); i++) {
            Namespace namespace = namespaces.get(oldest.name());
            if (namespace != null && namespace.forget(old)) {
                namespaces.remove(oldest.name(), namespace);
            }
            dropped.remove(oldest);
            oldest = dropped.peek();
        }
    }
}
