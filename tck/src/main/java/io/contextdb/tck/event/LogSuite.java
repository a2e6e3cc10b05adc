package io.contextdb.tck.event;

import static org.assertj.core.api.Assertions.assertThat;

import io.contextdb.Events;
import io.contextdb.Namespace;
import io.contextdb.spi.capability.Capability;
import io.contextdb.spi.event.Event;
import io.contextdb.spi.event.EventDraft;
import io.contextdb.spi.event.EventPosition;
import io.contextdb.spi.event.EventQuery;
import io.contextdb.spi.event.Payload;
import io.contextdb.spi.value.Bytes;
import io.contextdb.spi.value.PropertyMap;
import io.contextdb.tck.Kit;
import io.contextdb.tck.Needs;
import io.contextdb.tck.Proves;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The event log: order, selection, content. */
@Needs(Capability.EVENTS)
public abstract class LogSuite {
    private static EventDraft numbered(int n) {
        return EventDraft.of("n", PropertyMap.of("n", n));
    }

    private static long number(Event event) {
        return ((Payload.Json) event.payload()).body().integer("n").orElseThrow();
    }

    @Test
    @Proves({"E1", "E2"})
    void eventsAreReadInTheOrderOfAppending(Kit kit) {
        Events events = kit.namespace().events();
        List<EventPosition> positions = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            positions.addAll(events.append(List.of(numbered(2 * i), numbered(2 * i + 1))));
        }

