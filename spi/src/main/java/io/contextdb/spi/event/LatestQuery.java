package io.contextdb.spi.event;

import io.contextdb.spi.internal.Check;
import java.util.List;

/**
 * The newest events before a position, newest first (contract E2a).
 *
 * @param before only events before this position; {@link EventPosition#END} for the newest of all
 * @param types only events of these types, at most 256; empty for all
 * @param subjects only events about these subjects, at most 256; empty for all
 * @param limit most events, 1 to 10,000
 */
public record LatestQuery(EventPosition before, List<String> types, List<String> subjects, int limit) {
    /** Checks and copies. */
    public LatestQuery {
        Check.notNull("events.before", before);
        types = Check.list("events.types", types, 256);
        subjects = Check.list("events.subjects", subjects, 256);
        Check.range("events.limit", limit, 1, 10_000);
    }

    /** Returns the query for the newest events of every type. */
    public static LatestQuery of(int limit) {
        return new LatestQuery(EventPosition.END, List.of(), List.of(), limit);
    }

    /** Returns the same query for events of some types. */
    public LatestQuery types(String... only) {
        return new LatestQuery(before, List.of(only), subjects, limit);
    }

    /** Returns the same query for events about some subjects. */
    public LatestQuery about(String... only) {
        return new LatestQuery(before, types, List.of(only), limit);
    }

    /** Returns the same query before another position: that of the last event read, to go on. */
    public LatestQuery from(EventPosition position) {
        return new LatestQuery(position, types, subjects, limit);
    }

    /** Returns the same query for at most so many events. */
    public LatestQuery limit(int most) {
        return new LatestQuery(before, types, subjects, most);
    }

    /** Returns whether an event is before the position, and of a type and subject that the query asks for. */
    public boolean selects(Event event) {
        return event.position().compareTo(before) < 0
                && (types.isEmpty() || types.contains(event.type()))
                && (subjects.isEmpty() || subjects.contains(event.subject()));
    }
}
