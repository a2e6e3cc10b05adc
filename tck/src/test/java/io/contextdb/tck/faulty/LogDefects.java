package io.contextdb.tck.faulty;

import static io.contextdb.tck.faulty.Defect.of;
import static io.contextdb.tck.faulty.Defect.remembering;
import static io.contextdb.tck.faulty.Fault.asked;
import static io.contextdb.tck.faulty.Fault.in;
import static io.contextdb.tck.faulty.Fault.listed;
import static io.contextdb.tck.faulty.Fault.seen;
import static io.contextdb.tck.faulty.Fault.written;

import io.contextdb.spi.event.Event;
import io.contextdb.spi.event.EventPosition;
import io.contextdb.spi.event.EventQuery;
import io.contextdb.spi.event.Payload;
import io.contextdb.spi.value.Bytes;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Mistakes with the event log. */
final class LogDefects {
    private LogDefects() {}

    static List<Defect> all() {
        return log();
    }

    private static Event at(Event event, Instant time, Instant appended) {
        return new Event(event.position(), event.type(), event.subject(), event.payload(), time, appended);
    }

    private static List<Defect> log() {
        return List.of(
                remembering(
                        "cursor-skips-late-commits",
                        "Positions are given before the commit, so that a reader passes some that appear later.",
                        "E1",
                        () -> {
                            Map<EventPosition, Long> first = new ConcurrentHashMap<>();
                            return in("events.read", call -> {
                                long now = System.nanoTime();
                                List<Event> all = call.list();
                                List<Event> visible = new ArrayList<>();
                                for (Event event : all) {
                                    long seen = first.computeIfAbsent(event.position(), position -> now);
                                    if (event.position().commit() % 5 != 0 || now - seen > 3_000_000) {
                                        visible.add(event);
                                    }
                                }
                                return visible;
                            });
                        }),
                of(
                        "events-by-their-own-time",
                        "Events are read in the order of their own times.",
                        "E1 E2",
                        listed(
                                "events.read",
                                (List<Event> events) -> events.stream()
                                        .sorted(Comparator.comparing(Event::time))
                                        .toList())),
                of(
                        "events-of-a-batch-reversed",
                        "Events of one batch come in reverse order.",
                        "E1 E2 D3a",
                        listed(
                                "events.read",
                                (List<Event> events) -> events.stream()
                                        .sorted(Comparator.<Event>comparingLong(event ->
                                                        event.position().commit())
                                                .thenComparing(event ->
                                                        -event.position().sequence()))
                                        .toList())),
                of(
                        "position-included",
                        "Reading after a position includes the event there.",
                        "E2",
                        in("events.read", call -> {
                            EventQuery q = call.argument(EventQuery.class);
                            EventPosition after = q.after();
                            return after.commit() == 0
                                    ? call.proceed()
                                    : call.with(
                                                    EventQuery.class,
                                                    q.from(
                                                            after.sequence() > 0
                                                                    ? new EventPosition(
                                                                            after.commit(), after.sequence() - 1)
                                                                    : new EventPosition(
                                                                            after.commit() - 1, Long.MAX_VALUE)))
                                            .proceed();
                        })),
                of(
                        "rest-of-a-batch-skipped",
                        "Reading after a position skips the rest of its batch.",
                        "E2 D3a",
                        asked(
                                "events.read",
                                EventPosition.class,
                                after -> after.commit() == 0
                                        ? after
                                        : new EventPosition(after.commit(), Long.MAX_VALUE))),
                of(
                        "event-limit-ignored",
                        "Reading events ignores the limit.",
                        "E2",
                        asked(
                                "events.read",
                                EventQuery.class,
                                q -> new EventQuery(q.after(), q.types(), q.subjects(), 10_000))),
                of(
                        "event-limit-before-selection",
                        "The limit counts events that the types and subjects leave out.",
                        "E2",
                        in("events.read", call -> {
                            EventQuery q = call.argument(EventQuery.class);
                            return call
                                    .with(EventQuery.class, EventQuery.after(q.after(), q.limit()))
                                    .<Event>list()
                                    .stream()
                                    .filter(q::selects)
                                    .toList();
                        })),
                of(
                        "event-types-ignored",
                        "Reading events ignores the types.",
                        "E2",
                        asked(
                                "events.read",
                                EventQuery.class,
                                q -> new EventQuery(q.after(), List.of(), q.subjects(), q.limit()))),
                of(
                        "event-subjects-ignored",
                        "Reading events ignores the subjects.",
                        "E2",
                        asked(
                                "events.read",
                                EventQuery.class,
                                q -> new EventQuery(q.after(), q.types(), List.of(), q.limit()))),
                of(
                        "event-subjects-as-prefixes",
                        "Subjects of events are compared as prefixes.",
                        "E2 D3a",
                        in("events.read", call -> {
                            EventQuery q = call.argument(EventQuery.class);
                            return q.subjects().isEmpty()
                                    ? call.proceed()
                                    : call
                                            .with(
                                                    EventQuery.class,
                                                    new EventQuery(q.after(), q.types(), List.of(), q.limit()))
                                            .<Event>list()
                                            .stream()
                                            .filter(event ->
                                                    q.subjects().stream().anyMatch(event.subject()::startsWith))
                                            .toList();
                        })),
                of(
                        "event-types-or-subjects",
                        "An event of one of the types or about one of the subjects is selected.",
                        "E2",
                        in("events.read", call -> {
                            EventQuery q = call.argument(EventQuery.class);
                            return q.types().isEmpty() || q.subjects().isEmpty()
                                    ? call.proceed()
                                    : call
                                            .with(EventQuery.class, EventQuery.after(q.after(), q.limit()))
                                            .<Event>list()
                                            .stream()
                                            .filter(event -> q.types().contains(event.type())
                                                    || q.subjects().contains(event.subject()))
                                            .toList();
                        })),
                of(
                        "event-bytes-as-text",
                        "Bytes of events go through a text type.",
                        "E4",
                        written(
                                Payload.Binary.class,
                                binary -> new Payload.Binary(
                                        Bytes.utf8(binary.bytes().utf8())))),
                of(
                        "event-bytes-as-json",
                        "Bytes of events that spell JSON come back as an object.",
                        "E4",
                        seen(
                                Payload.class,
                                payload -> payload instanceof Payload.Binary binary
                                                && binary.bytes().utf8().startsWith("{")
                                        ? Payload.json(io.contextdb.spi.value.PropertyMap.empty())
                                        : payload)),
                of(
                        "event-time-of-append",
                        "The time of an event is always that of its append.",
                        "E4",
                        seen(Event.class, event -> at(event, event.appendedAt(), event.appendedAt()))),
                of(
                        "append-time-given-by-the-caller",
                        "The append time is the event's own time.",
                        "E4",
                        seen(Event.class, event -> at(event, event.time(), event.time()))),
                of(
                        "equal-events-once",
                        "An event equal to one that is there is not appended again.",
                        "E1 E2",
                        in("events.read", call -> {
                            List<Event> once = new ArrayList<>();
                            call.<Event>list().forEach(event -> {
                                if (once.stream()
                                        .noneMatch(other -> other.payload().equals(event.payload())
                                                && other.type().equals(event.type())
                                                && other.subject().equals(event.subject())
                                                && other.time().equals(event.time()))) {
                                    once.add(event);
                                }
                            });
                            return once;
                        })),
                of(
                        "subscriptions-sleep-through",
                        "Waiting for events returns only when the deadline has passed.",
                        "E2",
                        in("events.await", call -> {
                            try {
                                Thread.sleep(Math.min(
                                        60_000,
                                        call.argument(io.contextdb.spi.value.ReadScope.class)
                                                .deadline()
                                                .remaining()
                                                .toMillis()));
                            } catch (InterruptedException ended) {
                                Thread.currentThread().interrupt();
                            }
                            return call.proceed();
                        })));
    }
}
