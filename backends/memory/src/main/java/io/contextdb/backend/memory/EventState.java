package io.contextdb.backend.memory;

import io.contextdb.spi.event.ConsumerGroup;
import io.contextdb.spi.event.DeadLetter;
import io.contextdb.spi.event.Delivery;
import io.contextdb.spi.event.Event;
import io.contextdb.spi.event.EventPosition;
import io.contextdb.spi.value.CodePointOrder;
import io.contextdb.spi.write.MutationResult;
import io.contextdb.spi.write.WriteReceipt;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.pcollections.TreePMap;

/**
 * The event log of a snapshot, and its consumer groups.
 *
 * @param log events that were not trimmed
 * @param last position of the last event ever appended
 * @param subjects positions by subject
 * @param groups groups by name
 */
record EventState(
        TreePMap<EventPosition, Event> log,
        EventPosition last,
        SubjectIndex<EventPosition> subjects,
        TreePMap<String, Group> groups) {
    static final EventState EMPTY = new EventState(
            TreePMap.empty(Comparator.<EventPosition>naturalOrder()),
            EventPosition.START,
            SubjectIndex.empty(Comparator.<EventPosition>naturalOrder()),
            TreePMap.empty(CodePointOrder.INSTANCE));

    /**
     * A consumer group.
     *
     * @param definition as it was created
     * @param claimedTo everything up to here was claimed at least once
     * @param leases claimed and not settled
     * @param dead given up
     */
    record Group(
            ConsumerGroup definition,
            EventPosition claimedTo,
            TreePMap<EventPosition, Lease> leases,
            TreePMap<EventPosition, DeadLetter> dead) {
        static Group of(ConsumerGroup definition) {
            return new Group(
                    definition,
                    definition.from(),
                    TreePMap.empty(Comparator.<EventPosition>naturalOrder()),
                    TreePMap.empty(Comparator.<EventPosition>naturalOrder()));
        }

        Group claimedTo(EventPosition position) {
            return new Group(definition, position, leases, dead);
        }

        Group leases(TreePMap<EventPosition, Lease> other) {
            return new Group(definition, claimedTo, other, dead);
        }

        Group dead(TreePMap<EventPosition, DeadLetter> other) {
            return new Group(definition, claimedTo, leases, other);
        }
    }

    /** A claim of an event: how often it was delivered, and until when it is held. */
    record Lease(int attempts, long heldUntil) {}

    /** Returns a receipt whose claimed events are as they are now: the trimmed left out, the erased without payload (G6). */
    WriteReceipt current(WriteReceipt first) {
        List<MutationResult> results = first.results().stream()
                .map(result -> result instanceof MutationResult.Claimed claimed ? current(claimed) : result)
                .toList();
        return new WriteReceipt(first.operationId(), results, first.token(), first.committedAt());
    }

    private MutationResult current(MutationResult.Claimed first) {
        List<Delivery> deliveries = new ArrayList<>();
        for (Delivery delivery : first.deliveries()) {
            Event event = log.get(delivery.event().position());
            if (event != null) {
                deliveries.add(new Delivery(event, delivery.attempt(), delivery.visibleAgainAt()));
            }
        }
        return new MutationResult.Claimed(deliveries);
    }

    /** Returns the position up to which a group has settled everything. */
    EventPosition settledTo(Group group) {
        if (group.leases().isEmpty()) {
            return group.claimedTo();
        }
        EventPosition before = log.lowerKey(group.leases().firstKey());
        return before == null || before.compareTo(group.definition().from()) < 0
                ? group.definition().from()
                : before;
    }
}
