package io.contextdb.backend.postgresql;

import io.contextdb.spi.error.ContextTimeoutException;
import io.contextdb.spi.error.Outcome;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A call of a virtual thread, made by another one, which nobody interrupts: the JDK closes the socket that an interrupted virtual thread
 * reads from, and with it goes the connection and what is known of the call. The caller waits, and passes its interrupt on to the watch
 * over calls, which cancels the statement. One that is interrupted before there is a connection does not wait.
 */
final class ApartCall<T> implements CallWatch.Caller {
    /** What is done; it asks {@link #begin} once it has a connection. */
    interface Body<T> {
        T run(ApartCall<T> call);
    }

    private enum State {
        WAITING,
        AT_WORK,
        LEFT
    }

    static final String INTERRUPTED = "the thread was interrupted";

    private final Thread caller = Thread.currentThread();
    private final AtomicReference<State> state = new AtomicReference<>(State.WAITING);
    private volatile boolean interrupted;
    private volatile boolean over;
    private @Nullable T result;
    private @Nullable Throwable failure;

    private ApartCall() {}

    /** Runs something apart from the calling thread, and returns what it returns, or throws what it throws. */
    static <T> T run(Body<T> body) {
        ApartCall<T> call = new ApartCall<>();
        Thread.ofVirtual().name("contextdb-postgresql-call").start(() -> call.work(body));
        return call.await();
    }

    private void work(Body<T> body) {
        try {
            result = body.run(this);
        } catch (Throwable failed) {
            failure = failed;
        }
        over = true;
        LockSupport.unpark(caller);
    }

    private T await() {
        while (!over) {
            LockSupport.park(this);
            // Taken back, or to park would not wait; it is given again below.
            interrupted |= Thread.interrupted();
            if (interrupted && state.compareAndSet(State.WAITING, State.LEFT)) {
                caller.interrupt();
                throw new ContextTimeoutException(INTERRUPTED, Outcome.NOT_APPLIED, null);
            }
        }
        if (interrupted) {
            caller.interrupt();
        }
        if (failure != null) {
            throw thrown(failure);
        }
        return result();
    }

    /** Null only where the body returns null, which T says then. */
    @SuppressWarnings("NullAway")
    private T result() {
        return result;
    }

    /** Adds who called to where it failed. */
    private static RuntimeException thrown(Throwable failure) {
        failure.setStackTrace(
                Stream.concat(Arrays.stream(failure.getStackTrace()), Arrays.stream(new Throwable().getStackTrace()))
                        .toArray(StackTraceElement[]::new));
        if (failure instanceof Error error) {
            throw error;
        }
        return (RuntimeException) failure;
    }

    /** Returns whether the caller still waits, who from here on waits until it is done. */
    boolean begin() {
        return state.compareAndSet(State.WAITING, State.AT_WORK);
    }

    @Override
    public boolean isInterrupted() {
        return interrupted;
    }
}
