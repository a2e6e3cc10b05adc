package io.contextdb.spi.event;

import io.contextdb.spi.internal.Check;
import io.contextdb.spi.internal.TextRule;
import java.util.List;

/**
 * The newest events before a position, newest first (contract E2a).
 *
 * @param before only events before this position; {@link EventPosition#END} for the newest of all
 * @param types only events of these types, each of 1 to 256 bytes, at most 256; empty for all
 * @param subjects only events about these subjects, each of 0 to 512 bytes, at most 256; empty for all
 * @param limit most events, 1 to 10,000
 */
public record LatestQuery(EventPosition before, List<String> types, List<String> subjects, int limit) {
    private static final int MOST = 256;

    /** Checks and copies. */
    public LatestQuery {
        Check.notNull("events.before", before);
        types = TextRule.EVENT_TYPE.all("events.types", types, MOST);
        subjects = TextRule.SUBJECT.all("events.subjects", subjects, MOST);
        Check.range("events.limit", limit, 1, 10_000);
    }

    /** Returns the query for the newest events of every type. */
    public static LatestQuery of(int limit) {
        return new LatestQuery(EventPosition.END, List.of(), List.of(), limit);
    }

    /** Returns the same query for events of some types. */
    public LatestQuery types(String... only) {
        return new LatestQuery(before, Check.list("events.types", only, MOST), subjects, limit);
    }

    /** Returns the same query for events about some subjects. */
    public LatestQuery about(String... only) {
        return new LatestQuery(before, types, Check.list("events.subjects", only, MOST), limit);
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
