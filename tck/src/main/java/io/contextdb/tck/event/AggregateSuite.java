package io.contextdb.tck.event;

import static org.assertj.core.api.Assertions.assertThat;

import io.contextdb.Events;
import io.contextdb.Namespace;
import io.contextdb.spi.capability.Capability;
import io.contextdb.spi.event.AggregateQuery;
import io.contextdb.spi.event.AggregateRow;
import io.contextdb.spi.event.EventDraft;
import io.contextdb.spi.event.EventPosition;
import io.contextdb.spi.event.EventQuery;
import io.contextdb.spi.event.Measure;
import io.contextdb.spi.event.TimeBucket;
import io.contextdb.spi.filter.Field;
import io.contextdb.spi.filter.Filter;
import io.contextdb.spi.value.PropertyMap;
import io.contextdb.tck.Kit;
import io.contextdb.tck.Needs;
import io.contextdb.tck.Proves;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Figures over events. */
@Needs({Capability.EVENTS, Capability.AGGREGATES})
public abstract class AggregateSuite {
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

    private static final Field V = Field.property("v");

    private static List<AggregateRow> aggregate(
            Events events, TimeBucket bucket, ZoneId zone, List<Field> groupBy, Measure... measures) {
        return events.aggregate(new AggregateQuery(Filter.everything(), bucket, zone, groupBy, List.of(measures)));
    }

    private static EventDraft measured(Object value, String at) {
        return EventDraft.of("t", PropertyMap.of("v", value)).at(Instant.parse(at));
    }

    @Test
    @Proves("E6")
    void everyUnitOfTheCalendarHasItsBuckets(Kit kit) {
        Events events = kit.namespace().events();
        for (String at : List.of(
                "2026-01-31T23:59:59.999999Z",
                "2026-02-01T00:00:00Z",
                "2026-02-01T00:00:59Z",
                "2026-02-01T00:01:00Z",
                "2026-05-01T12:30:30Z",
                "2027-01-01T00:00:00Z",
                "1969-07-20T20:17:40Z",
                "0001-01-01T00:00:00Z")) {
            events.append(measured(1, at));
        }

        for (TimeBucket bucket : TimeBucket.values()) {
            for (ZoneId zone : List.of(ZoneOffset.UTC, ZoneId.of("Asia/Kathmandu"), ZoneId.of("America/St_Johns"))) {
                Map<Instant, Long> expected = events.readAll(EventQuery.after(EventPosition.START, 100))
                        .collect(java.util.stream.Collectors.groupingBy(
                                event -> bucket.start(event.time(), zone),
                                java.util.TreeMap::new,
                                java.util.stream.Collectors.counting()));
                List<AggregateRow> rows = aggregate(events, bucket, zone, List.of(), Measure.count("n"));
                assertThat(rows)
                        .as("%s in %s", bucket, zone)
                        .extracting(AggregateRow::bucket)
                        .containsExactlyElementsOf(expected.keySet());
                assertThat(rows)
                        .extracting(row -> row.values().get("n"))
                        .containsExactlyElementsOf(List.copyOf(expected.values()));
            }
        }
    }

    @Test
    @Proves({"E6", "G12"})
    void rowsAreOrderedByBucketThenByGroup(Kit kit) {
        Events events = kit.namespace().events();
        List<Object> groups = java.util.Arrays.asList("b", "B", null, true, 2, 10, 1.5, "\uFFFD", "😀", List.of(1));
        for (String at : List.of("2026-02-01T00:00:00Z", "2026-01-01T00:00:00Z")) {
            for (Object group : groups) {
                events.append(EventDraft.of("t", PropertyMap.of("g", group)).at(Instant.parse(at)));
            }
        }
        List<Object> ordered = new ArrayList<>(groups);
        ordered.sort(io.contextdb.spi.filter.ValueOrder.INSTANCE);

        List<AggregateRow> rows =
                aggregate(events, TimeBucket.MONTH, ZoneOffset.UTC, List.of(Field.property("g")), Measure.count("n"));
        assertThat(rows).extracting(AggregateRow::bucket).isSorted();
        assertThat(rows).hasSize(2 * groups.size());
        for (int month = 0; month < 2; month++) {
            assertThat(rows.subList(month * ordered.size(), (month + 1) * ordered.size()))
                    .extracting(row -> row.group().get(0))
                    .usingElementComparator(io.contextdb.spi.filter.ValueOrder.INSTANCE)
                    .containsExactlyElementsOf(ordered);
        }
    }

