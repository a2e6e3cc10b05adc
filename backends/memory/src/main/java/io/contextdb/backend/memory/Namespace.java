package io.contextdb.backend.memory;

import io.contextdb.spi.error.ContextTimeoutException;
import io.contextdb.spi.error.Outcome;
import io.contextdb.spi.event.EventPosition;
import io.contextdb.spi.journal.Participant;
import io.contextdb.spi.value.Bytes;
import io.contextdb.spi.value.CommitToken;
import io.contextdb.spi.value.Deadline;
import io.contextdb.spi.value.NamespaceName;
import io.contextdb.spi.write.Mutation;
import io.contextdb.spi.write.MutationResult;
import io.contextdb.spi.write.NamespaceDrop;
import io.contextdb.spi.write.WriteBatch;
import io.contextdb.spi.write.WriteReceipt;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A namespace: the snapshot that readers take, and the lock of its one writer. Thread-safe. */
final class Namespace {
    private final MemoryStore store;
    private final NamespaceName name;
    private final ReentrantLock writer = new ReentrantLock();
    private final OperationLog operations = new OperationLog();
    private volatile NamespaceState state = NamespaceState.EMPTY;

    /** Completed with the commit, and replaced, when events were appended. */
    private final AtomicReference<CompletableFuture<Long>> appended = new AtomicReference<>(new CompletableFuture<>());

    /** The batch of another store's that keeps everyone out; set under the lock. */
    private volatile @Nullable Hold hold;

    /** When it was dropped last; set under the lock. */
    private Instant droppedAt = Instant.MIN;

    /** Set under the lock; a writer that finds it set starts again with a new namespace of the name. */
    private boolean forgotten;

    Namespace(MemoryStore store, NamespaceName name) {
        this.store = store;
        this.name = name;
    }

    NamespaceState state() {
        return state;
    }

    /** Returns the state for a reader, who is to wait while the namespace is held. */
    NamespaceState read() {
        // The hold first: one that comes later was decided later.
        Hold.check(hold);
        return state;
    }

    /**
     * Returns a state to which nothing will be added at or before an instant that the clock has reached. A commit takes its
     * time under the lock, so only one that holds the lock now can have an earlier time than the clock's.
     */
    NamespaceState settledAt(Instant knownAt, Deadline deadline) {
        if (state.committedAt().isBefore(knownAt) && writer.isLocked()) {
            lock(deadline);
            writer.unlock();
        }
        return state;
    }

    /** Applies a batch; null if the namespace was forgotten meanwhile. */
    @Nullable
    WriteReceipt apply(WriteBatch batch, Bytes digest, Bytes note, Runnable check, Deadline deadline) {
        lock(deadline);
        try {
            if (forgotten) {
                return null;
            }
            Hold.check(hold);
            WriteReceipt first = first(batch, digest);
            if (first != null) {
                return first;
            }
            deadline.check("apply");
            check.run();
            WriteReceipt receipt = commit(batch, note, false);
            operations.remember(digest, receipt);
            return receipt;
        } finally {
            writer.unlock();
        }
    }

    private @Nullable WriteReceipt first(WriteBatch batch, Bytes digest) {
        operations.forgetBefore(store.clock().now());
        WriteReceipt first = operations.find(batch.operationId(), digest);
        return first == null ? null : state.events().current(first);
    }

    /** Judges a batch and holds the namespace for it; null if the namespace was forgotten meanwhile. */
    Participant.Hold.@Nullable State hold(WriteBatch batch, Bytes digest, Deadline deadline) {
        lock(deadline);
        try {
            if (forgotten) {
                return null;
            }
            Hold held = hold;
            if (held != null && held.isFor(batch.operationId(), digest)) {
                return Participant.Hold.State.FOUND;
            }
            Hold.check(held);
            if (first(batch, digest) != null) {
                return Participant.Hold.State.APPLIED;
            }
            deadline.check("hold");
            Instant now = store.clock().now();
            Step step = new Step(store.lastCommit() + 1, now, now.toEpochMilli(), 0, false);
            results(new BatchChanges(state), batch, step);
            hold = new Hold(batch.operationId(), digest, System.nanoTime());
            return Participant.Hold.State.TAKEN;
        } finally {
            writer.unlock();
        }
    }

    /** Applies a batch that was decided; null if the namespace was forgotten meanwhile. */
    @Nullable
    WriteReceipt finish(WriteBatch batch, Bytes digest, Deadline deadline) {
        lock(deadline);
        try {
            if (forgotten) {
                return null;
            }
            WriteReceipt receipt = first(batch, digest);
            Hold held = hold;
            if (receipt == null && (held == null || !held.isFor(batch.operationId(), digest))) {
                Hold.check(held);
            }
            if (receipt == null) {
                receipt = commit(batch, Bytes.EMPTY, true);
                operations.remember(digest, receipt);
            }
            endHold(batch.operationId());
            return receipt;
        } finally {
            writer.unlock();
        }
    }

    void release(UUID operationId, Deadline deadline) {
        lock(deadline);
        try {
            endHold(operationId);
        } finally {
            writer.unlock();
        }
    }

    private void endHold(UUID operationId) {
        Hold held = hold;
        if (held != null && held.operationId().equals(operationId)) {
            hold = null;
        }
    }

