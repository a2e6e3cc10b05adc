package io.contextdb.backend.postgresql;

import io.contextdb.spi.error.ContextClosedException;
import io.contextdb.spi.error.ContextException;
import io.contextdb.spi.error.ContextThrottledException;
import io.contextdb.spi.error.ContextTimeoutException;
import io.contextdb.spi.error.ContextUnavailableException;
import io.contextdb.spi.error.Outcome;
import io.contextdb.spi.value.NamespaceName;
import io.contextdb.spi.write.WriteReceipt;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Lets concurrent batches of one namespace share a transaction: while one group is written, the next gathers. Each batch keeps
 * its own outcome. A caller that finds nobody at work writes its own batch; groups are written by a virtual thread, so that
 * callers keep to their own deadlines and interrupts. Thread-safe.
 */
final class GroupCommit implements AutoCloseable {
    private static final int QUEUE = 1024;
    private static final int GROUP = 256;
    private static final long GROUP_BYTES = 16L << 20;

    /** Writes a group and completes the outcome of each of its batches. */
    interface Writer {
        void write(List<Waiting> group);
    }

    private final Writer writer;
    /** What waits, by namespace; a queue is there while a thread works for it, and changed within the map's compute only. */
    private final ConcurrentHashMap<NamespaceName, Deque<Waiting>> queues = new ConcurrentHashMap<>();

    private volatile boolean closed;

    GroupCommit(Writer writer) {
        this.writer = writer;
    }

    WriteReceipt apply(Waiting waiting) {
        waiting.deadline.check("apply");
        if (enqueue(waiting)) {
            try {
                write(List.of(waiting));
            } finally {
                handOn(waiting.batch.namespace());
            }
        }
        try {
            return waiting.outcome.get(waiting.deadline.remaining().toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException late) {
            throw givenUp(waiting, "the deadline passed", late);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw givenUp(waiting, "the thread was interrupted", interrupted);
        } catch (ExecutionException failed) {
            if (failed.getCause() instanceof ContextException known) {
                throw known;
            }
            throw new IllegalStateException("the writer failed", failed.getCause());
        }
    }

    /** Returns whether nobody is at work, so that the caller is to write the batch itself. */
    private boolean enqueue(Waiting waiting) {
        boolean[] first = {false};
        queues.compute(waiting.batch.namespace(), (name, queue) -> {
            if (closed) {
                throw new ContextClosedException("the PostgreSQL store");
            }
            if (queue == null) {
                first[0] = waiting.taken.compareAndSet(false, true);
                return new ArrayDeque<>();
            }
            if (queue.size() >= QUEUE) {
                throw new ContextThrottledException(QUEUE + " batches of namespace " + name + " wait already");
            }
            queue.add(waiting);
            return queue;
        });
        return first[0];
    }

    /** Lets a thread write what has gathered; if nothing has, nobody is at work any more. */
    private void handOn(NamespaceName namespace) {
        if (queues.computeIfPresent(namespace, (name, queue) -> queue.isEmpty() ? null : queue) != null) {
            boolean started = false;
            try {
                Thread.ofVirtual().name("contextdb-postgresql-writer").start(() -> work(namespace));
                started = true;
            } finally {
                if (!started) {
                    abandon(namespace);
                }
            }
        }
    }

    /** Refuses what waits where nobody is at work any more, and lets the next caller begin anew. */
    private void abandon(NamespaceName namespace) {
        queues.computeIfPresent(namespace, (name, queue) -> {
            for (Waiting waiting : queue) {
                if (waiting.taken.compareAndSet(false, true)) {
                    waiting.outcome.completeExceptionally(new ContextUnavailableException(
                            "the writer of namespace " + name + " was ended by an error; the batch was withdrawn"));
                }
            }
            return null;
        });
    }

    private static ContextTimeoutException givenUp(Waiting waiting, String why, Exception cause) {
        return waiting.taken.compareAndSet(false, true)
                ? new ContextTimeoutException(
                        why + " before the batch was written; it was withdrawn", Outcome.NOT_APPLIED, cause)
                : new ContextTimeoutException(
                        why + " while the batch was written; repeat it with the same operation id to learn its outcome",
                        Outcome.UNKNOWN,
                        cause);
    }

    private void work(NamespaceName namespace) {
        boolean done = false;
        try {
            List<Waiting> group = take(namespace);
            while (!group.isEmpty()) {
                write(group);
                group = take(namespace);
            }
            done = true;
        } finally {
            if (!done) {
                abandon(namespace);
            }
        }
    }

    private void write(List<Waiting> group) {
        try {
            writer.write(group);
        } catch (RuntimeException | Error broken) {
            ContextException failure = broken instanceof ContextException known
                    ? known
                    : new ContextUnavailableException("the writer failed: " + broken, Outcome.UNKNOWN, broken);
            group.forEach(waiting -> waiting.outcome.completeExceptionally(failure));
        }
    }

    /** Takes the next group; an empty one when nothing waits, and then the queue is gone. */
    private List<Waiting> take(NamespaceName namespace) {
        List<Waiting> group = new ArrayList<>();
        queues.compute(namespace, (name, queue) -> {
            long bytes = 0;
            while (queue != null && !queue.isEmpty() && fits(group, bytes, queue.element())) {
                Waiting next = queue.remove();
                if (next.taken.compareAndSet(false, true)) {
                    group.add(next);
                    bytes += next.bytes;
                }
            }
            return group.isEmpty() ? null : queue;
        });
        return group;
    }

    private static boolean fits(List<Waiting> group, long bytes, Waiting next) {
        return group.isEmpty()
                || (group.size() < GROUP && bytes + next.bytes <= GROUP_BYTES && !next.alone && !group.get(0).alone);
    }

    /** Refuses new batches; those that wait end as their connections do. */
    @Override
    public void close() {
        closed = true;
        for (NamespaceName namespace : List.copyOf(queues.keySet())) {
            queues.computeIfPresent(namespace, (name, queue) -> {
                queue.forEach(waiting -> {
                    if (waiting.taken.compareAndSet(false, true)) {
                        waiting.outcome.completeExceptionally(new ContextClosedException("the PostgreSQL store"));
                    }
                });
                queue.clear();
                return queue;
            });
        }
    }
}
