package io.contextdb.tck.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.contextdb.Events;
import io.contextdb.Namespace;
import io.contextdb.spi.capability.Capability;
import io.contextdb.spi.error.ErrorCode;
import io.contextdb.spi.error.InvalidRequestException;
import io.contextdb.spi.event.AggregateQuery;
import io.contextdb.spi.event.AggregateRow;
import io.contextdb.spi.event.ConsumerGroup;
import io.contextdb.spi.event.DeadLetter;
import io.contextdb.spi.event.Delivery;
import io.contextdb.spi.event.Event;
import io.contextdb.spi.event.EventDraft;
import io.contextdb.spi.event.EventPosition;
import io.contextdb.spi.event.EventQuery;
import io.contextdb.spi.event.Measure;
import io.contextdb.spi.event.Payload;
import io.contextdb.spi.event.TimeBucket;
import io.contextdb.spi.filter.Field;
import io.contextdb.spi.filter.Filter;
import io.contextdb.spi.value.Bytes;
import io.contextdb.spi.value.PropertyMap;
import io.contextdb.spi.write.EventMutation;
import io.contextdb.tck.Kit;
import io.contextdb.tck.Needs;
import io.contextdb.tck.Proves;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Flow;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Events, subscriptions, consumer groups, aggregates. */
@Needs(Capability.EVENTS)
public abstract class EventSuite {
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
        assertThat(events.readAll(EventQuery.after(EventPosition.START, 7)).map(EventSuite::number))
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

        assertThat(events.read(all.types("a"))).extracting(EventSuite::number).containsExactly(1L, 3L);
        assertThat(events.read(all.about("x"))).extracting(EventSuite::number).containsExactly(1L, 2L);
        assertThat(events.read(all.types("a", "b").about("xy")))
                .extracting(EventSuite::number)
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

    /** A subscriber that notes what it gets and asks for as much as the test says. */
    private static final class Noting implements Flow.Subscriber<Event> {
        final List<Event> events = new CopyOnWriteArrayList<>();
        final List<Throwable> errors = new CopyOnWriteArrayList<>();
        final CompletableFuture<Flow.Subscription> given = new CompletableFuture<>();

        Flow.Subscription subscription() {
            return given.join();
        }

        @Override
        public void onSubscribe(Flow.Subscription subscription) {
            given.complete(subscription);
        }

        @Override
        public void onNext(Event event) {
            events.add(event);
        }

        @Override
        public void onError(Throwable failure) {
            errors.add(failure);
        }

        @Override
        public void onComplete() {
            errors.add(new AssertionError("a subscription to a log does not complete"));
        }
    }

    @Test
    @Proves("E2")
    void subscriptionsDeliverInOrderAndNoMoreThanAskedFor(Kit kit) throws InterruptedException {
        Events events = kit.namespace().events();
        IntStream.range(0, 10).forEach(n -> events.append(numbered(n)));
        Noting noting = new Noting();
        events.subscribe(EventQuery.after(EventPosition.START, 3)).subscribe(noting);

        noting.subscription().request(4);
        kit.await("four events are there", () -> noting.events.size() == 4);
        Thread.sleep(30);
        assertThat(noting.events).hasSize(4);
        noting.subscription().request(100);
        kit.await("the others are there", () -> noting.events.size() == 10);
        events.append(List.of(numbered(10), numbered(11)));
        kit.await("new ones are there", () -> noting.events.size() == 12);
        noting.subscription().cancel();

        assertThat(noting.events)
                .extracting(EventSuite::number)
                .containsExactlyElementsOf(
                        IntStream.range(0, 12).mapToObj(i -> (long) i).toList());
        assertThat(noting.errors).isEmpty();
    }

    @Test
    @Proves({"E2", "G11"})
    void subscriptionsRefuseBadRequestsAndEndWithTheConnection(Kit kit) {
        try (var connection = kit.another()) {
            Events events = connection.namespace(kit.name()).events();
            Noting bad = new Noting();
            events.subscribe(EventQuery.after(EventPosition.START, 3)).subscribe(bad);
            bad.subscription().request(0);
            kit.await("the bad request is refused", () -> bad.errors.size() == 1);
            assertThat(bad.errors.get(0)).isInstanceOf(IllegalArgumentException.class);

            Noting open = new Noting();
            events.subscribe(EventQuery.after(EventPosition.START, 3)).subscribe(open);
            open.subscription().request(1);
            connection.close();
            kit.await("the subscription ends", () -> open.errors.size() == 1);
        }
    }

