package io.contextdb.spi.event;

import io.contextdb.spi.error.ErrorCode;
import io.contextdb.spi.error.InvalidRequestException;
import io.contextdb.spi.filter.Comparing;
import io.contextdb.spi.filter.Field;
import io.contextdb.spi.filter.Filter;
import io.contextdb.spi.value.ReadScope;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Aggregates by reading the log once: what a backend gets that has no analytics of its own, and the reference that others
 * must agree with. Memory is bounded by groups, distinct values and quantile values, at most {@value #MAX_CELLS} in all.
 */
final class Aggregation {
    static final int MAX_CELLS = 5_000_000;
    private static final int PAGE = 5_000;

    private record Key(Instant bucket, List<@Nullable Object> group) {}

    private static final class Cell {
        long count;
        long numberCount;
        boolean floats;
        BigDecimal sum = BigDecimal.ZERO;

        @Nullable
        Number min;

        @Nullable
        Number max;

        final Set<Object> distinct = new HashSet<>();
        final List<Double> numbers = new ArrayList<>();
    }

    private final AggregateQuery query;
    private final Map<Key, List<Cell>> cells = new HashMap<>();
    private long held;

    private Aggregation(AggregateQuery query) {
        this.query = query;
    }

    static List<AggregateRow> over(EventReader events, ReadScope scope, AggregateQuery query) {
        Aggregation aggregation = new Aggregation(query);
        EventQuery next = new EventQuery(
                EventPosition.START, only(Field.type(), query.filter()), only(Field.subject(), query.filter()), PAGE);
        List<Event> page;
        do {
            scope.deadline().check("aggregate");
            page = events.read(scope, next);
            for (Event event : page) {
                if (query.filter().matches(event)) {
                    aggregation.add(event);
                }
                next = next.from(event.position());
            }
        } while (page.size() == PAGE);
        return aggregation.rows();
    }

    /** Returns the texts of which a filter asks that a field is one, so that others need not be read; empty if it asks for none. */
    private static List<String> only(Field field, Filter filter) {
        return switch (filter) {
            case Filter.Comparison term ->
                term.field().equals(field)
                                && term.operator() == Filter.Operator.EQ
                                && term.value() instanceof String text
                        ? List.of(text)
                        : List.of();
            case Filter.And and ->
                and.operands().stream()
                        .map(operand -> only(field, operand))
                        .filter(found -> !found.isEmpty())
                        .findFirst()
                        .orElse(List.of());
            default -> List.of();
        };
    }

    private void add(Event event) {
        List<@Nullable Object> group = new ArrayList<>();
        for (Field field : query.groupBy()) {
            group.add(Comparing.canonical(event.value(field)));
        }
        Key key = new Key(query.bucket().start(event.time(), query.zone()), group);
        List<Cell> row = cells.computeIfAbsent(key, k -> {
            held += query.measures().size();
            return query.measures().stream().map(measure -> new Cell()).toList();
        });
        for (int i = 0; i < row.size(); i++) {
            add(query.measures().get(i), row.get(i), event);
        }
        if (held > MAX_CELLS) {
            throw new InvalidRequestException(
                    ErrorCode.LIMIT_EXCEEDED,
                    "aggregate",
                    "needs more than " + MAX_CELLS + " values in memory; narrow the filter or group by less");
        }
    }

    private void add(Measure measure, Cell cell, Event event) {
        cell.count++;
        Object value = event.value(measure.field());
        if (measure.function() == Measure.Function.DISTINCT && event.has(measure.field())) {
            held += cell.distinct.add(Optional.ofNullable(Comparing.canonical(value))) ? 1 : 0;
        }
        if (value instanceof Number number) {
            cell.floats |= number instanceof Double;
            cell.numberCount++;
            switch (measure.function()) {
                case SUM, AVERAGE -> cell.sum = cell.sum.add(ExactSum.exact(number));
                case MIN -> cell.min = lesser(cell.min, number, -1);
                case MAX -> cell.max = lesser(cell.max, number, 1);
                case QUANTILE -> {
                    cell.numbers.add(number.doubleValue());
                    held++;
                }
                case COUNT, DISTINCT -> {}
            }
        }
    }

    private static Number lesser(@Nullable Number held, Number next, int sign) {
        return held == null || Comparing.order(next, held).orElse(0) == sign ? next : held;
    }

    private List<AggregateRow> rows() {
        List<AggregateRow> rows = new ArrayList<>();
        cells.forEach((key, row) -> {
            Map<String, Number> values = new HashMap<>();
            for (int i = 0; i < row.size(); i++) {
                Measure measure = query.measures().get(i);
                Number figure = figure(measure, row.get(i));
                if (figure != null) {
                    values.put(measure.name(), figure);
                }
            }
            rows.add(new AggregateRow(key.bucket(), key.group(), values));
        });
        rows.sort(Comparator.comparing(AggregateRow::bucket).thenComparing(AggregateRow::group, GroupOrder.INSTANCE));
        return List.copyOf(rows);
    }

    private static @Nullable Number figure(Measure measure, Cell cell) {
        return switch (measure.function()) {
            case COUNT -> cell.count;
            case DISTINCT -> (long) cell.distinct.size();
            case SUM -> ExactSum.sum(cell.sum, cell.floats);
            case MIN -> cell.min;
            case MAX -> cell.max;
            case AVERAGE -> cell.numberCount == 0 ? null : ExactSum.average(cell.sum, cell.numberCount);
            case QUANTILE -> cell.numbers.isEmpty() ? null : quantile(cell.numbers, measure.quantile());
        };
    }

    private static double quantile(List<Double> numbers, double q) {
        List<Double> sorted = numbers.stream().sorted().toList();
        double rank = q * (sorted.size() - 1);
        int below = (int) Math.floor(rank);
        double low = sorted.get(below);
        // At a rank there is nothing to go towards, be it infinitely far.
        return below == rank ? low : low + (rank - below) * (sorted.get(below + 1) - low);
    }
}
