package io.contextdb.tck.event;

import static org.assertj.core.api.Assertions.assertThat;

import io.contextdb.Conversation;
import io.contextdb.Conversation.Message;
import io.contextdb.Events;
import io.contextdb.Namespace;
import io.contextdb.spi.capability.Capability;
import io.contextdb.spi.event.Event;
import io.contextdb.spi.event.EventDraft;
import io.contextdb.spi.event.EventPosition;
import io.contextdb.spi.event.EventQuery;
import io.contextdb.spi.event.LatestQuery;
import io.contextdb.spi.event.Payload;
import io.contextdb.spi.value.PropertyMap;
import io.contextdb.spi.write.EventMutation;
import io.contextdb.tck.Kit;
import io.contextdb.tck.Needs;
import io.contextdb.tck.Proves;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** The event log read from its end. */
@Needs(Capability.EVENTS)
public abstract class LatestSuite {
    private static final String[] TYPES = {"a", "b", "c"};
    private static final String[] SUBJECTS = {"", "s", "st", "t"};

    /** Appends events of every type about every subject and about none, some in one batch. */
    private static void fill(Kit kit, Events events, int batches) {
        for (int batch = 0, n = 0; batch < batches; batch++) {
            List<EventDraft> drafts = new ArrayList<>();
            for (int i = 0; i <= batch % 3; i++) {
                drafts.add(EventDraft.of(TYPES[kit.random().nextInt(TYPES.length)], PropertyMap.of("n", n++))
                        .about(SUBJECTS[kit.random().nextInt(SUBJECTS.length)]));
            }
            events.append(drafts);
        }
    }

    /** Returns what is to be read, from a log that was read from its beginning. */
    private static List<Event> expected(List<Event> log, LatestQuery query) {
        return log.reversed().stream()
                .filter(query::selects)
                .limit(query.limit())
                .toList();
    }

    private static List<Event> all(Events events) {
        return events.readAll(EventQuery.after(EventPosition.START, 100)).toList();
    }

    @Test
    @Proves("E2a")
    void theNewestComeFirstAndOnlyThoseThatAreAskedFor(Kit kit) {
        Events events = kit.namespace().events();
        assertThat(events.latest(LatestQuery.of(10))).isEmpty();
        fill(kit, events, 60);
        List<Event> log = all(events);

        List<LatestQuery> selections = new ArrayList<>();
        for (String[] types : new String[][] {{}, {"a"}, {"b", "c"}, {"b", "b"}, {"none"}}) {
            for (String[] subjects :
                    new String[][] {{}, {"s"}, {"t", "s"}, {"s", "s"}, {"st", ""}, {"none"}, {"s", "none"}}) {
                selections.add(LatestQuery.of(1).types(types).about(subjects));
            }
        }
        for (LatestQuery selection : selections) {
            for (EventPosition before : List.of(
                    EventPosition.END,
                    EventPosition.START,
                    log.getFirst().position(),
                    log.get(70).position())) {
                for (int limit : new int[] {7, 10_000}) {
                    LatestQuery query = selection.from(before).limit(limit);
                    assertThat(events.latest(query)).as("%s", query).isEqualTo(expected(log, query));
                }
            }
        }
    }

    @Test
    @Proves("E2a")
    void portionsFollowEachOtherWithoutGapsAndRepeats(Kit kit) {
        Events events = kit.namespace().events();
        fill(kit, events, 40);
        List<Event> log = all(events);

        for (LatestQuery selection : List.of(
                LatestQuery.of(1),
                LatestQuery.of(1).about("s", "t"),
                LatestQuery.of(1).types("a", "b").about("st"))) {
            List<Event> expected = expected(log, selection.limit(10_000));
            for (int portion : new int[] {1, 3, expected.size(), expected.size() + 1}) {
                assertThat(backwards(events, selection.limit(portion)))
                        .as("%s", selection.limit(portion))
                        .isEqualTo(expected);
            }
        }
    }

