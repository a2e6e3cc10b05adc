package io.contextdb.backend.embedded;

import io.contextdb.spi.error.ContextTimeoutException;
import io.contextdb.spi.error.Outcome;
import io.contextdb.spi.value.Deadline;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Transaction time in microseconds. Commit times rise strictly, whatever the system's clock does, and none is at or before
 * an instant that a read already asked for: what was read as known then stays as it was.
 */
final class StoreClock {
    private static final long NOTHING = Long.MAX_VALUE;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition settled = lock.newCondition();
    /** No later commit gets a time at or before this; guarded by the lock. */
    private long last;
    /** Earliest time given to a batch whose commit is not visible yet; guarded by the lock. */
    private long pending = NOTHING;

    StoreClock(long lastCommitted) {
        last = lastCommitted;
    }

    private static long system() {
        return Columns.of(Instant.now());
    }

    /** Returns what "now" means for a read: not before any commit that it may see. */
    long now() {
        lock.lock();
        try {
            return Math.max(system(), last);
        } finally {
            lock.unlock();
        }
    }

    /** Returns the time of the next batch; the writer says with {@link #settle} when it is visible or given up. */
    long next() {
        lock.lock();
        try {
            last = Math.max(system(), last + 1);
            pending = Math.min(pending, last);
            return last;
        } finally {
            lock.unlock();
        }
    }

    void settle() {
        lock.lock();
        try {
            pending = NOTHING;
            settled.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Promises that nothing is ever committed at or before an instant, unless that lies in the future; waits for commits
     * under way that are. Call it before the snapshot is taken.
     */
    void promise(long instant, Deadline deadline) {
        lock.lock();
        try {
            if (instant <= system()) {
                last = Math.max(last, instant);
            }
            while (pending <= instant) {
                if (settled.awaitNanos(TimeUnit.MILLISECONDS.toNanos(50)) <= 0 && deadline.passed()) {
                    throw new ContextTimeoutException("a commit under way did not end before the deadline");
                }
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new ContextTimeoutException("the thread was interrupted", Outcome.NOT_APPLIED, interrupted);
        } finally {
            lock.unlock();
        }
    }
}
