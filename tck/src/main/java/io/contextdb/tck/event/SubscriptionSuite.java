package io.contextdb.tck.event;

import static org.assertj.core.api.Assertions.assertThat;

import io.contextdb.Events;
import io.contextdb.spi.capability.Capability;
import io.contextdb.spi.event.Event;
import io.contextdb.spi.event.EventDraft;
import io.contextdb.spi.event.EventPosition;
import io.contextdb.spi.event.EventQuery;
import io.contextdb.spi.event.Payload;
import io.contextdb.spi.value.PropertyMap;
import io.contextdb.tck.Kit;
import io.contextdb.tck.Needs;
import io.contextdb.tck.Proves;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Subscriptions. */
@Needs(Capability.EVENTS)
public abstract class SubscriptionSuite {
    private static EventDraft numbered(int n) {
        return EventDraft.of("n", PropertyMap.of("n", n));
    }

    private static long number(Event event) {
        return ((Payload.Json) event.payload()).body().integer("n").orElseThrow();
    }

    /** A subscriber that notes what it gets and asks for as much as the test says. */
    private static final class Noting implements Flow.Subscriber<Event> {
        final List<Event> events = new CopyOnWriteArrayList<>();
        final List<Throwable> errors = new CopyOnWriteArrayList<>();
        final CompletableFuture<Flow.Subscription> given = new CompletableFuture<>();

        Flow.Subscription subscription() {
            return given.orTimeout(20, TimeUnit.SECONDS).join();
        }

        @Override
        public void onSubscribe(Flow.Subscription subscription) {
            given.complete(subscription);
        }

        @Override
        public void onNext(Event event) {
            events.add(event);
        }

        @Override
        public void onError(Throwable failure) {
            errors.add(failure);
        }

        @Override
        public void onComplete() {
            errors.add(new AssertionError("a subscription to a log does not complete"));
        }
    }

    @Test
    @Proves("E2")
    void subscriptionsDeliverInOrderAndNoMoreThanAskedFor(Kit kit) throws InterruptedException {
        Events events = kit.namespace().events();
        IntStream.range(0, 10).forEach(n -> events.append(numbered(n)));
        Noting noting = new Noting();
        events.subscribe(EventQuery.after(EventPosition.START, 3)).subscribe(noting);

        noting.subscription().request(4);
        kit.await("four events are there", () -> noting.events.size() == 4);
        Thread.sleep(30);
        assertThat(noting.events).hasSize(4);
        noting.subscription().request(100);
        kit.await("the others are there", () -> noting.events.size() == 10);
        events.append(List.of(numbered(10), numbered(11)));
        kit.await("new ones are there", () -> noting.events.size() == 12);
        noting.subscription().cancel();

        assertThat(noting.events)
                .extracting(SubscriptionSuite::number)
                .containsExactlyElementsOf(
                        IntStream.range(0, 12).mapToObj(i -> (long) i).toList());
        assertThat(noting.errors).isEmpty();
    }

    @Test
    @Proves({"E2", "G11"})
    void subscriptionsRefuseBadRequestsAndEndWithTheConnection(Kit kit) {
        try (var connection = kit.another()) {
            Events events = connection.namespace(kit.name()).events();
            Noting bad = new Noting();
            events.subscribe(EventQuery.after(EventPosition.START, 3)).subscribe(bad);
            bad.subscription().request(0);
            kit.await("the bad request is refused", () -> bad.errors.size() == 1);
            assertThat(bad.errors.get(0)).isInstanceOf(IllegalArgumentException.class);

            Noting open = new Noting();
            events.subscribe(EventQuery.after(EventPosition.START, 3)).subscribe(open);
            open.subscription().request(1);
            connection.close();
            kit.await("the subscription ends", () -> open.errors.size() == 1);
        }
    }
}
