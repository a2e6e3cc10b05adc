package io.contextdb;

import io.contextdb.internal.call.Arguments;
import io.contextdb.spi.error.ContextThrottledException;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import java.util.concurrent.Semaphore;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * Calls of a connection that do not block: each runs on a virtual thread of its own. More than {@value #MAX_CALLS} at once are
 * refused with {@link ContextThrottledException}, so that nothing queues without bound. Thread-safe.
 *
 * <pre>{@code
 * connection.async().call(c -> c.namespace("support").graph().get(id)).thenAccept(…);
 * }</pre>
 */
public final class AsyncConnection {
    /** Most calls at once. */
    public static final int MAX_CALLS = 256;

    private final ContextConnection connection;
    private final Semaphore slots = new Semaphore(MAX_CALLS);
    private final Set<Thread> running;

    AsyncConnection(ContextConnection connection, Set<Thread> running) {
        this.connection = connection;
        this.running = running;
    }

    /**
     * Runs a call on a virtual thread. Cancelling the future interrupts it; what fails completes the future with its
     * exception.
     */
    // The dependent future of whenComplete carries nothing that the returned one does not.
    @SuppressWarnings("FutureReturnValueIgnored")
    public <T> CompletableFuture<T> call(Function<? super ContextConnection, ? extends T> call) {
        Arguments.required("call", call);
        if (!slots.tryAcquire()) {
            throw new ContextThrottledException(
                    "async: " + MAX_CALLS + " calls are under way on this connection; wait for some to end");
        }
        CompletableFuture<T> future = new CompletableFuture<>();
        Thread thread = Thread.ofVirtual().name("contextdb-async").unstarted(() -> {
            try {
                future.complete(call.apply(connection));
            } catch (Throwable failed) {
                future.completeExceptionally(failed);
            } finally {
                running.remove(Thread.currentThread());
                slots.release();
            }
        });
        running.add(thread);
        future.whenComplete((result, failed) -> {
            if (future.isCancelled()) {
                thread.interrupt();
            }
        });
        thread.start();
        return future;
    }

    /** Returns a publisher of a stream's items, read as fast as the subscriber asks; each subscription reads anew. */
    public <T> Flow.Publisher<T> stream(Function<? super ContextConnection, ? extends Stream<T>> call) {
        Arguments.required("stream", call);
        return subscriber -> StreamSubscription.start(
                "contextdb-stream", subscriber, () -> call.apply(connection).iterator(), running);
    }
}
