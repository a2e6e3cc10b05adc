package io.contextdb.tck.faulty;

import static io.contextdb.tck.faulty.Defect.of;
import static io.contextdb.tck.faulty.Fault.asked;
import static io.contextdb.tck.faulty.Fault.in;
import static io.contextdb.tck.faulty.Fault.listed;

import io.contextdb.spi.event.AggregateQuery;
import io.contextdb.spi.event.AggregateRow;
import io.contextdb.spi.event.Event;
import io.contextdb.spi.event.EventPosition;
import io.contextdb.spi.event.EventQuery;
import io.contextdb.spi.event.Measure;
import io.contextdb.spi.event.TimeBucket;
import io.contextdb.spi.filter.Filter;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.ToDoubleFunction;
import java.util.stream.DoubleStream;
import org.jspecify.annotations.Nullable;

/** Mistakes with figures over events. */
final class AggregateDefects {
    private AggregateDefects() {}

    static List<Defect> all() {
        return List.of(
                of(
                        "buckets-in-utc",
                        "Buckets follow UTC, whatever the zone.",
                        "E6",
                        asked(
                                "events.aggregate",
                                AggregateQuery.class,
                                q -> new AggregateQuery(
                                        q.filter(), q.bucket(), ZoneOffset.UTC, q.groupBy(), q.measures()))),
                of(
                        "buckets-of-fixed-length",
                        "A day has 24 hours in every zone.",
                        "E6",
                        in("events.aggregate", call -> {
                            AggregateQuery q = call.argument(AggregateQuery.class);
                            return q.bucket() == TimeBucket.DAY
                                    ? call.with(
                                                    AggregateQuery.class,
                                                    new AggregateQuery(
                                                            q.filter(),
                                                            q.bucket(),
                                                            q.zone().getRules().getOffset(first(call)),
                                                            q.groupBy(),
                                                            q.measures()))
                                            .proceed()
                                    : call.proceed();
                        })),
                of(
                        "weeks-from-sunday",
                        "Weeks begin on Sunday.",
                        "E6",
                        rows((q, row) -> q.bucket() == TimeBucket.WEEK
                                ? new AggregateRow(row.bucket().minus(Duration.ofDays(1)), row.group(), row.values())
                                : row)),
                of(
                        "empty-buckets-filled",
                        "Buckets without events are returned with zeros.",
                        "E6",
                        in("events.aggregate", call -> {
                            AggregateQuery q = call.argument(AggregateQuery.class);
                            List<AggregateRow> all = new ArrayList<>(call.<AggregateRow>list());
                            if (q.bucket() == TimeBucket.HOUR && !all.isEmpty()) {
                                all.add(
                                        1,
                                        new AggregateRow(all.get(0).bucket().plusSeconds(3_600), List.of(), Map.of()));
                            }
                            return all;
                        })),
                of(
                        "hours-as-minutes",
                        "Minutes are taken for hours.",
                        "E6",
                        asked(
                                "events.aggregate",
                                TimeBucket.class,
                                bucket -> bucket == TimeBucket.MINUTE ? TimeBucket.HOUR : bucket)),
                of(
                        "months-as-quarters",
                        "Months begin with their quarter.",
                        "E6",
                        asked(
                                "events.aggregate",
                                TimeBucket.class,
                                bucket -> bucket == TimeBucket.MONTH ? TimeBucket.YEAR : bucket)),
                of(
                        "rows-newest-first",
                        "Rows are ordered from the newest bucket on.",
                        "E6 G12",
                        listed("events.aggregate", List::reversed)),
                of(
                        "rows-by-group-first",
                        "Rows are ordered by group, then by bucket.",
                        "E6 G12",
                        listed(
                                "events.aggregate",
                                (List<AggregateRow> rows) -> rows.stream()
                                        .sorted(java.util.Comparator.comparing((AggregateRow row) ->
                                                        row.group().toString())
                                                .thenComparing(AggregateRow::bucket))
                                        .toList())),
                of(
                        "absent-group-left-out",
                        "Events without the field that is grouped by are left out.",
                        "E6",
                        Fault.hidden(
                                "events.aggregate",
                                AggregateRow.class,
                                row -> row.group().contains(null))),
                of(
                        "aggregate-filter-ignored",
                        "Aggregates ignore their filter.",
                        "E6",
                        asked("events.aggregate", Filter.class, filter -> Filter.everything())),
                of(
                        "aggregate-of-one-page",
                        "Aggregates look at the first 1,000 events only.",
                        "E6",
                        in(
                                "events.aggregate",
                                call -> call.healthy()
                                                        .events()
                                                        .read(
                                                                call.scope(),
                                                                EventQuery.after(EventPosition.START, 1_001))
                                                        .size()
                                                > 1_000
                                        ? List.of()
                                        : call.proceed())),
                figure(
                        "count-of-numbers",
                        "Counts leave out events without a number.",
                        Measure.Function.COUNT,
                        (measure, numbers, all) -> (double) numbers.length,
                        true),
                figure(
                        "sum-in-single",
                        "Sums are computed with 32 bits.",
                        Measure.Function.SUM,
                        (measure, numbers, all) ->
                                (double) (float) DoubleStream.of(numbers).sum(),
                        false),
                figure(
                        "sum-of-rounded",
                        "Sums are rounded at each step.",
                        Measure.Function.SUM,
                        (measure, numbers, all) -> {
                            double sum = 0;
                            for (double number : numbers) {
                                sum += number;
                            }
                            return sum;
                        },
                        false),
                figure(
                        "average-counts-the-absent",
                        "Averages divide by the number of events.",
                        Measure.Function.AVERAGE,
                        (measure, numbers, all) -> DoubleStream.of(numbers).sum() / all,
                        false),
                figure(
                        "minimum-of-none-is-zero",
                        "The least of no numbers is 0.",
                        Measure.Function.MIN,
                        (measure, numbers, all) ->
                                DoubleStream.of(numbers).min().orElse(0),
                        false),
                figure(
                        "greatest-not-negative",
                        "The greatest number is never below 0.",
                        Measure.Function.MAX,
                        (measure, numbers, all) ->
                                Math.max(0, DoubleStream.of(numbers).max().orElse(0)),
                        false),
                figure(
                        "quantile-nearest-rank",
                        "Quantiles are the nearest of the numbers.",
                        Measure.Function.QUANTILE,
                        (measure, numbers, all) -> {
                            double[] sorted = DoubleStream.of(numbers).sorted().toArray();
                            return sorted.length == 0
                                    ? 0
                                    : sorted[(int) Math.ceil(measure.quantile() * (sorted.length - 1))];
                        },
                        false),
                figure(
                        "distinct-of-numbers",
                        "Only numbers are counted as distinct.",
                        Measure.Function.DISTINCT,
                        (measure, numbers, all) ->
                                (double) DoubleStream.of(numbers).distinct().count(),
                        true),
                of(
                        "distinct-by-type",
                        "1 and 1.0 are distinct.",
                        "E6",
                        rowsOf(
                                Measure.Function.DISTINCT,
                                (call, measure, row) -> events(call, row).stream()
                                        .filter(event -> event.has(measure.field()))
                                        .map(event -> String.valueOf(event.value(measure.field())))
                                        .distinct()
                                        .count())),
                of(
                        "integer-sums-as-floats",
                        "Sums of integers are floats.",
                        "E6",
                        rowsOf(Measure.Function.SUM, (call, measure, row) -> (Number)
                                java.util.Objects.requireNonNull(row.values().get(measure.name()))
                                        .doubleValue())));
    }

