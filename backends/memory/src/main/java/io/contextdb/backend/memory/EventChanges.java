package io.contextdb.backend.memory;

import io.contextdb.spi.error.ErrorCode;
import io.contextdb.spi.error.InvalidRequestException;
import io.contextdb.spi.event.DeadLetter;
import io.contextdb.spi.event.Delivery;
import io.contextdb.spi.event.Event;
import io.contextdb.spi.event.EventDraft;
import io.contextdb.spi.event.EventPosition;
import io.contextdb.spi.write.EventMutation;
import io.contextdb.spi.write.MutationResult;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.pcollections.TreePMap;

/** Changes of the event log within one batch (contract E). Not thread-safe. */
final class EventChanges {
    private TreePMap<EventPosition, Event> log;
    private EventPosition last;
    private SubjectIndex<EventPosition> subjects;
    private TreePMap<String, EventState.Group> groups;

    EventChanges(EventState before) {
        log = before.log();
        last = before.last();
        subjects = before.subjects();
        groups = before.groups();
    }

    EventState state() {
        return new EventState(log, last, subjects, groups);
    }

    MutationResult apply(EventMutation mutation, Step step) {
        return switch (mutation) {
            case EventMutation.Append append -> append(append.event(), step);
            case EventMutation.CreateGroup create -> {
                if (!groups.containsKey(create.group().name())) {
                    groups = groups.plus(create.group().name(), EventState.Group.of(create.group()));
                }
                yield new MutationResult.Done();
            }
            case EventMutation.DropGroup drop -> {
                boolean there = groups.containsKey(drop.group());
                groups = groups.minus(drop.group());
                yield new MutationResult.Removed(there ? 1 : 0);
            }
            case EventMutation.Claim claim -> claim(claim, step);
            case EventMutation.Acknowledge acknowledge -> acknowledge(acknowledge);
            case EventMutation.Release release -> release(release, step);
            case EventMutation.Trim trim -> trim(trim);
        };
    }

    private MutationResult append(EventDraft draft, Step step) {
        last = new EventPosition(step.commit(), step.index());
        Event event = new Event(
                last,
                draft.type(),
                draft.subject(),
                draft.payload(),
                draft.time().orElse(step.time()),
                step.time());
        log = log.plus(last, event);
        subjects = subjects.plus(draft.subject(), last);
        return new MutationResult.Appended(last);
    }

    private MutationResult claim(EventMutation.Claim claim, Step step) {
        EventState.Group group = group(claim.group());
        long until = step.millis() + group.definition().visibility().toMillis();
        List<Delivery> deliveries = new ArrayList<>();
        for (Map.Entry<EventPosition, EventState.Lease> held : group.leases().entrySet()) {
            Event event = log.get(held.getKey());
            if (held.getValue().heldUntil() > step.millis() || event == null) {
                continue;
            }
            int attempts = held.getValue().attempts();
            if (attempts >= group.definition().maxAttempts()) {
                group = group.leases(group.leases().minus(held.getKey()))
                        .dead(group.dead().plus(held.getKey(), new DeadLetter(event, attempts)));
            } else if (deliveries.size() < claim.limit()) {
                group = deliver(group, event, attempts + 1, until, deliveries);
            }
        }
        for (Event event : log.tailMap(group.claimedTo(), false).values()) {
            if (deliveries.size() == claim.limit()) {
                break;
            }
            group = deliver(group.claimedTo(event.position()), event, 1, until, deliveries);
        }
        groups = groups.plus(claim.group(), group);
        return new MutationResult.Claimed(deliveries);
    }

    private static EventState.Group deliver(
            EventState.Group group, Event event, int attempt, long until, List<Delivery> deliveries) {
        deliveries.add(new Delivery(event, attempt, Instant.ofEpochMilli(until)));
        return group.leases(group.leases().plus(event.position(), new EventState.Lease(attempt, until)));
    }

    private MutationResult acknowledge(EventMutation.Acknowledge acknowledge) {
        EventState.Group group = group(acknowledge.group());
        long settled = 0;
        for (EventPosition position : acknowledge.positions()) {
            if (group.leases().containsKey(position) || group.dead().containsKey(position)) {
                group = group.leases(group.leases().minus(position))
                        .dead(group.dead().minus(position));
                settled++;
            }
        }
        groups = groups.plus(acknowledge.group(), group);
        return new MutationResult.Removed(settled);
    }

    private MutationResult release(EventMutation.Release release, Step step) {
        EventState.Group group = group(release.group());
        long released = 0;
        for (EventPosition position : release.positions()) {
            EventState.Lease lease = group.leases().get(position);
            if (lease != null && lease.heldUntil() > step.millis()) {
                group = group.leases(
                        group.leases().plus(position, new EventState.Lease(lease.attempts(), step.millis())));
                released++;
            }
        }
        groups = groups.plus(release.group(), group);
        return new MutationResult.Removed(released);
    }

    private MutationResult trim(EventMutation.Trim trim) {
        EventPosition limit = EventPosition.END;
        if (!trim.isForced()) {
            for (EventState.Group group : groups.values()) {
                EventPosition settled = state().settledTo(group);
                limit = settled.compareTo(limit) < 0 ? settled : limit;
            }
        }
        long removed = 0;
        while (log.size() > trim.keep()) {
            Event oldest = log.firstEntry().getValue();
            boolean young = trim.before()
                    .map(before -> !oldest.appendedAt().isBefore(before))
                    .orElse(false);
            if (young || oldest.position().compareTo(limit) > 0) {
                break;
            }
            remove(oldest);
            removed++;
        }
        return new MutationResult.Removed(removed);
    }

    private void remove(Event event) {
        log = log.minus(event.position());
        subjects = subjects.minus(event.subject(), event.position());
        for (Map.Entry<String, EventState.Group> group : groups.entrySet()) {
            if (group.getValue().leases().containsKey(event.position())) {
                groups = groups.plus(
                        group.getKey(),
                        group.getValue().leases(group.getValue().leases().minus(event.position())));
            }
        }
    }

    /** Empties the payloads of the events about a subject; the events stay, so that positions do. */
    void erase(String subject) {
        for (EventPosition position : subjects.about(subject)) {
            Event event = log.get(position);
            if (event != null) {
                log = log.plus(position, event.erased());
            }
        }
        for (Map.Entry<String, EventState.Group> group : groups.entrySet()) {
            for (DeadLetter letter : group.getValue().dead().values()) {
                if (letter.event().subject().equals(subject)) {
                    EventState.Group now = groups.getOrDefault(group.getKey(), group.getValue());
                    DeadLetter emptied = new DeadLetter(letter.event().erased(), letter.attempts());
                    groups = groups.plus(
                            group.getKey(),
                            now.dead(now.dead().plus(letter.event().position(), emptied)));
                }
            }
        }
    }

    private EventState.Group group(String name) {
        EventState.Group group = groups.get(name);
        if (group == null) {
            throw new InvalidRequestException(
                    ErrorCode.NOT_FOUND, "group", "'" + name + "' does not exist; create it first");
        }
        return group;
    }
}
