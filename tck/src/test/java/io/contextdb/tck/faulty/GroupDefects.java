package io.contextdb.tck.faulty;

import static io.contextdb.tck.faulty.Defect.of;
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
import io.contextdb.spi.value.Deadline;
import io.contextdb.spi.write.EventMutation;
import io.contextdb.spi.write.EventMutation.Acknowledge;
import io.contextdb.spi.write.EventMutation.Claim;
import io.contextdb.spi.write.EventMutation.CreateGroup;
import io.contextdb.spi.write.EventMutation.Release;
import io.contextdb.spi.write.MutationResult;
import io.contextdb.spi.write.WriteBatch;
import io.contextdb.spi.write.WriteReceipt;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Mistakes with consumer groups. */
final class GroupDefects {
    private GroupDefects() {}

    static List<Defect> all() {
        return groups();
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
                            var scope = call.before();
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
                                                                call.before(),
                                                                acknowledge.group(),
                                                                io.contextdb.spi.value.PageRequest.first())
                                                        .items()
                                                        .stream()
                                                        .anyMatch(letter -> acknowledge
                                                                .positions()
                                                                .contains(letter.event()
                                                                        .position()))
                                        ? call.pretended(new MutationResult.Removed(1))
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
                                                    .read(call.before(), EventQuery.after(EventPosition.START, 1_000))
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
                                        ? call.pretended(new MutationResult.Removed(
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
                                                        call.healthy().events().last(call.before()),
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
                                        call.healthy().events().groups(call.before())) {
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
                                call -> call.pretended(claimed(List.of())))),
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
}
