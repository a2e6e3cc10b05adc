package io.contextdb.spi.event;

import io.contextdb.spi.internal.Check;
import io.contextdb.spi.internal.TextRule;
import java.util.List;

/**
 * The events after a position, oldest first (contract E2).
 *
 * @param after only events after this position
 * @param types only events of these types, each of 1 to 256 bytes, at most 256; empty for all
 * @param subjects only events about these subjects, each of 0 to 512 bytes, at most 256; empty for all
 * @param limit most events, 1 to 10,000
 */
public record EventQuery(EventPosition after, List<String> types, List<String> subjects, int limit) {
    private static final int MOST = 256;

    /** Checks and copies. */
    public EventQuery {
        Check.notNull("events.after", after);
        types = TextRule.EVENT_TYPE.all("events.types", types, MOST);
        subjects = TextRule.SUBJECT.all("events.subjects", subjects, MOST);
        Check.range("events.limit", limit, 1, 10_000);
    }

    /** Returns the query for the next events of every type. */
    public static EventQuery after(EventPosition position, int limit) {
        return new EventQuery(position, List.of(), List.of(), limit);
    }

    /** Returns the same query for events of some types. */
    public EventQuery types(String... only) {
        return new EventQuery(after, Check.list("events.types", only, MOST), subjects, limit);
    }

    /** Returns the same query for events about some subjects. */
    public EventQuery about(String... only) {
        return new EventQuery(after, types, Check.list("events.subjects", only, MOST), limit);
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
