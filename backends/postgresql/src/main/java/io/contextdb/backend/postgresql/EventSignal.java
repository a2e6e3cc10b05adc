package io.contextdb.backend.postgresql;

import io.contextdb.spi.value.Deadline;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** Wakes those who wait for events when any were committed, or when the store closes. */
final class EventSignal {
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition signalled = lock.newCondition();
    private final AtomicLong count = new AtomicLong();
    private volatile boolean closed;

    /** Returns how often it was signalled; ask before looking for events, so that none is missed in between. */
    long count() {
        return count.get();
    }

    void signal() {
        lock.lock();
        try {
            count.incrementAndGet();
            signalled.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Waits until there was a signal after {@code seen} of them; false if the thread is interrupted or the store closes. */
    boolean await(long seen, Deadline deadline) {
        lock.lock();
        try {
            long left = deadline.remaining().toNanos();
            while (count.get() == seen && !closed && left > 0) {
                left = signalled.awaitNanos(left);
            }
            return !closed;
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return false;
        } finally {
            lock.unlock();
        }
    }

    void close() {
        closed = true;
        signal();
    }
}
