package io.contextdb.tck.faulty;

import static io.contextdb.tck.faulty.Defect.of;
import static io.contextdb.tck.faulty.Defect.remembering;
import static io.contextdb.tck.faulty.Fault.asked;
import static io.contextdb.tck.faulty.Fault.hidden;
import static io.contextdb.tck.faulty.Fault.in;
import static io.contextdb.tck.faulty.Fault.listed;
import static io.contextdb.tck.faulty.Fault.quiet;
import static io.contextdb.tck.faulty.Fault.receipt;
import static io.contextdb.tck.faulty.Fault.replaced;
import static io.contextdb.tck.faulty.Fault.seen;
import static io.contextdb.tck.faulty.Fault.written;

import io.contextdb.spi.error.ErrorCode;
import io.contextdb.spi.error.InvalidRequestException;
import io.contextdb.spi.event.ConsumerGroup;
import io.contextdb.spi.event.DeadLetter;
import io.contextdb.spi.event.Delivery;
import io.contextdb.spi.event.Event;
import io.contextdb.spi.event.EventPosition;
import io.contextdb.spi.event.EventQuery;
import io.contextdb.spi.event.Payload;
import io.contextdb.spi.value.Bytes;
import io.contextdb.spi.value.CommitToken;
import io.contextdb.spi.value.Deadline;
import io.contextdb.spi.write.EventMutation;
import io.contextdb.spi.write.EventMutation.Acknowledge;
import io.contextdb.spi.write.EventMutation.Claim;
import io.contextdb.spi.write.EventMutation.CreateGroup;
import io.contextdb.spi.write.EventMutation.Release;
import io.contextdb.spi.write.EventMutation.Trim;
import io.contextdb.spi.write.MutationResult;
import io.contextdb.spi.write.WriteBatch;
import io.contextdb.spi.write.WriteReceipt;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Mistakes with the event log and its consumer groups. */
final class EventDefects {
    private EventDefects() {}

    static List<Defect> all() {
        List<Defect> all = new ArrayList<>(log());
        all.addAll(groups());
        all.addAll(trims());
        return all;
    }

