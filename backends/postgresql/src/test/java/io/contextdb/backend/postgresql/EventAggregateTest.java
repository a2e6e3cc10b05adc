package io.contextdb.backend.postgresql;

import static org.assertj.core.api.Assertions.assertThat;

import io.contextdb.backend.postgresql.Script.Many;
import io.contextdb.spi.event.AggregateQuery;
import io.contextdb.spi.event.AggregateRow;
import io.contextdb.spi.event.ConsumerGroup;
import io.contextdb.spi.event.DeadLetter;
import io.contextdb.spi.event.Event;
import io.contextdb.spi.event.EventDraft;
import io.contextdb.spi.event.EventPosition;
import io.contextdb.spi.event.EventQuery;
import io.contextdb.spi.event.EventReader;
import io.contextdb.spi.event.Measure;
import io.contextdb.spi.event.Payload;
import io.contextdb.spi.event.TimeBucket;
import io.contextdb.spi.filter.Field;
import io.contextdb.spi.filter.Filter;
import io.contextdb.spi.value.Bytes;
import io.contextdb.spi.value.CommitToken;
import io.contextdb.spi.value.Deadline;
import io.contextdb.spi.value.NamespaceName;
import io.contextdb.spi.value.Page;
import io.contextdb.spi.value.PageRequest;
import io.contextdb.spi.value.PropertyMap;
import io.contextdb.spi.value.ReadScope;
import io.contextdb.spi.write.EventMutation;
import io.contextdb.spi.write.Mutation;
import io.contextdb.spi.write.WriteBatch;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.time.zone.ZoneOffsetTransition;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Aggregates of the server have the answers of reading the log through (contract E6). */
class EventAggregateTest {
    private static final NamespaceName N = NamespaceName.of("n");
    private static final List<String> ZONES = List.of(
            "UTC",
            "+05:45",
            "Europe/Berlin",
            "Europe/Amsterdam",
            "America/New_York",
            "America/Sao_Paulo",
            "Africa/Monrovia",
            "Asia/Kathmandu",
            "Asia/Gaza",
            "Australia/Lord_Howe",
            "Pacific/Apia",
            "Antarctica/Troll");
    private static final List<Object> VALUES = Arrays.asList(
            null,
            true,
            "a",
            0,
            1,
            1.0,
            -0.0,
            0.1,
            0.2,
            0.3,
            -2.5,
            1e16,
            -1e16,
            1e300,
            -1e300,
            Double.MIN_VALUE,
            Double.MAX_VALUE,
            -Double.MAX_VALUE,
            1.0 / 3,
            Math.PI * 1e-200,
            0x1p53 + 2,
            (1L << 53) + 1,
            -0x1p63,
            Long.MIN_VALUE,
            Long.MAX_VALUE,
            List.of(1),
            List.of(1.0),
            Map.of("k", 1.0),
            Map.of("k", 1));

    private PostgresBackend backend;

    @BeforeEach
    void open() {
        backend = (PostgresBackend) TestServer.open(TestServer.get().url(TestServer.schema("aggregate")));
    }

    @AfterEach
    void close() {
        backend.close();
    }

    private static ReadScope scope() {
        return new ReadScope(N, Deadline.after(Duration.ofSeconds(60)), CommitToken.NONE);
    }

    @Test
    void figuresAreThoseOfReadingTheLogThrough() {
        Random random = new Random(7);
        List<Mutation> batch = new ArrayList<>();
        for (int i = 0; i < 1_500; i++) {
            PropertyMap body = PropertyMap.of("v", VALUES.get(random.nextInt(VALUES.size())))
                    .with("f", random.nextGaussian() * Math.pow(10, random.nextInt(40) - 20))
                    .with("g", PropertyMap.of("h", VALUES.get(random.nextInt(VALUES.size()))));
            Payload payload = i % 50 == 0
                    ? Payload.bytes(Bytes.utf8("x"))
                    : Payload.json(i % 7 == 0 ? body.without("g") : i % 11 == 0 ? body.without("v") : body);
            batch.add(new EventMutation.Append(EventDraft.of("t" + i % 3, payload)
                    .about(i % 4 == 0 ? "" : "s" + i % 2)
                    .at(Instant.parse("2024-03-30T21:00:00Z").plusSeconds(i * 79L))));
        }
        backend.apply(WriteBatch.of(N, batch), Deadline.after(Duration.ofSeconds(60)));
        EventReader through = readingThrough(backend.events());
        List<Filter> filters = List.of(
                Filter.everything(),
                Filter.gt(Field.property("f"), 0),
                Filter.not(Filter.eq(Field.property("v"), 1)),
                Filter.not(Filter.exists(Field.subject())),
                Filter.ge(Field.time(), Instant.parse("2024-03-31T01:00:00Z")),
                Filter.startsWith(Field.id(), "1-"));
        List<List<Field>> groups = List.of(
                List.of(),
                List.of(Field.type(), Field.subject()),
                List.of(Field.property("v")),
                List.of(Field.property("g", "h"), Field.time()));
        for (Filter filter : filters) {
            for (List<Field> group : groups) {
                for (Field field :
                        List.of(Field.property("v"), Field.property("f"), Field.property("g", "h"), Field.time())) {
                    TimeBucket bucket = TimeBucket.values()[random.nextInt(TimeBucket.values().length)];
                    ZoneId zone = ZoneId.of(ZONES.get(random.nextInt(ZONES.size())));
                    AggregateQuery query = new AggregateQuery(filter, bucket, zone, group, measures(field));
                    assertThat(backend.events().aggregate(scope(), query))
                            .as(query.toString())
                            .isEqualTo(through.aggregate(scope(), query));
                }
            }
        }
    }

