package io.contextdb.cli.inspect;

import io.contextdb.spi.event.Event;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Flow;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Takes events one by one until there were enough. */
final class EventPrinter implements Flow.Subscriber<Event> {
    private final Consumer<Event> print;
    private final CountDownLatch done;
    private volatile Flow.@Nullable Subscription subscription;
    private volatile @Nullable Throwable failure;
    private long left;

    EventPrinter(Consumer<Event> print, long limit, CountDownLatch done) {
        this.print = print;
        this.left = limit;
        this.done = done;
    }

    @Override
    public void onSubscribe(Flow.Subscription begun) {
        subscription = begun;
        begun.request(1);
    }

    @Override
    public void onNext(Event event) {
        print.accept(event);
        Flow.Subscription running = subscription;
        if (--left > 0 && running != null) {
            running.request(1);
            return;
        }
        if (running != null) {
            running.cancel();
        }
        done.countDown();
    }

    @Override
    public void onError(Throwable failed) {
        failure = failed;
        done.countDown();
    }

    @Override
    public void onComplete() {
        done.countDown();
    }

    void rethrow() {
        Throwable failed = failure;
        if (failed instanceof RuntimeException known) {
            throw known;
        }
        if (failed != null) {
            throw new IllegalStateException("following the events failed", failed);
        }
    }
}
