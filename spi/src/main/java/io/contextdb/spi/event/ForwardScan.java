package io.contextdb.spi.event;

import io.contextdb.spi.value.ReadScope;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;

/**
 * Finds the newest events by reading all that are before them: what a backend gets that cannot read backwards. Memory is bounded
 * by a page and the events asked for; time is that of the whole log.
 */
final class ForwardScan {
    private static final int PAGE = 1_000;

    private ForwardScan() {}

    static List<Event> latest(EventReader events, ReadScope scope, LatestQuery query) {
        Deque<Event> newest = new ArrayDeque<>();
        EventQuery next = new EventQuery(EventPosition.START, query.types(), query.subjects(), PAGE);
        List<Event> page;
        do {
            scope.deadline().check("events.latest");
            page = events.read(scope, next);
            for (Event event : page) {
                if (query.selects(event)) {
                    if (newest.size() == query.limit()) {
                        newest.remove();
                    }
                    newest.add(event);
                }
                next = next.from(event.position());
            }
        } while (page.size() == PAGE && next.after().compareTo(query.before()) < 0);
        List<Event> latest = new ArrayList<>(newest);
        Collections.reverse(latest);
        return Collections.unmodifiableList(latest);
    }
}