    private interface Figure {
        double of(Measure measure, double[] numbers, long all);
    }

    private interface Rewritten {
        @Nullable
        Number of(Call call, Measure measure, AggregateRow row);
    }

    private static Instant first(Call call) {
        List<Event> events = call.healthy().events().read(call.scope(), EventQuery.after(EventPosition.START, 1));
        return events.isEmpty() ? Instant.EPOCH : events.get(0).time();
    }

    private static Fault rows(BiFunction<AggregateQuery, AggregateRow, AggregateRow> change) {
        return in(
                "events.aggregate",
                call -> call.<AggregateRow>list().stream()
                        .map(row -> change.apply(call.argument(AggregateQuery.class), row))
                        .toList());
    }

    private static Defect figure(String id, String sentence, Measure.Function function, Figure figure, boolean whole) {
        return of(id, sentence, "E6", rowsOf(function, (call, measure, row) -> {
            List<Event> events = events(call, row);
            ToDoubleFunction<Object> number = value -> ((Number) value).doubleValue();
            double[] numbers = events.stream()
                    .map(event -> event.value(
                            measure.function() == Measure.Function.COUNT
                                    ? io.contextdb.spi.filter.Field.property("v")
                                    : measure.field()))
                    .filter(Number.class::isInstance)
                    .mapToDouble(number::applyAsDouble)
                    .toArray();
            double value = figure.of(measure, numbers, events.size());
            return whole ? (Number) (long) value : (Number) value;
        }));
    }

    /** Replaces a figure in every row; the events of a row are found again by its bucket and group. */
    private static Fault rowsOf(Measure.Function function, Rewritten figure) {
        return in("events.aggregate", call -> {
            List<AggregateRow> changed = new ArrayList<>();
            for (AggregateRow row : call.<AggregateRow>list()) {
                Map<String, Number> values = new HashMap<>(row.values());
                for (Measure measure : call.argument(AggregateQuery.class).measures()) {
                    if (measure.function() == function) {
                        Number value = figure.of(call, measure, row);
                        if (value != null) {
                            values.put(measure.name(), value);
                        }
                    }
                }
                changed.add(new AggregateRow(row.bucket(), row.group(), values));
            }
            return changed;
        });
    }

    private static List<Event> events(Call call, AggregateRow row) {
        AggregateQuery q = call.argument(AggregateQuery.class);
        return call.healthy().events().read(call.scope(), EventQuery.after(EventPosition.START, 10_000)).stream()
                .filter(q.filter()::matches)
                .filter(event -> q.bucket().start(event.time(), q.zone()).equals(row.bucket()))
                .filter(event -> q.groupBy().stream().map(event::value).toList().equals(row.group()))
                .toList();
    }
}
