package io.contextdb.spi.event;

import static org.assertj.core.api.Assertions.assertThat;

import io.contextdb.spi.value.CommitToken;
import io.contextdb.spi.value.Deadline;
import io.contextdb.spi.value.NamespaceName;
import io.contextdb.spi.value.Page;
import io.contextdb.spi.value.PageRequest;
import io.contextdb.spi.value.PropertyMap;
import io.contextdb.spi.value.ReadScope;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** A backend that cannot read backwards gives the same answers, page by page. */
class ForwardScanTest {
    private static final List<Event> LOG = IntStream.range(0, 2_500)
            .mapToObj(i -> new Event(
                    new EventPosition(1 + i / 3, i % 3),
                    "t" + i % 2,
                    "s" + i % 5,
                    Payload.json(PropertyMap.empty()),
                    Instant.EPOCH,
                    Instant.EPOCH))
            .toList();

    private static List<Event> latest(LatestQuery query) {
        ReadScope scope = new ReadScope(NamespaceName.of("n"), Deadline.after(Duration.ofMinutes(1)), CommitToken.NONE);
        return new Log().readBackwards(scope, query);
    }

    @Test
    void theNewestAreFoundFromTheBeginning() {
        LatestQuery all = LatestQuery.of(10_000);
        for (LatestQuery query : List.of(
                all,
                all.limit(1),
                all.limit(1_000),
                all.types("t1").limit(7),
                all.about("s1", "s4").limit(11),
                all.from(LOG.get(1_234).position()).limit(3),
                all.from(EventPosition.START))) {
            assertThat(latest(query))
                    .as("%s", query)
                    .isEqualTo(LOG.reversed().stream()
                            .filter(query::selects)
                            .limit(query.limit())
                            .toList());
        }
    }

    private static final class Log implements EventReader {
        @Override
        public List<Event> read(ReadScope scope, EventQuery query) {
            return LOG.stream()
                    .filter(event -> event.position().compareTo(query.after()) > 0 && query.selects(event))
                    .limit(query.limit())
                    .toList();
        }

        @Override
        public EventPosition last(ReadScope scope) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void await(ReadScope scope, EventPosition after) {
            throw new UnsupportedOperationException();
        }

        @Override
        public List<ConsumerGroup> groups(ReadScope scope) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Page<DeadLetter> deadLetters(ReadScope scope, String group, PageRequest page) {
            throw new UnsupportedOperationException();
        }
    }
}