        assertThat(positions).isSorted().doesNotHaveDuplicates();
        assertThat(events.last()).isEqualTo(positions.getLast());
        assertThat(events.readAll(EventQuery.after(EventPosition.START, 7)).map(LogSuite::number))
                .containsExactlyElementsOf(
                        IntStream.range(0, 40).mapToObj(i -> (long) i).toList());
        assertThat(events.read(EventQuery.after(positions.get(10), 3)))
                .extracting(Event::position)
                .containsExactlyElementsOf(positions.subList(11, 14));
        assertThat(events.read(EventQuery.after(events.last(), 10))).isEmpty();
    }

    @Test
    @Proves({"E1", "G13"})
    void aTailingReaderMissesNothingOfManyWriters(Kit kit) {
        Namespace namespace = kit.namespace();
        int writers = 8;
        int each = 40;
        List<EventPosition> seen = new CopyOnWriteArrayList<>();

        kit.together(writers + 1, i -> {
            Events events = namespace.events();
            if (i < writers) {
                for (int n = 0; n < each; n++) {
                    events.append(numbered(i * each + n));
                }
                return i;
            }
            EventPosition after = EventPosition.START;
            long end = System.nanoTime() + Duration.ofSeconds(60).toNanos();
            while (seen.size() < writers * each && System.nanoTime() - end < 0) {
                for (Event event : events.read(EventQuery.after(after, 50))) {
                    seen.add(event.position());
                    after = event.position();
                }
            }
            return i;
        });

        assertThat(seen).hasSize(writers * each).isSorted().doesNotHaveDuplicates();
    }

    @Test
    @Proves("E2")
    void typesAndSubjectsSelect(Kit kit) {
        Events events = kit.namespace().events();
        events.append(EventDraft.of("a", PropertyMap.of("n", 1)).about("x"));
        events.append(EventDraft.of("b", PropertyMap.of("n", 2)).about("x"));
        events.append(EventDraft.of("a", PropertyMap.of("n", 3)).about("xy"));
        EventQuery all = EventQuery.after(EventPosition.START, 10);

        assertThat(events.read(all.types("a"))).extracting(LogSuite::number).containsExactly(1L, 3L);
        assertThat(events.read(all.about("x"))).extracting(LogSuite::number).containsExactly(1L, 2L);
        assertThat(events.read(all.types("a", "b").about("xy")))
                .extracting(LogSuite::number)
                .containsExactly(3L);
        assertThat(events.read(all.types("c"))).isEmpty();
    }

    @Test
    @Proves({"E4", "G2"})
    void payloadsAndTimesComeBackExactly(Kit kit) {
        Events events = kit.namespace().events();
        byte[] bytes = new byte[1000];
        kit.random().nextBytes(bytes);
        PropertyMap json = PropertyMap.of("a", 1, "b", 1.0, "c", null);
        Instant first = Instant.parse("0001-01-01T00:00:00Z");
        Instant last = Instant.parse("9999-12-31T23:59:59.999999Z");
        events.append(List.of(
                EventDraft.of("json", json).at(first),
                EventDraft.of("bytes", Payload.bytes(Bytes.of(bytes))).at(last),
                EventDraft.of("truncated", json).at(Instant.parse("2026-01-01T00:00:00.123456999Z"))));

        List<Event> read = events.read(EventQuery.after(EventPosition.START, 10));
        assertThat(read)
                .extracting(Event::payload)
                .containsExactly(Payload.json(json), Payload.bytes(Bytes.of(bytes)), Payload.json(json));
        assertThat(read)
                .extracting(Event::time)
                .containsExactly(first, last, Instant.parse("2026-01-01T00:00:00.123456Z"));
        assertThat(read)
                .extracting(Event::appendedAt)
                .allMatch(instant ->
                        Duration.between(instant, Instant.now()).abs().toMinutes() < 10);
    }

    @Test
    @Proves("G1")
    void logsOfNamespacesAreApart(Kit kit) {
        String name = kit.name();
        Events one = kit.connection().namespace(name).events();
        Events other = kit.connection().namespace(name + ".x").events();
        one.append(numbered(1));

        assertThat(other.read(EventQuery.after(EventPosition.START, 10))).isEmpty();
        assertThat(other.last()).isEqualTo(EventPosition.START);
        assertThat(new TreeSet<>(Collections.singleton(one.last()))).hasSize(1);
    }

    @Test
    @Proves({"E1", "E2", "E4"})
    void theOrderIsThatOfAppendingWhateverTheEventsSay(Kit kit) {
        Events events = kit.namespace().events();
        Instant now = Instant.parse("2026-01-01T00:00:00Z");
        for (int i = 0; i < 10; i++) {
            events.append(List.of(
                    numbered(2 * i).at(now.minusSeconds(i)), numbered(2 * i + 1).at(now.minusSeconds(100 + i))));
        }

        for (int limit : new int[] {1, 3, 19, 20, 21}) {
            assertThat(events.readAll(EventQuery.after(EventPosition.START, limit))
                            .map(LogSuite::number))
                    .containsExactlyElementsOf(
                            IntStream.range(0, 20).mapToObj(i -> (long) i).toList());
        }
    }

    @Test
    @Proves({"E1", "E2"})
    void equalEventsAreDifferentEvents(Kit kit) {
        Events events = kit.namespace().events();
        EventDraft same = numbered(1).about("x").at(Instant.EPOCH);
        List<EventPosition> positions = new ArrayList<>(events.append(List.of(same, same)));
        positions.add(events.append(same));

        assertThat(events.read(EventQuery.after(EventPosition.START, 10)))
                .extracting(Event::position)
                .containsExactlyElementsOf(positions);
        assertThat(positions).doesNotHaveDuplicates();
    }

    @Test
    @Proves("E2")
    void theLimitCountsWhatIsSelected(Kit kit) {
        Events events = kit.namespace().events();
        for (int i = 0; i < 30; i++) {
            events.append(EventDraft.of(i % 10 == 0 ? "rare" : "common", PropertyMap.of("n", i))
                    .about(i % 15 == 0 ? "x" : "X"));
        }
        EventQuery query = EventQuery.after(EventPosition.START, 2);

        assertThat(events.read(query.types("rare")))
                .extracting(LogSuite::number)
                .containsExactly(0L, 10L);
        assertThat(events.readAll(query.types("rare")).map(LogSuite::number)).containsExactly(0L, 10L, 20L);
        assertThat(events.readAll(query.about("x")).map(LogSuite::number)).containsExactly(0L, 15L);
        assertThat(events.readAll(query.types("rare").about("x")).map(LogSuite::number))
                .containsExactly(0L);
    }
}