    private static WriteReceipt pretended(Call call, MutationResult result) {
        return new WriteReceipt(call.batch().operationId(), List.of(result), CommitToken.NONE, Instant.now());
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
                        "E1 E2",
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
                        "E2",
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
                        "E2",
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

    private static MutationResult.Claimed claimed(List<Delivery> deliveries) {
        return new MutationResult.Claimed(deliveries);
    }

    private static ConsumerGroup group(ConsumerGroup g, EventPosition from, Duration visibility, int maxAttempts) {
        return new ConsumerGroup(g.name(), from, visibility, maxAttempts);
    }

    private static List<Defect> groups() {
        return List.of(
                of(
                        "group-delivers-twice",
                        "A claim gives out events that another member holds.",
                        "E3",
                        in("apply", call -> {
                            WriteReceipt receipt = call.receipt();
                            if (!(call.batch().mutations().get(0) instanceof Claim claim)
                                    || !(receipt.results().get(0) instanceof MutationResult.Claimed done)
                                    || !done.deliveries().isEmpty()) {
                                return receipt;
                            }
                            var scope = NodeDefects.scope(call);
                            EventPosition settled = call.healthy().events().groups(scope).stream()
                                    .filter(group -> group.name().equals(claim.group()))
                                    .findFirst()
                                    .map(ConsumerGroup::from)
                                    .orElse(EventPosition.END);
                            List<Delivery> again =
                                    call
                                            .healthy()
                                            .events()
                                            .read(scope, EventQuery.after(settled, claim.limit()))
                                            .stream()
                                            .map(event -> new Delivery(event, 1, Instant.now()))
                                            .toList();
                            return new WriteReceipt(
                                    receipt.operationId(),
                                    List.of(claimed(again)),
                                    receipt.token(),
                                    receipt.committedAt());
                        })),
                of(
                        "never-redelivered",
                        "An event that is not acknowledged is not delivered again.",
                        "E3",
                        written(ConsumerGroup.class, g -> group(g, g.from(), Duration.ofHours(12), g.maxAttempts()))),
                of(
                        "redelivered-at-once",
                        "The visibility time-out is not honoured.",
                        "E3",
                        written(ConsumerGroup.class, g -> group(g, g.from(), Duration.ofMillis(10), g.maxAttempts()))
                                .and(in("apply", call -> {
                                    Object receipt = call.proceed();
                                    if (call.batch().mutations().get(0) instanceof Claim) {
                                        pause(15);
                                    }
                                    return receipt;
                                }))),
                of(
                        "one-attempt-too-many",
                        "An event is delivered once more than the attempts allowed.",
                        "E3",
                        written(
                                ConsumerGroup.class,
                                g -> group(g, g.from(), g.visibility(), Math.min(1_000, g.maxAttempts() + 1)))),
                of(
                        "one-attempt-too-few",
                        "An event is given up one attempt early.",
                        "E3",
                        written(
                                ConsumerGroup.class,
                                g -> group(g, g.from(), g.visibility(), Math.max(1, g.maxAttempts() - 1)))),
                of(
                        "attempts-not-counted",
                        "Every delivery says that it is the first.",
                        "E3",
                        seen(
                                "apply",
                                Delivery.class,
                                delivery -> new Delivery(delivery.event(), 1, delivery.visibleAgainAt()))),
                of(
                        "release-counts-no-attempt",
                        "A release takes back the attempt.",
                        "E3",
                        seen(
                                "apply",
                                Delivery.class,
                                delivery -> delivery.attempt() == 2
                                                && Duration.between(Instant.now(), delivery.visibleAgainAt())
                                                                .toSeconds()
                                                        > 20
                                        ? new Delivery(delivery.event(), 1, delivery.visibleAgainAt())
                                        : delivery)),
                of(
                        "dead-letters-dropped",
                        "Events that were given up are dropped.",
                        "E3",
                        hidden("events.deadLetters", DeadLetter.class, letter -> true)),
                of(
                        "dead-letters-lost-by-a-trim",
                        "A trim drops dead letters.",
                        "E3",
                        in(
                                "events.deadLetters",
                                call -> Rewriting.within(
                                        call.proceed(),
                                        DeadLetter.class,
                                        letter -> call
                                                        .healthy()
                                                        .events()
                                                        .read(
                                                                call.scope(),
                                                                EventQuery.after(EventPosition.START, 10_000))
                                                        .stream()
                                                        .anyMatch(event -> event.position()
                                                                .equals(letter.event()
                                                                        .position()))
                                                ? letter
                                                : null))),
                of(
                        "dead-letters-stay",
                        "Acknowledging a dead letter does not remove it.",
                        "E3",
                        in(
                                "apply",
                                call -> call.batch().mutations().get(0) instanceof Acknowledge acknowledge
                                                && call
                                                        .healthy()
                                                        .events()
                                                        .deadLetters(
                                                                NodeDefects.scope(call),
                                                                acknowledge.group(),
                                                                io.contextdb.spi.value.PageRequest.first())
                                                        .items()
                                                        .stream()
                                                        .anyMatch(letter -> acknowledge
                                                                .positions()
                                                                .contains(letter.event()
                                                                        .position()))
                                        ? pretended(call, new MutationResult.Removed(1))
                                        : call.proceed())),
                of(
                        "acknowledging-everything-before",
                        "Acknowledging an event acknowledges those before it.",
                        "E3",
                        in(
                                "apply",
                                call -> call.rewriting(Acknowledge.class, acknowledge -> {
                                            List<EventPosition> positions = new ArrayList<>(acknowledge.positions());
                                            EventPosition last = acknowledge.positions().stream()
                                                    .max(Comparator.naturalOrder())
                                                    .orElseThrow();
                                            call
                                                    .healthy()
                                                    .events()
                                                    .read(
                                                            NodeDefects.scope(call),
                                                            EventQuery.after(EventPosition.START, 1_000))
                                                    .stream()
                                                    .map(Event::position)
                                                    .filter(position -> position.compareTo(last) < 0
                                                            && !positions.contains(position))
                                                    .forEach(positions::add);
                                            return new Acknowledge(acknowledge.group(), positions);
                                        })
                                        .proceed())),
                of(
                        "acknowledgement-of-the-unclaimed-counted",
                        "Acknowledging what is not claimed is counted.",
                        "E3",
                        receipt((mutation, result) -> mutation instanceof Acknowledge acknowledge
                                ? new MutationResult.Removed(
                                        acknowledge.positions().size())
                                : result)),
                of(
                        "release-of-the-unclaimed-counted",
                        "Releasing what is not claimed is counted.",
                        "E3",
                        receipt((mutation, result) -> mutation instanceof Release release
                                ? new MutationResult.Removed(release.positions().size())
                                : result)),
                of(
                        "release-waits",
                        "A released event is delivered only after the visibility time-out.",
                        "E3",
                        in(
                                "apply",
                                call -> call.batch().mutations().get(0) instanceof Release release
                                        ? pretended(
                                                call,
                                                new MutationResult.Removed(
                                                        release.positions().size()))
                                        : call.proceed())),
                of(
                        "release-acknowledges",
                        "A released event counts as done.",
                        "E3",
                        replaced(Release.class, release -> new Acknowledge(release.group(), release.positions()))),
                of(
                        "claim-limit-ignored",
                        "A claim gives more than it was asked for.",
                        "E3",
                        replaced(Claim.class, claim -> new Claim(claim.group(), 1_000))),
                of(
                        "claim-newest-first",
                        "A claim gives the newest of its events first.",
                        "E3",
                        seen(
                                "apply",
                                MutationResult.Claimed.class,
                                done -> claimed(done.deliveries().reversed()))),
                of(
                        "group-starts-at-the-end",
                        "A new group sees only events that are appended after it.",
                        "E3",
                        in(
                                "apply",
                                call -> call.rewriting(
                                                ConsumerGroup.class,
                                                g -> group(
                                                        g,
                                                        call.healthy().events().last(NodeDefects.scope(call)),
                                                        g.visibility(),
                                                        g.maxAttempts()))
                                        .proceed())),
                of(
                        "group-starts-at-the-beginning",
                        "A group ignores where it was to start.",
                        "E3",
                        written(
                                ConsumerGroup.class,
                                g -> group(g, EventPosition.START, g.visibility(), g.maxAttempts()))),
                of(
                        "group-created-again-starts-over",
                        "Creating a group again starts it over.",
                        "E3",
                        in("apply", call -> {
                            if (call.batch().mutations().get(0) instanceof CreateGroup create) {
                                call.healthy()
                                        .apply(
                                                WriteBatch.of(
                                                        call.batch().namespace(),
                                                        List.of(new EventMutation.DropGroup(
                                                                create.group().name()))),
                                                call.argument(Deadline.class));
                            }
                            return call.proceed();
                        })),
                of(
                        "groups-share-their-events",
                        "An event that one group has acknowledged is done for all.",
                        "E3",
                        in("apply", call -> {
                            WriteReceipt receipt = call.receipt();
                            if (call.batch().mutations().get(0) instanceof Acknowledge done) {
                                for (ConsumerGroup other :
                                        call.healthy().events().groups(NodeDefects.scope(call))) {
                                    if (!other.name().equals(done.group())) {
                                        call.healthy()
                                                .apply(
                                                        WriteBatch.of(
                                                                call.batch().namespace(),
                                                                List.of(
                                                                        new Claim(other.name(), 1_000),
                                                                        new Acknowledge(
                                                                                other.name(), done.positions()))),
                                                        call.argument(Deadline.class));
                                    }
                                }
                            }
                            return receipt;
                        })),
                of(
                        "unknown-group-claims-nothing",
                        "A claim of a group that does not exist is empty, not refused.",
                        "E3",
                        quiet(
                                "apply",
                                InvalidRequestException.class,
                                failed -> failed.code() == ErrorCode.NOT_FOUND
                                        && failed.field().equals("group"),
                                call -> pretended(call, claimed(List.of())))),
                of(
                        "groups-unordered",
                        "Groups are listed in another order than by name.",
                        "G12",
                        listed("events.groups", List::reversed)),
                of(
                        "group-progress-untold",
                        "The position of a group is always where it started.",
                        "E3",
                        seen(
                                "events.groups",
                                ConsumerGroup.class,
                                g -> group(g, EventPosition.START, g.visibility(), g.maxAttempts()))),
                of(
                        "group-progress-by-claims",
                        "The position of a group is where it has claimed to, acknowledged or not.",
                        "E3",
                        in(
                                "events.groups",
                                call -> Rewriting.within(
                                        call.proceed(),
                                        ConsumerGroup.class,
                                        g -> group(
                                                g,
                                                call.healthy().events().last(call.scope()),
                                                g.visibility(),
                                                g.maxAttempts())))));
    }

    private static void pause(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException ended) {
            Thread.currentThread().interrupt();
        }
    }

