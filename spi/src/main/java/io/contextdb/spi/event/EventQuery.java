package io.contextdb.spi.event;

import io.contextdb.spi.internal.Check;
import java.util.List;

/**
 * The events after a position, oldest first (contract E2).
 *
 * @param after only events after this position
 * @param types only events of these types; empty for all
 * @param subjects only events about these subjects; empty for all
 * @param limit most events, 1 to 10,000
 */
public record EventQuery(EventPosition after, List<String> types, List<String> subjects, int limit) {
    /** Checks and copies. */
    public EventQuery {
        Check.notNull("events.after", after);
        types = Check.list("events.types", types, 256);
        subjects = Check.list("events.subjects", subjects, 256);
        Check.range("events.limit", limit, 1, 10_000);
    }

    /** Returns the query for the next events of every type. */
    public static EventQuery after(EventPosition position, int limit) {
        return new EventQuery(position, List.of(), List.of(), limit);
    }

    /** Returns the same query for events of some types. */
    public EventQuery types(String... only) {
        return new EventQuery(after, List.of(only), subjects, limit);
    }

    /** Returns the same query for events about some subjects. */
    public EventQuery about(String... only) {
        return new EventQuery(after, types, List.of(only), limit);
    }

    /** Returns the same query after another position. */
    public EventQuery from(EventPosition position) {
        return new EventQuery(position, types, subjects, limit);
    }

    /** Returns whether an event is of a type and subject that the query asks for. */
    public boolean selects(Event event) {
        return (types.isEmpty() || types.contains(event.type()))
                && (subjects.isEmpty() || subjects.contains(event.subject()));
    }
}