    @Test
    @Needs(Capability.CONSUMER_GROUPS)
    @Proves({"E3", "G13"})
    void eachEventGoesToOneMember(Kit kit) {
        Namespace namespace = kit.namespace();
        Events events = namespace.events();
        IntStream.range(0, 200).forEach(n -> events.append(numbered(n)));
        events.createGroup(ConsumerGroup.named("g"));
        Set<EventPosition> claimed = ConcurrentHashMap.newKeySet();

        List<Integer> counts = kit.together(8, i -> {
            int count = 0;
            List<Delivery> deliveries;
            do {
                deliveries = namespace.events().claim("g", 7);
                for (Delivery delivery : deliveries) {
                    assertThat(claimed.add(delivery.event().position())).isTrue();
                    assertThat(delivery.attempt()).isEqualTo(1);
                    count++;
                }
                if (!deliveries.isEmpty()) {
                    namespace
                            .events()
                            .acknowledge(
                                    "g",
                                    deliveries.stream()
                                            .map(delivery -> delivery.event().position())
                                            .toList());
                }
            } while (!deliveries.isEmpty());
            return count;
        });

        assertThat(counts.stream().mapToInt(Integer::intValue).sum()).isEqualTo(200);
        assertThat(events.groups())
                .singleElement()
                .satisfies(group -> assertThat(group.from()).isEqualTo(events.last()));
    }

    @Test
    @Needs(Capability.CONSUMER_GROUPS)
    @Proves("E3")
    void whatIsNotAcknowledgedComesAgainAndThenGoesToTheDeadLetters(Kit kit) {
        Events events = kit.namespace().events();
        EventPosition position = events.append(numbered(1));
        events.createGroup(new ConsumerGroup("g", EventPosition.START, Duration.ofMillis(40), 2));

        assertThat(events.claim("g", 10)).extracting(Delivery::attempt).containsExactly(1);
        assertThat(events.claim("g", 10)).isEmpty();
        List<Delivery> again = new ArrayList<>();
        kit.await("it is delivered again", () -> again.addAll(events.claim("g", 10)) || !again.isEmpty());
        assertThat(again).extracting(Delivery::attempt).containsExactly(2);
        kit.await(
                "it is given up",
                () -> events.claim("g", 10).isEmpty()
                        && events.deadLetters("g").findAny().isPresent());

        assertThat(events.deadLetters("g")).singleElement().satisfies(letter -> {
            assertThat(letter.event().position()).isEqualTo(position);
            assertThat(letter.attempts()).isEqualTo(2);
        });
        assertThat(events.acknowledge("g", List.of(position))).isEqualTo(1);
        assertThat(events.deadLetters("g").map(DeadLetter::event)).isEmpty();
    }

    @Test
    @Needs(Capability.CONSUMER_GROUPS)
    @Proves("E3")
    void releasedEventsComeAgainAtOnceAndAcknowledgingTwiceIsHarmless(Kit kit) {
        Events events = kit.namespace().events();
        List<EventPosition> positions = events.append(List.of(numbered(1), numbered(2)));
        events.createGroup(ConsumerGroup.named("g"));
        events.claim("g", 10);

        assertThat(events.release("g", positions.subList(0, 1))).isEqualTo(1);
        assertThat(events.claim("g", 10)).singleElement().satisfies(delivery -> {
            assertThat(delivery.event().position()).isEqualTo(positions.get(0));
            assertThat(delivery.attempt()).isEqualTo(2);
        });
        assertThat(events.acknowledge("g", positions)).isEqualTo(2);
        assertThat(events.acknowledge("g", positions)).isZero();
        assertThat(events.claim("g", 10)).isEmpty();
        assertThatThrownBy(() -> events.claim("unknown", 1))
                .isInstanceOfSatisfying(
                        InvalidRequestException.class,
                        failed -> assertThat(failed.code()).isEqualTo(ErrorCode.NOT_FOUND));
    }

    @Test
    @Needs(Capability.CONSUMER_GROUPS)
    @Proves("E5")
    void trimmingWaitsForEveryGroupUnlessForced(Kit kit) {
        Events events = kit.namespace().events();
        List<EventPosition> positions = events.append(
                IntStream.range(0, 10).mapToObj(EventSuite::numbered).toList());
        events.createGroup(ConsumerGroup.named("slow"));
        events.claim("slow", 4);
        events.acknowledge("slow", positions.subList(0, 3));

        assertThat(events.trim(EventMutation.Trim.keepNewest(2))).isEqualTo(3);
        assertThat(events.read(EventQuery.after(EventPosition.START, 100))).hasSize(7);
        assertThat(events.trim(EventMutation.Trim.keepNewest(2).forced())).isEqualTo(5);
        assertThat(events.read(EventQuery.after(EventPosition.START, 100)))
                .extracting(Event::position)
                .containsExactlyElementsOf(positions.subList(8, 10));
        assertThat(events.last()).isEqualTo(positions.getLast());
    }