    private static List<Measure> measures(Field field) {
        List<Measure> measures = new ArrayList<>(List.of(Measure.count("n")));
        for (Measure.Function function : Measure.Function.values()) {
            if (function != Measure.Function.COUNT && function != Measure.Function.QUANTILE) {
                measures.add(Measure.of(function.name(), function, field));
            }
        }
        // The extremes of floats have no quantile between them.
        if (field.equals(Field.property("f"))) {
            for (double q : new double[] {0, 0.1, 0.5, 0.77, 1}) {
                measures.add(Measure.quantile("q" + q, field, q));
            }
        }
        return measures;
    }

    @Test
    void bucketsBeginWhereTheCalendarOfTheZoneSays() {
        Random random = new Random(11);
        for (String name : ZONES) {
            ZoneId zone = ZoneId.of(name);
            List<Instant> times = times(zone, random);
            EventBuckets.Steps steps = EventBuckets.Steps.of(zone, EventBuckets.LAST);
            for (TimeBucket unit : TimeBucket.values()) {
                EventBuckets buckets = new EventBuckets(unit, steps);
                List<Object> bound = new ArrayList<>(
                        List.of(Many.longs(times.stream().map(Columns::of).toList())));
                bound.addAll(buckets.bound());
                List<Instant> starts = backend.store()
                        .read(
                                scope(),
                                snapshot -> snapshot.list(
                                        "SELECT bucket.start FROM unnest(?::int8[]) WITH ORDINALITY e(time, i)"
                                                + buckets.joins() + " ORDER BY e.i",
                                        row -> Columns.instant(row.getLong(1)),
                                        bound.toArray()));
                for (int i = 0; i < times.size(); i++) {
                    assertThat(starts.get(i))
                            .as("%s of %s in %s", unit, times.get(i), zone)
                            .isEqualTo(unit.start(times.get(i), zone));
                }
            }
        }
    }

    /** Times around each change of the clocks, and others of all years. */
    private static List<Instant> times(ZoneId zone, Random random) {
        List<Instant> times = new ArrayList<>();
        List<ZoneOffsetTransition> changes = new ArrayList<>(zone.getRules().getTransitions());
        Instant at = Instant.parse("2095-01-01T00:00:00Z");
        for (int i = 0; i < 30 && zone.getRules().nextTransition(at) != null; i++) {
            changes.add(zone.getRules().nextTransition(at));
            at = zone.getRules().nextTransition(at).getInstant();
        }
        for (ZoneOffsetTransition change : changes) {
            for (long minutes : new long[] {-1500, -61, -31, 0, 1, 29, 59, 61, 119, 1439, 1500, 20_000}) {
                times.add(change.getInstant().plus(minutes, ChronoUnit.MINUTES));
                times.add(change.getInstant().plus(minutes, ChronoUnit.MINUTES).minusNanos(1_000));
            }
        }
        for (int i = 0; i < 500; i++) {
            long second = random.nextLong(
                    Instant.parse("0001-01-10T00:00:00Z").getEpochSecond(),
                    Instant.parse("9999-12-20T00:00:00Z").getEpochSecond());
            times.add(Instant.ofEpochSecond(second, random.nextInt(1_000_000) * 1_000L));
        }
        return times;
    }

    @Test
    void changesOfTheClocksFarAheadCount() {
        List<Mutation> batch = new ArrayList<>();
        for (String time : List.of("2026-06-30T22:30:00Z", "2926-06-30T22:30:00Z", "2926-12-31T22:30:00Z")) {
            batch.add(new EventMutation.Append(
                    EventDraft.of("t", PropertyMap.empty()).at(Instant.parse(time))));
        }
        backend.apply(WriteBatch.of(N, batch), Deadline.after(Duration.ofSeconds(60)));
        AggregateQuery query = new AggregateQuery(
                Filter.everything(),
                TimeBucket.DAY,
                ZoneId.of("Europe/Berlin"),
                List.of(),
                List.of(Measure.count("n")));

        assertThat(backend.events().aggregate(scope(), query))
                .extracting(AggregateRow::bucket)
                .containsExactly(
                        Instant.parse("2026-06-30T22:00:00Z"),
                        Instant.parse("2926-06-30T22:00:00Z"),
                        Instant.parse("2926-12-30T23:00:00Z"));
    }

    /** Returns a reader whose aggregates are the default ones. */
    static EventReader readingThrough(EventReader events) {
        return new EventReader() {
            @Override
            public List<Event> read(ReadScope scope, EventQuery query) {
                return events.read(scope, query);
            }

            @Override
            public EventPosition last(ReadScope scope) {
                return events.last(scope);
            }

            @Override
            public void await(ReadScope scope, EventPosition after) {
                events.await(scope, after);
            }

            @Override
            public List<ConsumerGroup> groups(ReadScope scope) {
                return events.groups(scope);
            }

            @Override
            public Page<DeadLetter> deadLetters(ReadScope scope, String group, PageRequest page) {
                return events.deadLetters(scope, group, page);
            }
        };
    }
}
