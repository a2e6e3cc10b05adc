package io.contextdb.spi.event;

import static org.assertj.core.api.Assertions.assertThat;

import io.contextdb.spi.filter.Field;
import io.contextdb.spi.filter.Filter;
import io.contextdb.spi.value.CommitToken;
import io.contextdb.spi.value.Deadline;
import io.contextdb.spi.value.NamespaceName;
import io.contextdb.spi.value.Page;
import io.contextdb.spi.value.PageRequest;
import io.contextdb.spi.value.PropertyMap;
import io.contextdb.spi.value.ReadScope;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class AggregationTest {
    private static final Filter ABOUT_A = Filter.eq(Field.subject(), "a");
    private static final Filter OF_T = Filter.eq(Field.type(), "t");

    private final Log log = new Log();

    private long count(Filter filter) {
        AggregateQuery query =
                new AggregateQuery(filter, TimeBucket.ALL, ZoneOffset.UTC, List.of(), List.of(Measure.count("n")));
        ReadScope scope = new ReadScope(NamespaceName.of("n"), Deadline.after(Duration.ofMinutes(1)), CommitToken.NONE);
        return log.aggregate(scope, query).stream()
                .mapToLong(row -> row.values().values().iterator().next().longValue())
                .sum();
    }

    @Test
    void onlyEventsOfWhichTheFilterAsksForTypeAndSubjectAreRead() {
        assertThat(count(Filter.and(ABOUT_A, OF_T))).isEqualTo(1);
        assertThat(log.asked).allSatisfy(query -> {
            assertThat(query.subjects()).containsExactly("a");
            assertThat(query.types()).containsExactly("t");
        });
    }

    @Test
    void allAreReadWhereTheFilterLetsOthersPass() {
        assertThat(count(Filter.or(ABOUT_A, OF_T))).isEqualTo(3);
        assertThat(count(Filter.not(ABOUT_A))).isEqualTo(2);
        assertThat(count(Filter.everything())).isEqualTo(4);
        assertThat(log.asked).allSatisfy(query -> {
            assertThat(query.subjects()).isEmpty();
            assertThat(query.types()).isEmpty();
        });
    }

    /** Four events: of types t and u, each about a and b. */
    private static final class Log implements EventReader {
        private final List<EventQuery> asked = new ArrayList<>();

        @Override
        public List<Event> read(ReadScope scope, EventQuery query) {
            asked.add(query);
            List<Event> events = new ArrayList<>();
            for (String type : List.of("t", "u")) {
                for (String subject : List.of("a", "b")) {
                    EventPosition position = new EventPosition(events.size() + 1L, 0);
                    events.add(new Event(
                            position, type, subject, Payload.json(PropertyMap.empty()), Instant.EPOCH, Instant.EPOCH));
                }
            }
            return events.stream().filter(query::selects).toList();
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
