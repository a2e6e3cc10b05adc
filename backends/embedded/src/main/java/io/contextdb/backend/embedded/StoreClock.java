package io.contextdb.backend.embedded;

import io.contextdb.spi.error.ContextTimeoutException;
import io.contextdb.spi.error.Outcome;
import io.contextdb.spi.value.Deadline;
import java.time.InstantSource;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;

/**
 * The store's time in microseconds. It follows the system's clock forward and never back: while that is behind, it goes on from the
 * last commit or reading by the time that passes, or what is to end soon would live for as long as the clock was set back. Commit
 * times rise strictly, and none is at or before an instant that a read already asked for: what was read as known then stays as it was.
 */
final class StoreClock {
    private static final long NOTHING = Long.MAX_VALUE;
    /**
     * While it is ahead of the system's clock it is slower by one part in this many, until that has caught up: no two clocks run
     * alike, and without this it would be ahead by the sum of all their differences.
     */
    private static final long SLOWER = 1_024;

    private final InstantSource wall;
    private final LongSupplier nanos;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition settled = lock.newCondition();
    /** The last reading of the system's clock that was not behind; guarded by the lock. */
    private long reading;
    /** The nanoseconds, of a clock that is never set, for which that reading stands; guarded by the lock. */
    private long readAt;
    /** No later commit gets a time at or before this; guarded by the lock. */
    private long last;
    /** Earliest time given to a batch whose commit is not visible yet; guarded by the lock. */
    private long pending = NOTHING;

    StoreClock(long lastCommitted) {
        this(lastCommitted, InstantSource.system(), System::nanoTime);
    }

    /** Creates a clock; {@code nanos} counts nanoseconds from any moment on, and is never set. */
    StoreClock(long lastCommitted, InstantSource wall, LongSupplier nanos) {
        this.wall = wall;
        this.nanos = nanos;
        last = lastCommitted;
        reading = lastCommitted;
        readAt = nanos.getAsLong();
    }

    private long read() {
        // In this order: a thread that is held up in between would else take the system's later time for an earlier
        // moment.
        long system = Columns.of(wall.instant());
        long passing = nanos.getAsLong();
        long passed = Math.max(0, passing - readAt) / 1_000;
        long going = reading + passed - passed / SLOWER;
        if (system < going) {
            return going;
        }
        reading = system;
        readAt = passing;
        return system;
    }

    /** Returns what "now" means for a read: not before any commit that it may see. */
    long now() {
        lock.lock();
        try {
            return Math.max(read(), last);
        } finally {
            lock.unlock();
        }
    }

    /** Returns the time of the next batch; the writer says with {@link #settle} when it is visible or given up. */
    long next() {
        lock.lock();
        try {
            last = Math.max(read(), last + 1);
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
            if (instant <= read()) {
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
