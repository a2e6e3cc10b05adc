package io.contextdb;

import io.contextdb.spi.error.ContextClosedException;
import java.util.Iterator;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Flow;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/**
 * Feeds a {@link Flow.Subscriber} from an iterator, on a virtual thread of its own, exactly as much as it asks for, by the rules
 * of Reactive Streams: signals one after another, none after the end or after cancellation.
 */
final class StreamSubscription<T> implements Flow.Subscription {
    private final Flow.Subscriber<? super T> subscriber;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition asked = lock.newCondition();

    /** Items asked for and not yet given; guarded by the lock. */
    private long demand;

    /** Why no more items will be given; guarded by the lock. */
    private boolean cancelled;

    private boolean badRequest;
    private final Thread thread;

    private StreamSubscription(
            String name, Flow.Subscriber<? super T> subscriber, Supplier<Iterator<T>> source, Set<Thread> running) {
        this.subscriber = subscriber;
        this.thread = Thread.ofVirtual().name(name).unstarted(() -> {
            try {
                feed(source);
            } finally {
                running.remove(Thread.currentThread());
            }
        });
    }

    /** Subscribes and starts; the thread is in {@code running} while it lives, and ends when it is interrupted. */
    static <T> void start(
            String name, Flow.Subscriber<? super T> subscriber, Supplier<Iterator<T>> source, Set<Thread> running) {
        StreamSubscription<T> subscription =
                new StreamSubscription<>(name, Objects.requireNonNull(subscriber), source, running);
        running.add(subscription.thread);
        try {
            subscriber.onSubscribe(subscription);
        } catch (RuntimeException | Error refused) {
            running.remove(subscription.thread);
            throw refused;
        }
        subscription.thread.start();
    }

    @Override
    public void request(long n) {
        lock.lock();
        try {
            badRequest |= n <= 0;
            demand = demand + n < 0 ? Long.MAX_VALUE : demand + Math.max(0, n);
            asked.signal();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void cancel() {
        lock.lock();
        try {
            cancelled = true;
            asked.signal();
        } finally {
            lock.unlock();
        }
        thread.interrupt();
    }

    private void feed(Supplier<Iterator<T>> source) {
        try {
            Iterator<T> items = source.get();
            while (awaitDemand()) {
                if (!items.hasNext()) {
                    complete();
                    return;
                }
                T item = items.next();
                if (!ended()) {
                    subscriber.onNext(item);
                }
            }
        } catch (InterruptedException closed) {
            fail(new ContextClosedException("connection"));
        } catch (Throwable failed) {
            fail(failed);
        }
    }

    /** Waits until an item is asked for; false if the subscription was cancelled. */
    private boolean awaitDemand() throws InterruptedException {
        lock.lock();
        try {
            while (demand == 0 && !cancelled && !badRequest) {
                asked.await();
            }
            if (cancelled) {
                return false;
            }
            if (badRequest) {
                throw new IllegalArgumentException("a subscription must request a positive number of items");
            }
            if (demand != Long.MAX_VALUE) {
                demand--;
            }
            return true;
        } finally {
            lock.unlock();
        }
    }

    private boolean ended() {
        lock.lock();
        try {
            return cancelled;
        } finally {
            lock.unlock();
        }
    }

    private void complete() {
        if (!ended()) {
            cancel();
            subscriber.onComplete();
        }
    }

    private void fail(Throwable failure) {
        if (!ended()) {
            lock.lock();
            try {
                cancelled = true;
            } finally {
                lock.unlock();
            }
            subscriber.onError(failure);
        }
    }
}
