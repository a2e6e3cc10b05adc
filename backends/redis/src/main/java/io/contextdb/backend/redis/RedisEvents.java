package io.contextdb.backend.redis;

import static io.contextdb.backend.redis.Names.bytes;

import io.contextdb.spi.error.InvalidRequestException;
import io.contextdb.spi.event.ConsumerGroup;
import io.contextdb.spi.event.DeadLetter;
import io.contextdb.spi.event.Event;
import io.contextdb.spi.event.EventPosition;
import io.contextdb.spi.event.EventQuery;
import io.contextdb.spi.event.EventReader;
import io.contextdb.spi.event.LatestQuery;
import io.contextdb.spi.value.CodePointOrder;
import io.contextdb.spi.value.Page;
import io.contextdb.spi.value.PageRequest;
import io.contextdb.spi.value.ReadScope;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Reads of the event log. A read is one script call, unless a filter passes over many events or payloads are large. */
final class RedisEvents implements EventReader {
    private static final long PAGE_BYTES = 16L << 20;

    private final Session session;
    private final EventSignal signal;

    RedisEvents(Session session, EventSignal signal) {
        this.session = session;
        this.signal = signal;
    }

    @Override
    public List<Event> read(ReadScope scope, EventQuery query) {
        return read(Script.READ, scope, query.after(), query.limit(), query.types(), query.subjects());
    }

    /** Events about subjects are looked up by them; what types leave out is passed over, some thousand events a call. */
    @Override
    public List<Event> readBackwards(ReadScope scope, LatestQuery query) {
        // What is before the first position, the server takes for a malformed range.
        return query.before().equals(EventPosition.START)
                ? List.of()
                : read(Script.BACKWARDS, scope, query.before(), query.limit(), query.types(), query.subjects());
    }

    private List<Event> read(
            Script script, ReadScope scope, EventPosition start, int limit, List<String> types, List<String> subjects) {
        session.check(scope);
        List<Event> events = new ArrayList<>();
        EventPosition from = start;
        boolean ended = false;
        while (!ended && events.size() < limit) {
            List<Object> found = script.read(
                    session.calls(),
                    scope.deadline(),
                    session.names().root(scope.namespace()),
                    arguments(from, limit - events.size(), types, subjects));
            for (Object fields : found.subList(2, found.size())) {
                events.add(Events.event((List<?>) fields));
            }
            ended = Names.text(found.get(1)).equals("1");
            from = ended ? from : EventPosition.parse(Names.text(found.get(0)));
        }
        return events;
    }

    private static byte[][] arguments(EventPosition from, int limit, List<String> types, List<String> subjects) {
        List<byte[]> arguments = new ArrayList<>();
        arguments.add(bytes(from.toString()));
        arguments.add(bytes(limit));
        arguments.add(bytes(PAGE_BYTES));
        arguments.add(bytes(types.size()));
        types.forEach(type -> arguments.add(bytes(type)));
        subjects.forEach(subject -> arguments.add(bytes(subject)));
        return arguments.toArray(byte[][]::new);
    }

    @Override
    public EventPosition last(ReadScope scope) {
        session.check(scope);
        List<Object> last = Script.LAST.read(
                session.calls(), scope.deadline(), session.names().root(scope.namespace()));
        return last.isEmpty() ? EventPosition.START : EventPosition.parse(Names.text(last.get(0)));
    }

    @Override
    public void await(ReadScope scope, EventPosition after) {
        signal.await(scope, () -> last(scope).compareTo(after) > 0);
    }

    @Override
    public List<ConsumerGroup> groups(ReadScope scope) {
        session.check(scope);
        return Script.GROUPS
                .read(session.calls(), scope.deadline(), session.names().root(scope.namespace()))
                .stream()
                .map(fields -> group((List<?>) fields))
                .sorted(Comparator.comparing(ConsumerGroup::name, CodePointOrder.INSTANCE))
                .toList();
    }

    private static ConsumerGroup group(List<?> fields) {
        return new ConsumerGroup(
                Names.text(fields.get(0)),
                EventPosition.parse(Names.text(fields.get(1))),
                Duration.ofMillis(Long.parseLong(Names.text(fields.get(2)))),
                Integer.parseInt(Names.text(fields.get(3))));
    }

    @Override
    public Page<DeadLetter> deadLetters(ReadScope scope, String group, PageRequest page) {
        session.check(scope);
        List<Object> found = Script.DEAD.read(
                session.calls(),
                scope.deadline(),
                session.names().root(scope.namespace()),
                bytes(group),
                bytes(after(page)),
                bytes(page.limit()),
                bytes(PAGE_BYTES));
        if (!Names.text(found.get(0)).equals("OK")) {
            throw Receipts.noGroup(group);
        }
        List<DeadLetter> letters = found.subList(2, found.size()).stream()
                .map(fields -> letter((List<?>) fields))
                .toList();
        boolean more = Names.text(found.get(1)).equals("1");
        return new Page<>(
                letters,
                more ? Cursor.of("dead", letters.getLast().event().position().toString()) : "");
    }

    private static String after(PageRequest page) {
        String after = Cursor.read(page, "dead");
        try {
            return after.isEmpty() ? "" : Events.padded(EventPosition.parse(after));
        } catch (InvalidRequestException notPosition) {
            throw Cursor.malformed();
        }
    }

    private static DeadLetter letter(List<?> fields) {
        return new DeadLetter(Events.event(fields), Integer.parseInt(Names.text(fields.get(6))));
    }
}
