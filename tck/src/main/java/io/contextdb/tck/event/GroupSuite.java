package io.contextdb.tck.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.contextdb.Events;
import io.contextdb.Namespace;
import io.contextdb.spi.capability.Capability;
import io.contextdb.spi.error.ErrorCode;
import io.contextdb.spi.error.InvalidRequestException;
import io.contextdb.spi.event.ConsumerGroup;
import io.contextdb.spi.event.DeadLetter;
import io.contextdb.spi.event.Delivery;
import io.contextdb.spi.event.Event;
import io.contextdb.spi.event.EventDraft;
import io.contextdb.spi.event.EventPosition;
import io.contextdb.spi.event.EventQuery;
import io.contextdb.spi.event.Payload;
import io.contextdb.spi.value.PropertyMap;
import io.contextdb.spi.write.EventMutation;
import io.contextdb.tck.Kit;
import io.contextdb.tck.Needs;
import io.contextdb.tck.Proves;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Consumer groups, and trims, which wait for them. */
@Needs({Capability.EVENTS, Capability.CONSUMER_GROUPS})
public abstract class GroupSuite {
    private static EventDraft numbered(int n) {
        return EventDraft.of("n", PropertyMap.of("n", n));
    }

    private static long number(Event event) {
        return ((Payload.Json) event.payload()).body().integer("n").orElseThrow();
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
        events.createGroup(new ConsumerGroup("held", EventPosition.START, Duration.ofHours(1), 2));
        events.createGroup(new ConsumerGroup("g", EventPosition.START, Duration.ofMillis(40), 2));

        assertThat(events.claim("held", 10)).extracting(Delivery::attempt).containsExactly(1);
        assertThat(events.claim("held", 10)).isEmpty();
        assertThat(events.claim("g", 10)).extracting(Delivery::attempt).containsExactly(1);
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
    void aClaimMovesWhatIsSpentToTheDeadLettersEvenWhereItsLimitIsReachedBefore(Kit kit) {
        Events events = kit.namespace().events();
        EventPosition first = events.append(numbered(1));
        EventPosition spent = events.append(numbered(2));
        events.createGroup(new ConsumerGroup("g", EventPosition.START, Duration.ofHours(1), 2));
        events.claim("g", 2);
        events.release("g", List.of(spent));
        events.claim("g", 1);
        events.release("g", List.of(first, spent));

        assertThat(events.claim("g", 1))
                .extracting(delivery -> delivery.event().position())
                .containsExactly(first);
        assertThat(events.deadLetters("g").map(letter -> letter.event().position()))
                .containsExactly(spent);
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
                IntStream.range(0, 10).mapToObj(GroupSuite::numbered).toList());
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
                .extracting(GroupSuite::number)
                .containsExactly(2L);
    }

    @Test
    @Proves("E3")
    void aClaimGivesTheOldestAndNoMoreThanAsked(Kit kit) {
        Events events = kit.namespace().events();
        List<EventPosition> positions = events.append(
                IntStream.range(0, 7).mapToObj(GroupSuite::numbered).toList());
        events.createGroup(ConsumerGroup.named("g"));

        assertThat(events.claim("g", 3))
                .extracting(delivery -> delivery.event().position())
                .containsExactlyElementsOf(positions.subList(0, 3));
        assertThat(events.claim("g", 3))
                .extracting(delivery -> delivery.event().position())
                .containsExactlyElementsOf(positions.subList(3, 6));
        events.release("g", List.of(positions.get(4), positions.get(1)));
        assertThat(events.claim("g", 10))
                .as("what comes again, then what is new")
                .extracting(delivery -> delivery.event().position())
                .containsExactly(positions.get(1), positions.get(4), positions.get(6));
    }

    @Test
    @Proves("E3")
    void eachEventIsSettledByItself(Kit kit) {
        Events events = kit.namespace().events();
        List<EventPosition> positions = events.append(
                IntStream.range(0, 5).mapToObj(GroupSuite::numbered).toList());
        events.createGroup(ConsumerGroup.named("g"));
        assertThat(events.acknowledge("g", positions))
                .as("nothing is claimed yet")
                .isZero();
        assertThat(events.release("g", positions)).as("nothing is claimed yet").isZero();
        events.claim("g", 4);

        assertThat(progress(events)).isEqualTo(EventPosition.START);
        assertThat(events.acknowledge("g", List.of(positions.get(2)))).isEqualTo(1);
        assertThat(progress(events)).as("two before it are open").isEqualTo(EventPosition.START);
        assertThat(events.release("g", List.of(positions.get(0), positions.get(2), positions.get(4))))
                .isEqualTo(1);
        assertThat(events.acknowledge("g", List.of(positions.get(1)))).isEqualTo(1);
        assertThat(events.claim("g", 10))
                .extracting(delivery -> delivery.event().position())
                .containsExactly(positions.get(0), positions.get(4));
        assertThat(events.acknowledge("g", List.of(positions.get(0), positions.get(4))))
                .isEqualTo(2);
        assertThat(progress(events)).as("one is still claimed").isEqualTo(positions.get(2));
        assertThat(events.acknowledge("g", positions)).isEqualTo(1);
        assertThat(progress(events)).isEqualTo(positions.get(4));
    }

