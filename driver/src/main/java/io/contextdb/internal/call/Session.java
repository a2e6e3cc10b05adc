package io.contextdb.internal.call;

import io.contextdb.memory.MemoryConfig;
import io.contextdb.spi.Backend;
import io.contextdb.spi.capability.BackendInfo;
import io.contextdb.spi.capability.Capability;
import io.contextdb.spi.capability.Idempotency;
import io.contextdb.spi.error.ContextClosedException;
import io.contextdb.spi.error.ContextException;
import io.contextdb.spi.value.CommitToken;
import io.contextdb.spi.value.Deadline;
import io.contextdb.spi.value.NamespaceName;
import io.contextdb.spi.value.ReadScope;
import io.contextdb.spi.write.Mutation;
import io.contextdb.spi.write.NamespaceDrop;
import io.contextdb.spi.write.WriteBatch;
import io.contextdb.spi.write.WriteReceipt;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What every call of a connection passes through, in this order: is the connection open, does the backend offer it, does it
 * fit the limits, by when must it end, may it be repeated, where did it fail, what is the newest commit seen. Thread-safe.
 */
public final class Session {
    private final Store store;
    private final Supplier<Deadline> deadlines;
    private final AtomicBoolean closed;
    private final AtomicReference<CommitToken> token;
    private final Set<Thread> running;

    private Session(
            Store store,
            Supplier<Deadline> deadlines,
            AtomicBoolean closed,
            AtomicReference<CommitToken> token,
            Set<Thread> running) {
        this.store = store;
        this.deadlines = deadlines;
        this.closed = closed;
        this.token = token;
        this.running = running;
    }

    /** Begins a session that has seen no commit. */
    public static Session open(Store store) {
        return new Session(
                store,
                () -> Deadline.after(store.timeout()),
                new AtomicBoolean(),
                new AtomicReference<>(CommitToken.NONE),
                ConcurrentHashMap.newKeySet());
    }

    /** Returns the same session with another time-out for its calls. */
    public Session withTimeout(Duration other) {
        Deadline.after(other);
        return new Session(store, () -> Deadline.after(other), closed, token, running);
    }

    /** Returns the same session whose calls all end by one deadline. */
    public Session until(Deadline deadline) {
        return new Session(store, () -> deadline, closed, token, running);
    }

    /** Returns by when a call that begins now must end. */
    public Deadline deadline() {
        return deadlines.get();
    }

    /** Ends the session: later calls fail, threads that work for it are interrupted. Returns whether it was open. */
    public boolean close() {
        boolean open = closed.compareAndSet(false, true);
        running.forEach(Thread::interrupt);
        return open;
    }

    /** Returns the threads that work for this session; one puts itself in and takes itself out. */
    public Set<Thread> running() {
        return running;
    }

    /** Returns whether the session has ended. */
    public boolean isClosed() {
        return closed.get();
    }

    /** Returns the newest commit that the session has seen. */
    public CommitToken token() {
        return token.get();
    }

    /** Makes later reads see a commit. */
    public void present(CommitToken seen) {
        token.accumulateAndGet(seen, CommitToken::max);
    }

    /** Returns the store. */
    public Store store() {
        return store;
    }

    /** Returns what memory works with. */
    public MemoryConfig memoryServices() {
        return store.memory();
    }

    /** Returns what the backend is and promises. */
    public BackendInfo info() {
        checkOpen();
        return store.backend().info();
    }

    /** Refuses a value over a limit. */
    public void checkLimit(String field, long actual, long limit) {
        LimitCheck.check(field, actual, limit);
    }

    /** Applies mutations as a batch with a new operation id. */
    public WriteReceipt apply(NamespaceName namespace, List<? extends Mutation> mutations) {
        return apply(WriteBatch.of(namespace, mutations));
    }

    /** Applies a batch. */
    public WriteReceipt apply(WriteBatch batch) {
        WriteReceipt receipt = located(batch.namespace(), () -> {
            checkOpen();
            BackendInfo info = store.backend().info();
            LimitCheck.check(batch, info);
            Deadline deadline = deadlines.get();
            deadline.check("apply");
            boolean repeatable = info.idempotency() == Idempotency.OPERATION_ID;
            return observed("apply", repeatable, deadline, () -> store.backend().apply(batch, deadline));
        });
        present(receipt.token());
        return receipt;
    }

    /** Removes a namespace. */
    public void drop(NamespaceDrop drop) {
        CommitToken removed = located(drop.namespace(), () -> {
            checkOpen();
            Deadline deadline = deadlines.get();
            deadline.check("namespace.drop");
            // Without operation ids, a repeat after an answer that was lost would remove what others wrote since.
            boolean repeatable = store.backend().info().idempotency() == Idempotency.OPERATION_ID;
            return observed(
                    "namespace.drop",
                    repeatable,
                    deadline,
                    () -> store.backend().namespaces().drop(drop, deadline));
        });
        present(removed);
    }

    /** Reads from a namespace what needs a capability. */
    public <T> T read(
            NamespaceName namespace, Capability needed, String operation, BiFunction<Backend, ReadScope, T> call) {
        return located(namespace, () -> {
            checkOpen();
            store.backend().info().require(needed);
            return scoped(namespace, operation, call);
        });
    }

    /** Reads from a namespace what needs no capability. */
    public <T> T read(NamespaceName namespace, String operation, BiFunction<Backend, ReadScope, T> call) {
        return located(namespace, () -> {
            checkOpen();
            return scoped(namespace, operation, call);
        });
    }

    /** Calls the backend for something that belongs to no namespace, and that may be repeated. */
    public <T> T call(String operation, BiFunction<Backend, Deadline, T> call) {
        return located(null, () -> {
            checkOpen();
            Deadline deadline = deadlines.get();
            return observed(operation, true, deadline, () -> call.apply(store.backend(), deadline));
        });
    }

    private <T> T scoped(NamespaceName namespace, String operation, BiFunction<Backend, ReadScope, T> call) {
        Deadline deadline = deadlines.get();
        deadline.check(operation);
        ReadScope scope = new ReadScope(namespace, deadline, token.get());
        return observed(operation, true, deadline, () -> call.apply(store.backend(), scope));
    }

    private <T> T observed(String operation, boolean repeatable, Deadline deadline, Supplier<T> call) {
        return store.observer()
                .observe(operation, store.url().scheme(), () -> store.retry().call(repeatable, deadline, call));
    }

    private <T> T located(@Nullable NamespaceName namespace, Supplier<T> call) {
        try {
            return call.get();
        } catch (ContextException failed) {
            failed.locate(store.url().redacted(), namespace == null ? null : namespace.value());
            throw failed;
        }
    }

    private void checkOpen() {
        if (closed.get()) {
            throw new ContextClosedException("connection");
        }
        store.checkOpen();
    }
}
