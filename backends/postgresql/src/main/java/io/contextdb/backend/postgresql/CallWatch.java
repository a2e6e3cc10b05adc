package io.contextdb.backend.postgresql;

import io.contextdb.spi.value.Deadline;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends calls that are late, or whose thread was interrupted, which a read from a socket does not notice (contract G10): it
 * asks the server to cancel, and closes the socket if that does not help at once. Such a connection is used again only where the
 * cancellation is known to have arrived, or it could hit its next user. One virtual thread; it sleeps while nothing runs.
 */
final class CallWatch implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(CallWatch.class);
    private static final long LOOK = TimeUnit.MILLISECONDS.toNanos(20);
    private static final long GRACE = TimeUnit.MILLISECONDS.toNanos(300);

    /** Who waits for a call. */
    interface Caller {
        boolean isInterrupted();
    }

    /** A call under way. */
    static final class Call {
        private final Connection connection;
        private final Thread thread;
        private final Caller caller;
        private final Deadline deadline;
        /** Whether the server has taken the cancellation, once that is known. */
        private final CompletableFuture<Boolean> cancelled = new CompletableFuture<>();

        private final AtomicReference<@Nullable String> end = new AtomicReference<>();
        private volatile long endedAt;

        private Call(Connection connection, Thread thread, Caller caller, Deadline deadline) {
            this.connection = connection;
            this.thread = thread;
            this.caller = caller;
            this.deadline = deadline;
        }

        /** The thread's, which is there already: to make an object's own takes longer than all else that is done here for a call. */
        @Override
        public int hashCode() {
            return thread.hashCode();
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return this == other;
        }

        /** Returns why the call was ended before its time; null if it was not, and will not be any more. */
        @Nullable
        String settle() {
            return end.compareAndSet(null, "") ? null : end.get();
        }

        /** Waits for a moment until the server has taken the cancellation of an ended call, and returns whether it has. */
        boolean isCancelled() {
            return cancelled
                    .completeOnTimeout(false, GRACE, TimeUnit.NANOSECONDS)
                    .join();
        }
    }

    private final Set<Call> calls = ConcurrentHashMap.newKeySet();
    private final Thread thread;
    /** Whether the thread sleeps until it is woken; a wake-up costs a call dear, so only the first one gives it. */
    private volatile boolean resting;

    private volatile boolean closed;

    CallWatch() {
        thread = Thread.ofVirtual().name("contextdb-postgresql-watch").start(this::look);
    }

    Call enter(Connection connection, Caller caller, Deadline deadline) {
        Call call = new Call(connection, Thread.currentThread(), caller, deadline);
        calls.add(call);
        if (resting) {
            LockSupport.unpark(thread);
        }
        return call;
    }

    /** Takes a call out, and returns why it was ended before its time, or null. */
    @Nullable
    String exit(Call call) {
        String why = call.settle();
        calls.remove(call);
        return why;
    }

    private void look() {
        while (!closed) {
            // Said before it is looked, so that a call that comes meanwhile wakes it.
            resting = true;
            if (calls.isEmpty()) {
                LockSupport.park();
            }
            resting = false;
            LockSupport.parkNanos(LOOK);
            lookAt(CallWatch::look);
        }
        lookAt(call -> end(call, "the store was closed"));
        while (!calls.isEmpty()) {
            LockSupport.parkNanos(LOOK);
            lookAt(CallWatch::look);
        }
    }

    /** Looks at each call; one look that fails must end neither the others nor this thread, or no call would end in time. */
    private void lookAt(Consumer<Call> look) {
        for (Call call : calls) {
            try {
                look.accept(call);
            } catch (RuntimeException | Error failed) {
                LOG.warn("A late call could not be ended; it is tried again", failed);
            }
        }
    }

    private static void look(Call call) {
        String why = call.end.get();
        if (why == null) {
            if (call.deadline.passed()) {
                end(call, "the deadline passed");
            } else if (call.caller.isInterrupted()) {
                end(call, ApartCall.INTERRUPTED);
            }
        } else if (!why.isEmpty() && System.nanoTime() - call.endedAt > GRACE) {
            call.endedAt = Long.MAX_VALUE / 2 + System.nanoTime();
            Thread.startVirtualThread(() -> abort(call.connection));
        }
    }

    private static void end(Call call, String why) {
        call.endedAt = System.nanoTime();
        if (call.end.compareAndSet(null, why)) {
            Thread.startVirtualThread(() -> call.cancelled.complete(cancel(call.connection)));
        }
    }

    /** Returns once the server has ended the connection that asked, which it does after it has told the process. */
    private static boolean cancel(Connection connection) {
        try {
            connection.unwrap(PGConnection.class).cancelQuery();
            return true;
        } catch (SQLException unreachable) {
            // The socket is closed next.
            return false;
        }
    }

    private static void abort(Connection connection) {
        try {
            connection.abort(Runnable::run);
        } catch (SQLException closedAlready) {
            // That is what was wanted.
        }
    }

    @Override
    public void close() {
        closed = true;
        LockSupport.unpark(thread);
    }
}