    private static List<Event> backwards(Events events, LatestQuery first) {
        List<Event> read = new ArrayList<>();
        List<Event> portion = events.latest(first);
        while (!portion.isEmpty()) {
            read.addAll(portion);
            portion = events.latest(first.from(portion.getLast().position()));
        }
        return read;
    }

    @Test
    @Proves({"E2a", "E5"})
    void trimmedEventsAreGone(Kit kit) {
        Events events = kit.namespace().events();
        fill(kit, events, 30);
        events.trim(EventMutation.Trim.keepNewest(11).forced());
        List<Event> log = all(events);

        assertThat(log).hasSize(11);
        for (LatestQuery query :
                List.of(LatestQuery.of(100), LatestQuery.of(100).about("s", "t"))) {
            assertThat(events.latest(query)).isEqualTo(expected(log, query));
        }
    }

    @Test
    @Needs({Capability.EVENTS, Capability.ERASURE})
    @Proves({"E2a", "N6"})
    void erasedEventsKeepTheirPlaceWithoutTheirContent(Kit kit) {
        Namespace namespace = kit.namespace();
        UUID person = UUID.randomUUID();
        namespace.events().append(EventDraft.of("a", PropertyMap.of("n", 1)).about("" + person));
        namespace.events().append(EventDraft.of("a", PropertyMap.of("n", 2)).about("s"));
        namespace.events().append(EventDraft.of("a", PropertyMap.of("n", 3)).about("" + person));
        namespace.erase(List.of(person));

        assertThat(namespace.events().latest(LatestQuery.of(10).about("" + person)))
                .hasSize(2)
                .allMatch(event -> event.payload() instanceof Payload.Erased);
        assertThat(namespace.events().latest(LatestQuery.of(10)))
                .isEqualTo(all(namespace.events()).reversed());
    }

    @Test
    @Proves({"E2a", "G1", "G7"})
    void whatIsAppendedMeanwhileChangesNothingBefore(Kit kit) {
        Namespace namespace = kit.namespace();
        Events events = namespace.events();
        AtomicInteger writers = new AtomicInteger(3);

        kit.together(4, i -> {
            if (i < 3) {
                for (int n = 0; n < 60; n++) {
                    EventPosition mine = events.append(
                            EventDraft.of("a", PropertyMap.of("n", n)).about("w" + i));
                    assertThat(events.latest(LatestQuery.of(1).about("w" + i)))
                            .extracting(Event::position)
                            .containsExactly(mine);
                }
                return writers.decrementAndGet();
            }
            do {
                List<Event> read = backwards(events, LatestQuery.of(7));
                List<Event> upTo = read.isEmpty()
                        ? List.of()
                        : all(events).stream()
                                .filter(event -> event.position()
                                                .compareTo(read.getFirst().position())
                                        <= 0)
                                .toList();
                assertThat(read).isEqualTo(upTo.reversed());
            } while (writers.get() > 0);
            return 0;
        });

        assertThat(kit.namespace().events().latest(LatestQuery.of(10))).isEmpty();
    }

    @Test
    @Proves({"D3a", "E2a"})
    void theNewestMessagesOfAConversationAreReadFromItsEnd(Kit kit) {
        Namespace namespace = kit.namespace();
        Conversation conversation = namespace.conversation("c");
        assertThat(conversation.latest(5)).isEmpty();
        List<String> said = new ArrayList<>();
        for (int i = 0; i < 30; i++) {
            List<Message> messages = new ArrayList<>();
            for (int n = 0; n < 20; n++) {
                messages.add(Message.of("user", i + "." + n));
                said.add(i + "." + n);
            }
            conversation.append(messages.toArray(Message[]::new));
            namespace.conversation("c" + i).append(Message.of("user", "elsewhere"));
            namespace
                    .events()
                    .append(EventDraft.of("other", PropertyMap.empty()).about("conversation:c"));
        }

        for (int count : new int[] {1, 20, 21, 499, 500, 501, 600, 10_000}) {
            assertThat(conversation.latest(count))
                    .extracting(Message::content)
                    .containsExactlyElementsOf(said.subList(Math.max(0, said.size() - count), said.size()));
        }
    }
}
