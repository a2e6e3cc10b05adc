package io.contextdb.backend.memory;

import io.contextdb.spi.error.ContextClosedException;
import io.contextdb.spi.error.ContextUnavailableException;
import io.contextdb.spi.error.InvalidRequestException;
import io.contextdb.spi.event.EventPosition;
import io.contextdb.spi.journal.Watermark;
import io.contextdb.spi.value.AsOf;
import io.contextdb.spi.value.CommitToken;
import io.contextdb.spi.value.Deadline;
import io.contextdb.spi.value.ReadScope;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;

/**
 * One opening of a store, until it is closed. Thread-safe.
 *
 * @param store the store
 * @param closed whether it was closed
 * @param home whether calls wait until whoever restores a home has said that it may serve (contract S8)
 */
record Session(MemoryStore store, AtomicBoolean closed, boolean home) {
    private static final Duration PAUSE = Duration.ofMillis(2);

    void check(String operation, Deadline deadline) {
        checkOpen(operation, deadline);
        while (home && !serves()) {
            if (deadline.remaining().compareTo(PAUSE) <= 0) {
                throw new ContextUnavailableException(operation
                        + ": the store is a home, and no relay has said yet that it has all that was decided");
            }
            LockSupport.parkNanos(PAUSE.toNanos());
            checkOpen(operation, deadline);
        }
    }

    void checkOpen(String operation, Deadline deadline) {
        if (closed.get()) {
            throw new ContextClosedException(MemoryBackend.PRODUCT);
        }
        deadline.check(operation);
    }

    private boolean serves() {
        Watermark mark = store.participantMark().get();
        return mark != null && mark.incarnation().equals(store.life());
    }

    /** Returns the snapshot of a namespace; an empty one if it was never written. */
    NamespaceState state(ReadScope scope) {
        check("read", scope.deadline());
        if (scope.atLeast().compareTo(new CommitToken(0, store.lastCommit(), Long.MAX_VALUE)) > 0) {
            throw new InvalidRequestException(
                    "token", scope.atLeast() + " is of another store, or of one that is gone");
        }
        Namespace namespace = store.namespaces().get(scope.namespace());
        return namespace == null ? NamespaceState.EMPTY : namespace.read();
    }

    GraphSnapshot graph(ReadScope scope, AsOf asOf) {
        NamespaceState state = state(scope);
        if (asOf.knownAt().isPresent()) {
            // The clock first: a namespace that is created after this gets later times only.
            store.clock().reach(asOf.knownAt().get());
            Namespace namespace = store.namespaces().get(scope.namespace());
            state = namespace == null
                    ? NamespaceState.EMPTY
                    : namespace.settledAt(asOf.knownAt().get(), scope.deadline());
        }
        return new GraphSnapshot(state.graph(), store.clock().now());
    }

    void awaitEvent(ReadScope scope, EventPosition after) {
        check("await", scope.deadline());
        store.namespaces()
                .computeIfAbsent(scope.namespace(), name -> new Namespace(store, name))
                .awaitEvent(after, scope.deadline());
    }
}
