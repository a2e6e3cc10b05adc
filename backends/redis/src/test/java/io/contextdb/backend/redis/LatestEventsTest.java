package io.contextdb.backend.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.contextdb.ContextConnection;
import io.contextdb.ContextDataSource;
import io.contextdb.Events;
import io.contextdb.spi.event.Event;
import io.contextdb.spi.event.EventDraft;
import io.contextdb.spi.event.EventPosition;
import io.contextdb.spi.event.EventQuery;
import io.contextdb.spi.event.LatestQuery;
import io.contextdb.spi.value.PropertyMap;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Reading the log from its end, where more must be looked at than one call of the server may. */
class LatestEventsTest {
    private static final int EVENTS = 14_000;

    @Test
    void aSearchThatOneCallCannotEndGoesOnWhereItStopped() {
        TestServer server = TestServer.get();
        try (FaultProxy proxy = server.proxy();
                ContextDataSource source = ContextDataSource.open(server.through(proxy, TestServer.prefix("latest")));
                ContextConnection connection = source.getConnection()) {
            Events events = connection.namespace("n").events();
            for (int from = 0; from < EVENTS; from += 2_000) {
                events.append(IntStream.range(from, from + 2_000)
                        .mapToObj(i -> EventDraft.of(i % 1_750 == 0 ? "rare" : "t", PropertyMap.empty())
                                .about("s" + i % 3))
                        .toList());
            }
            List<Event> log = events.readAll(EventQuery.after(EventPosition.START, 2_000))
                    .toList()
                    .reversed();
            assertThat(log).hasSize(EVENTS);

            LatestQuery some = LatestQuery.of(10_000);
            for (LatestQuery query : List.of(
                    some,
                    some.types("rare"),
                    some.types("rare").limit(2),
                    some.about("s0", "s2"),
                    some.about("s1"),
                    some.types("rare").about("s1"),
                    some.types("rare").about("s0", "s1", "s2"),
                    some.about("s0", "none").limit(3))) {
                assertThat(events.latest(query))
                        .as("%s", query)
                        .isEqualTo(log.stream()
                                .filter(query::selects)
                                .limit(query.limit())
                                .toList());
            }
            long before = proxy.turns();
            events.latest(some.about("s1").limit(10));
            assertThat(proxy.turns() - before).as("found by their subject").isEqualTo(1);
        }
    }
}
