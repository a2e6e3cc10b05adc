package io.contextdb.backend.memory;

import io.contextdb.spi.error.ContextTimeoutException;
import io.contextdb.spi.error.Outcome;
import io.contextdb.spi.error.UnsupportedCapabilityException;
import io.contextdb.spi.value.Bytes;
import io.contextdb.spi.value.CommitToken;
import io.contextdb.spi.value.Deadline;
import io.contextdb.spi.write.GraphMutation;
import io.contextdb.spi.write.Mutation;
import io.contextdb.spi.write.MutationResult;
import io.contextdb.spi.write.WriteBatch;
import io.contextdb.spi.write.WriteReceipt;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** A namespace: the snapshot that readers take, and the lock of its one writer. Thread-safe. */
final class Namespace {
    private final MemoryStore store;
    private final ReentrantLock writer = new ReentrantLock();
    private final OperationLog operations = new OperationLog();
    private volatile NamespaceState state = NamespaceState.EMPTY;

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
                return first;
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
        GraphChanges graph = new GraphChanges(state.graph());
        List<MutationResult> results = new ArrayList<>(batch.mutations().size());
        for (Mutation mutation : batch.mutations()) {
            Step step = new Step(commit, time, millis, results.size());
            if (!(mutation instanceof GraphMutation change) || !MemoryBackend.OFFERED.contains(mutation.requires())) {
                throw new UnsupportedCapabilityException(mutation.requires().name(), MemoryBackend.PRODUCT);
            }
            results.add(graph.apply(change, step));
        }
        WriteReceipt receipt = new WriteReceipt(batch.operationId(), results, new CommitToken(0, commit, 0), time);
        state = new NamespaceState(commit, time, graph.state());
        return receipt;
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
