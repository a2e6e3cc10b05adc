package io.contextdb.spi.write;

import io.contextdb.spi.capability.Capability;
import io.contextdb.spi.event.ConsumerGroup;
import io.contextdb.spi.event.EventDraft;
import io.contextdb.spi.event.EventPosition;
import io.contextdb.spi.event.Payload;
import io.contextdb.spi.internal.Check;
import io.contextdb.spi.internal.TextRule;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Changes of the event log and its consumer groups (contract E). */
public sealed interface EventMutation extends Mutation {
    /**
     * Appends an event (E1). Result: {@link MutationResult.Appended}.
     *
     * @param event the event
     */
    record Append(EventDraft event) implements EventMutation {
        /** Refuses null. */
        public Append {
            Check.notNull("append.event", event);
        }

        @Override
        public Capability requires() {
            return Capability.EVENTS;
        }

        @Override
        public long estimatedBytes() {
            return 96
                    + switch (event.payload()) {
                        case Payload.Json json -> json.body().estimatedBytes();
                        case Payload.Binary binary -> binary.bytes().size();
                        case Payload.Erased erased -> 0;
                    };
        }
    }

    /**
     * Creates a consumer group, or does nothing if one of that name exists. Result: {@link MutationResult.Done}.
     *
     * @param group the group
     */
    record CreateGroup(ConsumerGroup group) implements EventMutation {
        /** Refuses null. */
        public CreateGroup {
            Check.notNull("createGroup.group", group);
        }
    }

    /**
     * Removes a consumer group with its state; none of that name is no error. Result: {@link MutationResult.Removed}.
     *
     * @param group name of the group
     */
    record DropGroup(String group) implements EventMutation {
        /** Checks the name. */
        public DropGroup {
            TextRule.GROUP.check("dropGroup.group", group);
        }
    }

    /**
     * Claims events of a group for a member, oldest first: those that no member holds at present (E3). Result:
     * {@link MutationResult.Claimed}.
     *
     * @param group name of the group
     * @param limit most events, 1 to 1,000
     */
    record Claim(String group, int limit) implements EventMutation {
        /** Checks the parts. */
        public Claim {
            TextRule.GROUP.check("claim.group", group);
            Check.range("claim.limit", limit, 1, 1_000);
        }
    }

    /**
     * Settles events for good; those that are settled already are no error. Result: {@link MutationResult.Removed} with
     * the number settled now.
     *
     * @param group name of the group
     * @param positions the events, 1 to 10,000
     */
    record Acknowledge(String group, List<EventPosition> positions) implements EventMutation {
        /** Checks the parts. */
        public Acknowledge {
            TextRule.GROUP.check("acknowledge.group", group);
            positions = Check.list("acknowledge.positions", positions, 10_000);
            Check.range("acknowledge.positions", positions.size(), 1, 10_000);
        }
    }

    /**
     * Gives claimed events back before their time, for delivery to any member. Result: {@link MutationResult.Removed} with
     * the number given back.
     *
     * @param group name of the group
     * @param positions the events, 1 to 10,000
     */
    record Release(String group, List<EventPosition> positions) implements EventMutation {
        /** Checks the parts. */
        public Release {
            TextRule.GROUP.check("release.group", group);
            positions = Check.list("release.positions", positions, 10_000);
            Check.range("release.positions", positions.size(), 1, 10_000);
        }
    }

    /**
     * Removes the oldest events: those appended before an instant, or all but the newest {@code keep}, whichever is fewer;
     * only what every group has settled, unless forced (E5). Result: {@link MutationResult.Removed}.
     */
    final class Trim implements EventMutation {
        private final @Nullable Instant before;
        private final long keep;
        private final boolean forced;

        private Trim(@Nullable Instant before, long keep, boolean forced) {
            this.before = before;
            this.keep = keep;
            this.forced = forced;
        }

        /** Removes events appended before an instant. */
        public static Trim before(Instant instant) {
            return new Trim(Check.instant("trim.before", instant), 0, false);
        }

        /** Removes all but the newest events. */
        public static Trim keepNewest(long count) {
            return new Trim(null, Check.range("trim.keep", count, 0, Long.MAX_VALUE), false);
        }

        /** Returns the same trim that does not wait for the groups. */
        public Trim forced() {
            return new Trim(before, keep, true);
        }

        /** Returns the instant before which events go; empty for any age. */
        public Optional<Instant> before() {
            return Optional.ofNullable(before);
        }

        /** Returns how many of the newest events stay. */
        public long keep() {
            return keep;
        }

        /** Returns whether groups that lag behind lose what is removed. */
        public boolean isForced() {
            return forced;
        }

        @Override
        public Capability requires() {
            return Capability.EVENTS;
        }
    }

    @Override
    default Capability requires() {
        return Capability.CONSUMER_GROUPS;
    }

    @Override
    default long estimatedBytes() {
        return 64;
    }
}
