package io.contextdb;

import io.contextdb.internal.call.Session;
import io.contextdb.spi.capability.Capability;
import io.contextdb.spi.error.ContextTransientException;
import io.contextdb.spi.event.Event;
import io.contextdb.spi.event.EventPosition;
import io.contextdb.spi.event.EventQuery;
import io.contextdb.spi.value.Deadline;
import io.contextdb.spi.value.NamespaceName;
import io.contextdb.spi.value.ReadScope;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.Queue;
import java.util.concurrent.TimeUnit;

/** The events after a position, without end: waits for the next one, and goes on after transient errors where it was. */
final class EventTail implements Iterator<Event> {
    private static final Duration WAIT = Duration.ofSeconds(10);
    private static final Duration FIRST_PAUSE = Duration.ofMillis(50);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);

    private final Session session;
    private final NamespaceName namespace;
    private final EventQuery query;
    private final Queue<Event> held = new ArrayDeque<>();
    private EventPosition after;
    private Duration pause = FIRST_PAUSE;

    EventTail(Session session, NamespaceName namespace, EventQuery query) {
        this.session = session;
        this.namespace = namespace;
        this.query = query;
        this.after = query.after();
    }

    @Override
    public boolean hasNext() {
        return true;
    }

    @Override
    public Event next() {
        while (held.isEmpty()) {
            try {
                read();
                pause = FIRST_PAUSE;
            } catch (ContextTransientException failed) {
                if (Thread.currentThread().isInterrupted() || session.isClosed()) {
                    throw failed;
                }
                back(failed);
            }
        }
        return held.remove();
    }

    private void read() {
        // What is after the query's position but not selected must be passed too, or each wait would return at once.
        EventPosition last = session.read(
                namespace,
                Capability.EVENTS,
                "events.last",
                (backend, scope) -> backend.events().last(scope));
        held.addAll(session.read(
                namespace,
                Capability.EVENTS,
                "events.read",
                (backend, scope) -> backend.events().read(scope, query.from(after))));
        if (!held.isEmpty()) {
            after = ((ArrayDeque<Event>) held).getLast().position();
            return;
        }
        if (last.compareTo(after) > 0) {
            after = last;
        }
        session.read(namespace, Capability.EVENTS, "events.await", (backend, scope) -> {
            ReadScope bounded =
                    new ReadScope(namespace, Deadline.after(WAIT).earlier(scope.deadline()), scope.atLeast());
            backend.events().await(bounded, after);
            return true;
        });
    }

    private void back(ContextTransientException failed) {
        try {
            TimeUnit.NANOSECONDS.sleep(pause.toNanos());
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw failed;
        }
        pause = pause.multipliedBy(2).compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : pause.multipliedBy(2);
    }
}
