package io.contextdb.tck.faulty;

import static io.contextdb.tck.faulty.Defect.of;
import static io.contextdb.tck.faulty.Fault.asked;
import static io.contextdb.tck.faulty.Fault.in;
import static io.contextdb.tck.faulty.Fault.listed;

import io.contextdb.spi.event.Event;
import io.contextdb.spi.event.EventPosition;
import io.contextdb.spi.event.LatestQuery;
import java.util.List;

/** Mistakes with the event log read from its end. */
final class LatestDefects {
    private static final String READ = "events.readBackwards";

    private LatestDefects() {}

    static List<Defect> all() {
        return List.of(
                of(
                        "latest-oldest-first",
                        "The newest events come oldest first.",
                        "E2a",
                        listed(READ, (List<Event> events) -> events.reversed())),
                of(
                        "latest-position-included",
                        "Reading before a position includes the event there.",
                        "E2a",
                        asked(
                                READ,
                                EventPosition.class,
                                before -> before.equals(EventPosition.END)
                                        ? before
                                        : new EventPosition(before.commit(), before.sequence() + 1))),
                of(
                        "latest-rest-of-a-batch-skipped",
                        "Reading before a position skips the rest of its batch.",
                        "E2a",
                        asked(
                                READ,
                                EventPosition.class,
                                before -> before.equals(EventPosition.END)
                                        ? before
                                        : new EventPosition(before.commit(), 0))),
                of(
                        "latest-position-ignored",
                        "Reading before a position reads from the end.",
                        "E2a",
                        asked(READ, EventPosition.class, before -> EventPosition.END)),
                of(
                        "latest-limit-ignored",
                        "Reading the newest events ignores the limit.",
                        "E2a",
                        asked(READ, LatestQuery.class, query -> query.limit(10_000))),
                of(
                        "latest-limit-before-selection",
                        "The limit counts events that the types and subjects leave out.",
                        "E2a",
                        in(READ, call -> {
                            LatestQuery query = call.argument(LatestQuery.class);
                            return call
                                    .with(
                                            LatestQuery.class,
                                            query.types(new String[0]).about(new String[0]))
                                    .<Event>list()
                                    .stream()
                                    .filter(query::selects)
                                    .toList();
                        })),
                of(
                        "latest-types-ignored",
                        "Reading the newest events ignores the types.",
                        "E2a",
                        asked(READ, LatestQuery.class, query -> query.types(new String[0]))),
                of(
                        "latest-first-subject-only",
                        "Of several subjects only the first is read.",
                        "E2a",
                        asked(
                                READ,
                                LatestQuery.class,
                                query -> query.subjects().isEmpty()
                                        ? query
                                        : query.about(query.subjects().getFirst()))));
    }
}