    private static List<MutationResult> results(BatchChanges changes, WriteBatch batch, Step first) {
        List<MutationResult> results = new ArrayList<>(batch.mutations().size());
        for (Mutation mutation : batch.mutations()) {
            results.add(changes.apply(
                    mutation, new Step(first.commit(), first.time(), first.millis(), results.size(), first.decided())));
        }
        return results;
    }

    private WriteReceipt commit(WriteBatch batch, Bytes note, boolean decided) {
        Instant time = store.clock().tick();
        long commit = store.nextCommit();
        long millis = time.toEpochMilli();
        BatchChanges changes = new BatchChanges(state);
        List<MutationResult> results = results(changes, batch, new Step(commit, time, millis, 0, decided));
        WriteReceipt receipt = new WriteReceipt(batch.operationId(), results, new CommitToken(0, commit, 0), time);
        EventPosition lastEvent = state.events().last();
        state = changes.state(commit, time, millis);
        store.journal().add(name, receipt, changes.changedPoints(), note);
        if (!state.events().last().equals(lastEvent)) {
            appended.getAndSet(new CompletableFuture<>()).complete(commit);
        }
        return receipt;
    }

    /** Waits until an event after a position is there, the deadline passes, or the thread is interrupted. */
    void awaitEvent(EventPosition after, Deadline deadline) {
        CompletableFuture<Long> next = appended.get();
        if (state.events().last().compareTo(after) > 0) {
            return;
        }
        try {
            next.get(deadline.remaining().toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        } catch (TimeoutException | ExecutionException passed) {
            // The caller reads again and sees for itself.
        }
    }

    /**
     * Removes all that it holds, and ends any hold; what outlives that is told by {@link NamespaceState#dropped}.
     *
     * @param check may refuse it, unless it was done before
     * @param always whether the operation is remembered where nothing is there, too
     * @param note what is kept of it in the journal
     * @return its token; null if the namespace was forgotten meanwhile
     */
    @Nullable
    CommitToken drop(NamespaceDrop drop, Bytes note, Runnable check, boolean always, Deadline deadline) {
        lock(deadline);
        try {
            return forgotten ? null : dropped(drop, note, check, always, deadline);
        } finally {
            writer.unlock();
        }
    }

    private CommitToken dropped(NamespaceDrop drop, Bytes note, Runnable check, boolean always, Deadline deadline) {
        operations.forgetBefore(store.clock().now());
        WriteReceipt first = operations.find(drop.operationId(), drop.digest());
        if (first != null) {
            return first.token();
        }
        deadline.check("drop");
        check.run();
        hold = null;
        if (state.commit() == 0 && !always) {
            return CommitToken.NONE;
        }
        Instant time = store.clock().tick();
        WriteReceipt receipt =
                new WriteReceipt(drop.operationId(), List.of(), new CommitToken(0, store.nextCommit(), 0), time);
        state = state.dropped(time.plus(OperationLog.KEPT));
        droppedAt = time;
        operations.dropEvents();
        operations.remember(drop.digest(), receipt);
        store.journal().add(name, receipt, List.of(), note);
        return receipt.token();
    }

    /** Holds the namespace for its removal; null if the namespace was forgotten meanwhile. */
    Participant.Hold.@Nullable State hold(NamespaceDrop drop, Deadline deadline) {
        lock(deadline);
        try {
            if (forgotten) {
                return null;
            }
            Hold held = hold;
            if (held != null && held.isFor(drop.operationId(), drop.digest())) {
                return Participant.Hold.State.FOUND;
            }
            Hold.check(held);
            if (operations.find(drop.operationId(), drop.digest()) != null) {
                return Participant.Hold.State.APPLIED;
            }
            deadline.check("hold");
            hold = new Hold(drop.operationId(), drop.digest(), System.nanoTime());
            return Participant.Hold.State.TAKEN;
        } finally {
            writer.unlock();
        }
    }

    /** Removes all that it holds, as was decided; null if the namespace was forgotten meanwhile. */
    @Nullable
    CommitToken finish(NamespaceDrop drop, Deadline deadline) {
        lock(deadline);
        try {
            if (forgotten) {
                return null;
            }
            Hold held = hold;
            if (held != null && !held.isFor(drop.operationId(), drop.digest())) {
                Hold.check(held);
            }
            CommitToken token = dropped(drop, Bytes.EMPTY, () -> {}, true, deadline);
            endHold(drop.operationId());
            return token;
        } finally {
            writer.unlock();
        }
    }

    /** Says that nothing of it is kept any more, if it was dropped before an instant and not written since; does not wait. */
    boolean forget(Instant before) {
        if (!writer.tryLock()) {
            return false;
        }
        try {
            forgotten = forgotten || (state.commit() == 0 && hold == null && droppedAt.isBefore(before));
            return forgotten;
        } finally {
            writer.unlock();
        }
    }

    /** Does something while nobody writes. */
    <T> T whileStill(Supplier<T> work, Deadline deadline) {
        lock(deadline);
        try {
            return work.get();
        } finally {
            writer.unlock();
        }
    }

    private void lock(Deadline deadline) {
        try {
            if (!writer.tryLock(deadline.remaining().toNanos(), TimeUnit.NANOSECONDS)) {
                throw new ContextTimeoutException("another batch of the namespace took until the deadline");
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new ContextTimeoutException("the thread was interrupted", Outcome.NOT_APPLIED, interrupted);
        }
    }
}
