package io.contextdb.backend.memory;

import io.contextdb.spi.error.ContextTimeoutException;
import io.contextdb.spi.error.Outcome;
import io.contextdb.spi.event.EventPosition;
import io.contextdb.spi.value.Bytes;
import io.contextdb.spi.value.CommitToken;
import io.contextdb.spi.value.Deadline;
import io.contextdb.spi.write.Mutation;
import io.contextdb.spi.write.MutationResult;
import io.contextdb.spi.write.WriteBatch;
import io.contextdb.spi.write.WriteReceipt;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** A namespace: the snapshot that readers take, and the lock of its one writer. Thread-safe. */
final class Namespace {
    private final MemoryStore store;
    private final ReentrantLock writer = new ReentrantLock();
    private final OperationLog operations = new OperationLog();
    private volatile NamespaceState state = NamespaceState.EMPTY;

    /** Completed with the commit, and replaced, when events were appended. */
    private final AtomicReference<CompletableFuture<Long>> appended = new AtomicReference<>(new CompletableFuture<>());

    /** Set under the lock; a writer that finds it set starts again with a new namespace of the name. */
    private boolean dropped;

    Namespace(MemoryStore store) {
        this.store = store;
    }

    NamespaceState state() {
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

    /** Applies a batch; null if the namespace was dropped meanwhile. */
    @Nullable
    WriteReceipt apply(WriteBatch batch, Bytes digest, Deadline deadline) {
        lock(deadline);
        try {
            if (dropped) {
                return null;
            }
            operations.forgetBefore(store.clock().now());
            WriteReceipt first = operations.find(batch.operationId(), digest);
            if (first != null) {
                return state.events().current(first);
            }
            deadline.check("apply");
            WriteReceipt receipt = commit(batch);
            operations.remember(digest, receipt);
            return receipt;
        } finally {
            writer.unlock();
        }
    }

    private WriteReceipt commit(WriteBatch batch) {
        Instant time = store.clock().tick();
        long commit = store.nextCommit();
        long millis = store.clock().millis();
        BatchChanges changes = new BatchChanges(state);
        List<MutationResult> results = new ArrayList<>(batch.mutations().size());
        for (Mutation mutation : batch.mutations()) {
            results.add(changes.apply(mutation, new Step(commit, time, millis, results.size())));
        }
        WriteReceipt receipt = new WriteReceipt(batch.operationId(), results, new CommitToken(0, commit, 0), time);
        EventPosition lastEvent = state.events().last();
        state = changes.state(commit, time, millis);
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

    void drop(Deadline deadline) {
        lock(deadline);
        try {
            dropped = true;
            state = NamespaceState.EMPTY;
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