    private static Trim forced(Trim trim, Trim other) {
        return trim.isForced() ? other.forced() : other;
    }

    private static List<Defect> trims() {
        return List.of(
                of(
                        "trim-ignores-groups",
                        "A trim removes what groups have not settled.",
                        "E5",
                        replaced(Trim.class, Trim::forced)),
                of(
                        "trim-never-forced",
                        "A forced trim waits for groups.",
                        "E5",
                        replaced(
                                Trim.class,
                                trim -> trim.before().map(Trim::before).orElseGet(() -> Trim.keepNewest(trim.keep())))),
                of(
                        "trim-keeps-one-more",
                        "A trim keeps one event more than asked.",
                        "E5",
                        replaced(
                                Trim.class,
                                trim -> trim.before().isPresent()
                                        ? trim
                                        : forced(trim, Trim.keepNewest(trim.keep() + 1)))),
                of(
                        "trim-of-the-same-instant",
                        "A trim by age removes what was appended at its instant.",
                        "E5",
                        replaced(
                                Trim.class,
                                trim -> trim.before()
                                        .map(before -> forced(trim, Trim.before(before.plusNanos(1_000))))
                                        .orElse(trim))),
                of(
                        "trim-by-the-events-time",
                        "A trim by age looks at the events' own times.",
                        "E5",
                        in(
                                "apply",
                                call -> call.rewriting(Trim.class, trim -> {
                                            if (trim.before().isEmpty()) {
                                                return trim;
                                            }
                                            var scope = NodeDefects.scope(call);
                                            List<Event> all = call.healthy()
                                                    .events()
                                                    .read(scope, EventQuery.after(EventPosition.START, 10_000));
                                            long old = all.stream()
                                                    .filter(event -> event.time()
                                                            .isBefore(trim.before()
                                                                    .get()))
                                                    .count();
                                            return forced(trim, Trim.keepNewest(all.size() - old));
                                        })
                                        .proceed())),
                of("trim-counts-the-log", "A trim returns how many events are left.", "E5", in("apply", call -> {
                    WriteReceipt receipt = call.receipt();
                    return call.batch().mutations().get(0) instanceof Trim
                            ? new WriteReceipt(
                                    receipt.operationId(),
                                    List.of(new MutationResult.Removed(call.healthy()
                                            .events()
                                            .read(
                                                    NodeDefects.scope(call),
                                                    EventQuery.after(EventPosition.START, 10_000))
                                            .size())),
                                    receipt.token(),
                                    receipt.committedAt())
                            : receipt;
                })),
                of(
                        "trim-of-the-first-group",
                        "A trim waits for the first group only.",
                        "E5",
                        in(
                                "apply",
                                call -> call.rewriting(Trim.class, trim -> {
                                            if (trim.isForced()) {
                                                return trim;
                                            }
                                            var scope = NodeDefects.scope(call);
                                            List<ConsumerGroup> groups =
                                                    call.healthy().events().groups(scope);
                                            if (groups.size() < 2) {
                                                return trim;
                                            }
                                            EventPosition settled =
                                                    groups.get(0).from();
                                            List<Event> all = call.healthy()
                                                    .events()
                                                    .read(scope, EventQuery.after(EventPosition.START, 10_000));
                                            long left = all.stream()
                                                    .filter(event ->
                                                            event.position().compareTo(settled) > 0)
                                                    .count();
                                            return Trim.keepNewest(Math.max(left, trim.keep()))
                                                    .forced();
                                        })
                                        .proceed())));
    }
}