    @Test
    @Proves("E6")
    void sumsAreExactAndKeepTheirType(Kit kit) {
        Events events = kit.namespace().events();
        String day = "2026-01-01T00:00:00Z";
        for (Object value : List.of(0.1, 0.2, 0.3, 1e16, 1.0, -1e16)) {
            events.append(EventDraft.of("t", PropertyMap.of("v", value, "g", "floats"))
                    .at(Instant.parse(day)));
        }
        for (Object value : List.of((1L << 53) + 1, 1, 1)) {
            events.append(EventDraft.of("t", PropertyMap.of("v", value, "g", "integers"))
                    .at(Instant.parse(day)));
        }
        for (Object value : List.of(-3, -1.5, -2)) {
            events.append(EventDraft.of("t", PropertyMap.of("v", value, "g", "negative"))
                    .at(Instant.parse(day)));
        }
        events.append(
                EventDraft.of("t", PropertyMap.of("v", "none", "g", "none")).at(Instant.parse(day)));

        List<AggregateRow> rows = aggregate(
                events,
                TimeBucket.ALL,
                ZoneOffset.UTC,
                List.of(Field.property("g")),
                Measure.of("sum", Measure.Function.SUM, V),
                Measure.of("min", Measure.Function.MIN, V),
                Measure.of("max", Measure.Function.MAX, V),
                Measure.of("average", Measure.Function.AVERAGE, V),
                Measure.quantile("median", V, 0.5),
                Measure.of("distinct", Measure.Function.DISTINCT, V));
        assertThat(rows)
                .extracting(row -> row.group().get(0))
                .containsExactly("floats", "integers", "negative", "none");
        assertThat(rows.get(0).values().get("sum")).isEqualTo(1.6);
        assertThat(rows.get(1).values().get("sum")).isEqualTo((1L << 53) + 3);
        assertThat(rows.get(1).values().get("max")).isEqualTo((1L << 53) + 1);
        assertThat(rows.get(2).values())
                .containsEntry("sum", -6.5)
                .containsEntry("min", -3L)
                .containsEntry("max", -1.5)
                .containsEntry("median", -2.0);
        assertThat(rows.get(3).values())
                .as("there are no numbers")
                .containsOnlyKeys("sum", "distinct")
                .containsEntry("distinct", 1L);
        assertThat(rows.get(3).values().getOrDefault("sum", -1).doubleValue()).isZero();
    }

    @Test
    @Needs(batches = true)
    @Proves("E6")
    void aggregatesSeeEveryEvent(Kit kit) {
        Namespace namespace = kit.namespace();
        for (int from = 0; from < 2_500; from += 500) {
            namespace
                    .events()
                    .append(IntStream.range(from, from + 500)
                            .mapToObj(i -> measured(i, "2026-01-01T00:00:00Z"))
                            .toList());
        }

        assertThat(aggregate(
                        namespace.events(),
                        TimeBucket.ALL,
                        ZoneOffset.UTC,
                        List.of(),
                        Measure.count("n"),
                        Measure.of("sum", Measure.Function.SUM, V)))
                .singleElement()
                .satisfies(row ->
                        assertThat(row.values()).containsEntry("n", 2_500L).containsEntry("sum", 2_500L * 2_499 / 2));
    }
}
