package io.contextdb.backend.memory;

import io.contextdb.spi.error.ErrorCode;
import io.contextdb.spi.error.InvalidRequestException;
import io.contextdb.spi.event.ConsumerGroup;
import io.contextdb.spi.event.DeadLetter;
import io.contextdb.spi.event.Event;
import io.contextdb.spi.event.EventPosition;
import io.contextdb.spi.event.EventQuery;
import io.contextdb.spi.event.EventReader;
import io.contextdb.spi.event.LatestQuery;
import io.contextdb.spi.value.Page;
import io.contextdb.spi.value.PageRequest;
import io.contextdb.spi.value.ReadScope;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.pcollections.TreePMap;

/** Reads of the event log: each call takes a snapshot. */
record MemoryEvents(Session session) implements EventReader {
    @Override
    public List<Event> read(ReadScope scope, EventQuery query) {
        List<Event> read = new ArrayList<>();
        for (Event event : session.state(scope)
                .events()
                .log()
                .tailMap(query.after(), false)
                .values()) {
            if (read.size() == query.limit()) {
                break;
            }
            if (query.selects(event)) {
                read.add(event);
            }
        }
        return read;
    }

    @Override
    public List<Event> readBackwards(ReadScope scope, LatestQuery query) {
        EventState state = session.state(scope).events();
        if (query.subjects().isEmpty() || query.subjects().contains("")) {
            return newest(query, state.log().headMap(query.before(), false).descendingMap().values().stream());
        }
        Stream<Event> about = query.subjects().stream()
                .distinct()
                .flatMap(subject -> newest(
                        query,
                        state.subjects().about(subject).headSet(query.before(), false).descendingSet().stream()
                                .map(state.log()::get))
                        .stream());
        return newest(query, about.sorted(Comparator.comparing(Event::position).reversed()));
    }

    private static List<Event> newest(LatestQuery query, Stream<Event> newestFirst) {
        return newestFirst.filter(query::selects).limit(query.limit()).toList();
    }

    @Override
    public EventPosition last(ReadScope scope) {
        TreePMap<EventPosition, Event> log = session.state(scope).events().log();
        return log.isEmpty() ? EventPosition.START : log.lastKey();
    }

    @Override
    public void await(ReadScope scope, EventPosition after) {
        session.awaitEvent(scope, after);
    }

    @Override
    public List<ConsumerGroup> groups(ReadScope scope) {
        EventState state = session.state(scope).events();
        return state.groups().values().stream()
                .map(group -> new ConsumerGroup(
                        group.definition().name(),
                        state.settledTo(group),
                        group.definition().visibility(),
                        group.definition().maxAttempts()))
                .toList();
    }

    @Override
    public Page<DeadLetter> deadLetters(ReadScope scope, String group, PageRequest page) {
        EventState.Group found = session.state(scope).events().groups().get(group);
        if (found == null) {
            throw new InvalidRequestException(
                    ErrorCode.NOT_FOUND, "group", "'" + group + "' does not exist; create it first");
        }
        Map<EventPosition, DeadLetter> rest = found.dead();
        for (String after : Cursor.read(page, "dead", 1)) {
            rest = found.dead().tailMap(position(after), false);
        }
        List<DeadLetter> read = rest.values().stream().limit(page.limit() + 1L).toList();
        return Page.of(
                read, page.limit(), last -> Cursor.of("dead", last.event().position()));
    }

    private static EventPosition position(String text) {
        try {
            return EventPosition.parse(text);
        } catch (InvalidRequestException notPosition) {
            throw Cursor.malformed();
        }
    }
}
