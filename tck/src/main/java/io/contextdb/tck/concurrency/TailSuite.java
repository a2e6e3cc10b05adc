package io.contextdb.tck.concurrency;

import static org.assertj.core.api.Assertions.assertThat;

import io.contextdb.Batch;
import io.contextdb.ContextConnection;
import io.contextdb.Events;
import io.contextdb.Namespace;
import io.contextdb.spi.capability.Capability;
import io.contextdb.spi.event.ConsumerGroup;
import io.contextdb.spi.event.Event;
import io.contextdb.spi.event.EventDraft;
import io.contextdb.spi.event.EventPosition;
import io.contextdb.spi.event.EventQuery;
import io.contextdb.spi.event.Payload;
import io.contextdb.spi.value.Bytes;
import io.contextdb.spi.value.PropertyMap;
import io.contextdb.spi.write.DocumentMutation;
import io.contextdb.spi.write.EventMutation;
import io.contextdb.spi.write.KeyMutation;
import io.contextdb.spi.write.Mutation;
import io.contextdb.spi.write.MutationResult;
import io.contextdb.tck.Kit;
import io.contextdb.tck.Needs;
import io.contextdb.tck.Proves;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** A reader that follows the log while others commit, some of them slowly: what "id greater than the last one" gets wrong. */
@Needs(value = Capability.EVENTS, batches = true)
public abstract class TailSuite {
    private static final int SLOW = 3;
    private static final int FAST = 4;
    private static final int READERS = 2;
    private static final int FAST_EVENTS = 60;
    private static final int SLOW_BATCHES = 8;

    @Test
    @Proves({"E1", "E2", "G13"})
    void aTailSkipsNothingOfSlowCommitters(Kit kit) {
        String name = kit.name();
        int total = FAST * FAST_EVENTS + SLOW * SLOW_BATCHES * 2;
        AtomicInteger writing = new AtomicInteger(SLOW + FAST);
        List<List<EventPosition>> seen = kit.together(SLOW + FAST + READERS, thread -> {
            try (ContextConnection connection = kit.another()) {
                Namespace namespace = connection.namespace(name);
                if (thread >= SLOW + FAST) {
                    return follow(namespace.events(), total, writing);
                }
                try {
                    return thread < SLOW ? slowly(kit, namespace) : fast(namespace);
                } finally {
                    writing.decrementAndGet();
                }
            }
        });

        try (ContextConnection connection = kit.another()) {
            Events events = connection.namespace(name).events();
            List<EventPosition> all = events.readAll(EventQuery.after(EventPosition.START, 97))
                    .map(Event::position)
                    .toList();
            List<EventPosition> appended = seen.subList(0, SLOW + FAST).stream()
                    .flatMap(List::stream)
                    .sorted()
                    .toList();
            assertThat(all).as("the log holds what was acknowledged").isEqualTo(appended);
            for (List<EventPosition> followed : seen.subList(SLOW + FAST, seen.size())) {
                assertThat(followed).as("what a reader saw on its way").isEqualTo(all);
            }
        }
    }

    private static List<EventPosition> fast(Namespace namespace) {
        List<EventPosition> positions = new ArrayList<>();
        for (int i = 0; i < FAST_EVENTS; i++) {
            positions.add(namespace.events().append(event(i)));
        }
        return positions;
    }

    /** Appends an event at the begin and one at the end of a large batch: its positions are early, its commit is late. */
    private static List<EventPosition> slowly(Kit kit, Namespace namespace) {
        int bulk = Math.min(400, kit.info().limits().batchMutations() - 2);
        List<EventPosition> positions = new ArrayList<>();
        for (int i = 0; i < SLOW_BATCHES; i++) {
            Batch batch = namespace.batch().append(event(i));
            for (int n = 0; n < bulk; n++) {
                batch.add(filler(kit, i * bulk + n));
            }
            List<MutationResult> results = batch.append(event(-i)).apply().results();
            positions.add(((MutationResult.Appended) results.getFirst()).position());
            positions.add(((MutationResult.Appended) results.getLast()).position());
        }
        return positions;
    }

    private static Mutation filler(Kit kit, int n) {
        if (kit.info().offers(Capability.KEYS)) {
            return KeyMutation.PutKey.of("filler/" + n, Bytes.utf8("x".repeat(200)));
        }
        return kit.info().offers(Capability.DOCUMENTS)
                ? DocumentMutation.PutDocument.of("filler", "" + n, PropertyMap.of("x", "x".repeat(200)))
                : new EventMutation.CreateGroup(ConsumerGroup.named("filler"));
    }

    private static EventDraft event(int n) {
        return EventDraft.of("n", Payload.json(PropertyMap.of("n", n)));
    }

    private static List<EventPosition> follow(Events events, int total, AtomicInteger writing) {
        List<EventPosition> seen = new ArrayList<>();
        EventPosition after = EventPosition.START;
        boolean last = false;
        while (seen.size() < total && !last) {
            // Once nobody writes, one more pass to the end shows all that there will ever be.
            last = writing.get() == 0;
            List<Event> page;
            do {
                page = events.read(EventQuery.after(after, 5));
                for (Event event : page) {
                    after = event.position();
                    seen.add(after);
                }
            } while (!page.isEmpty());
        }
        return seen;
    }
}