    private static EventPosition progress(Events events) {
        return events.groups().get(0).from();
    }

    @Test
    @Proves("E3")
    void groupsStartWhereTheySayAndAreApart(Kit kit) {
        Events events = kit.namespace().events();
        List<EventPosition> positions = events.append(
                IntStream.range(0, 6).mapToObj(GroupSuite::numbered).toList());
        events.createGroup(ConsumerGroup.named("all"));
        events.createGroup(new ConsumerGroup("late", positions.get(3), Duration.ofSeconds(30), 5));
        events.createGroup(new ConsumerGroup("end", events.last(), Duration.ofSeconds(30), 5));

        assertThat(claimed(events, "late")).containsExactly(positions.get(4), positions.get(5));
        assertThat(claimed(events, "end")).isEmpty();
        events.acknowledge("late", positions);
        events.createGroup(new ConsumerGroup("late", EventPosition.START, Duration.ofSeconds(30), 5));
        assertThat(claimed(events, "late")).as("creating it again does nothing").isEmpty();
        assertThat(claimed(events, "all")).containsExactlyElementsOf(positions);
        EventPosition next = events.append(numbered(6));
        assertThat(claimed(events, "end")).containsExactly(next);
        assertThat(claimed(events, "late")).containsExactly(next);
        assertThat(events.dropGroup("late")).isTrue();
        assertThat(events.dropGroup("late")).isFalse();
        events.createGroup(ConsumerGroup.named("late"));
        assertThat(claimed(events, "late")).as("a new group of the name").hasSize(7);
    }

    private static List<EventPosition> claimed(Events events, String group) {
        return events.claim(group, 100).stream()
                .map(delivery -> delivery.event().position())
                .toList();
    }

    @Test
    @Proves({"E3", "E5"})
    void deadLettersSurviveATrim(Kit kit) {
        Events events = kit.namespace().events();
        List<EventPosition> positions = events.append(
                IntStream.range(0, 3).mapToObj(GroupSuite::numbered).toList());
        events.createGroup(new ConsumerGroup("g", EventPosition.START, Duration.ofMillis(10), 1));
        kit.await("all are given up", () -> {
            events.claim("g", 10);
            return events.deadLetters("g").count() == 3;
        });

        assertThat(events.trim(EventMutation.Trim.keepNewest(0))).isEqualTo(3);
        assertThat(events.read(EventQuery.after(EventPosition.START, 10))).isEmpty();
        assertThat(events.deadLetters("g").map(letter -> letter.event().payload()))
                .containsExactlyElementsOf(IntStream.range(0, 3)
                        .mapToObj(i -> Payload.json(PropertyMap.of("n", i)))
                        .toList());
        assertThat(events.acknowledge("g", positions.subList(1, 2))).isEqualTo(1);
        assertThat(events.deadLetters("g")).hasSize(2);
        assertThat(events.append(numbered(4))).isGreaterThan(positions.get(2));
    }

    @Test
    @Proves("E5")
    void aTrimWaitsForTheSlowestGroup(Kit kit) {
        Events events = kit.namespace().events();
        List<EventPosition> positions = events.append(
                IntStream.range(0, 6).mapToObj(GroupSuite::numbered).toList());
        for (String group : List.of("a", "b", "c")) {
            events.createGroup(ConsumerGroup.named(group));
            events.claim(group, 10);
        }
        events.acknowledge("a", positions);
        events.acknowledge("b", positions.subList(0, 2));
        events.acknowledge("c", positions.subList(0, 5));

        assertThat(events.trim(EventMutation.Trim.keepNewest(0))).isEqualTo(2);
        assertThat(events.trim(EventMutation.Trim.before(Instant.now().plusSeconds(60))))
                .isZero();
        events.dropGroup("b");
        assertThat(events.trim(EventMutation.Trim.keepNewest(0))).isEqualTo(3);
        assertThat(events.trim(
                        EventMutation.Trim.before(Instant.now().plusSeconds(60)).forced()))
                .isEqualTo(1);
    }

    @Test
    @Proves("E5")
    void theAgeOfAnEventIsThatOfItsAppend(Kit kit) {
        Events events = kit.namespace().events();
        Instant old = Instant.parse("2020-01-01T00:00:00Z");
        Instant coming = Instant.parse("2900-01-01T00:00:00Z");
        events.append(numbered(1).at(coming));
        events.append(numbered(2).at(old));
        List<Event> read = events.read(EventQuery.after(EventPosition.START, 10));

        assertThat(events.trim(EventMutation.Trim.before(old.plusSeconds(1)))).isZero();
        assertThat(events.trim(EventMutation.Trim.before(read.get(0).appendedAt())))
                .as("the instant itself stays")
                .isZero();
        assertThat(events.trim(EventMutation.Trim.before(read.get(1).appendedAt())))
                .isEqualTo(1);
        assertThat(events.read(EventQuery.after(EventPosition.START, 10)))
                .extracting(GroupSuite::number)
                .containsExactly(2L);
    }
}