    @Test
    @Proves("E5")
    void trimmingByAgeLeavesTheYoung(Kit kit) {
        Events events = kit.namespace().events();
        events.append(numbered(1));
        Instant between = events.read(EventQuery.after(EventPosition.START, 1))
                .get(0)
                .appendedAt()
                .plusNanos(1_000);
        events.append(numbered(2));

        assertThat(events.trim(EventMutation.Trim.before(between))).isEqualTo(1);
        assertThat(events.read(EventQuery.after(EventPosition.START, 10)))
                .extracting(EventSuite::number)
                .containsExactly(2L);
    }

    @Test
    @Needs(Capability.AGGREGATES)
    @Proves("E6")
    void figuresAreExact(Kit kit) {
        Events events = kit.namespace().events();
        Instant day = Instant.parse("2026-03-10T12:00:00Z");
        for (Object value : List.of(1, 2.0, 2, 3.5, "text", true)) {
            events.append(
                    EventDraft.of("t", PropertyMap.of("v", value, "g", "x")).at(day));
        }
        events.append(EventDraft.of("t", PropertyMap.of("v", 0.1)).at(day));
        events.append(EventDraft.of("other", PropertyMap.of("v", 1_000)).at(day));
        Field v = Field.property("v");
        AggregateQuery query = new AggregateQuery(
                Filter.eq(Field.type(), "t"),
                TimeBucket.ALL,
                ZoneOffset.UTC,
                List.of(Field.property("g")),
                List.of(
                        Measure.count("count"),
                        Measure.of("sum", Measure.Function.SUM, v),
                        Measure.of("min", Measure.Function.MIN, v),
                        Measure.of("max", Measure.Function.MAX, v),
                        Measure.of("average", Measure.Function.AVERAGE, v),
                        Measure.of("distinct", Measure.Function.DISTINCT, v),
                        Measure.quantile("median", v, 0.5),
                        Measure.quantile("p90", v, 0.9)));

        List<AggregateRow> rows = events.aggregate(query);

        assertThat(rows).hasSize(2);
        assertThat(rows.get(0).group()).containsExactly((Object) null);
        assertThat(rows.get(0).values()).containsEntry("sum", 0.1).containsEntry("count", 1L);
        Map<String, Number> values = rows.get(1).values();
        assertThat(rows.get(1).group()).containsExactly("x");
        assertThat(values.get("count")).isEqualTo(6L);
        assertThat(values.get("sum")).isEqualTo(8.5);
        assertThat(values.getOrDefault("min", 0).doubleValue()).isEqualTo(1);
        assertThat(values.get("max")).isEqualTo(3.5);
        assertThat(values.get("average")).isEqualTo(2.125);
        assertThat(values.get("distinct")).isEqualTo(5L);
        assertThat(values.get("median")).isEqualTo(2.0);
        assertThat(values.getOrDefault("p90", 0).doubleValue())
                .isCloseTo(3.05, org.assertj.core.data.Offset.offset(1e-9));
    }

    @Test
    @Needs(Capability.AGGREGATES)
    @Proves("E6")
    void bucketsFollowTheCalendarOfTheZone(Kit kit) {
        Events events = kit.namespace().events();
        ZoneId berlin = ZoneId.of("Europe/Berlin");
        // The night on which clocks go from 2 to 3: the day has 23 hours.
        for (String time : List.of(
                "2026-03-28T22:59:59Z",
                "2026-03-28T23:00:00Z",
                "2026-03-29T00:59:59Z",
                "2026-03-29T01:00:00Z",
                "2026-03-29T21:59:59Z",
                "2026-03-29T22:00:00Z")) {
            events.append(EventDraft.of("t", PropertyMap.empty()).at(Instant.parse(time)));
        }

        List<AggregateRow> days = events.aggregate(new AggregateQuery(
                Filter.everything(), TimeBucket.DAY, berlin, List.of(), List.of(Measure.count("n"))));
        assertThat(days)
                .extracting(AggregateRow::bucket)
                .containsExactly(
                        Instant.parse("2026-03-27T23:00:00Z"),
                        Instant.parse("2026-03-28T23:00:00Z"),
                        Instant.parse("2026-03-29T22:00:00Z"));
        assertThat(days).extracting(row -> row.values().get("n")).containsExactly(1L, 4L, 1L);
        List<AggregateRow> hours = events.aggregate(new AggregateQuery(
                Filter.everything(), TimeBucket.HOUR, berlin, List.of(), List.of(Measure.count("n"))));
        assertThat(hours).hasSize(6);
        List<AggregateRow> weeks = events.aggregate(new AggregateQuery(
                Filter.everything(), TimeBucket.WEEK, berlin, List.of(), List.of(Measure.count("n"))));
        assertThat(weeks)
                .extracting(AggregateRow::bucket)
                .containsExactly(Instant.parse("2026-03-22T23:00:00Z"), Instant.parse("2026-03-29T22:00:00Z"));
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
}
