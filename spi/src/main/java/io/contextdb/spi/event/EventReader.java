package io.contextdb.spi.event;

import io.contextdb.spi.value.Page;
import io.contextdb.spi.value.PageRequest;
import io.contextdb.spi.value.ReadScope;
import java.util.List;

/** Reads of the event log. Thread-safe. */
public interface EventReader {
    /** Returns the events after a position, oldest first; stable and complete (contract E1, E2). */
    List<Event> read(ReadScope scope, EventQuery query);

    /**
     * Returns the newest events before a position, newest first; as stable and complete as {@link #read} (contract E2a).
     *
     * <p>As it is, it reads the log from its beginning, page by page, which is right and slow. A store of more than some
     * thousand events should answer it from an index.
     */
    default List<Event> readBackwards(ReadScope scope, LatestQuery query) {
        return ForwardScan.latest(this, scope, query);
    }

    /** Returns the position of the last event; {@link EventPosition#START} if there is none. */
    EventPosition last(ReadScope scope);

    /**
     * Waits until there may be an event after a position, or the scope's deadline passes, whichever comes first; never
     * throws for the deadline. Returning early is allowed: the caller reads and asks again.
     */
    void await(ReadScope scope, EventPosition after);

    /** Returns the consumer groups, ordered by name, each {@code from} advanced to what all before it was settled. */
    List<ConsumerGroup> groups(ReadScope scope);

    /** Returns a group's dead letters, oldest first (E3). */
    Page<DeadLetter> deadLetters(ReadScope scope, String group, PageRequest page);

    /** Returns aggregates, ordered by bucket, then by group (E6). */
    default List<AggregateRow> aggregate(ReadScope scope, AggregateQuery query) {
        return Aggregation.over(this, scope, query);
    }
}
