package io.contextdb.backend.postgresql;

import io.contextdb.spi.error.ErrorCode;
import io.contextdb.spi.error.InvalidRequestException;
import io.contextdb.spi.event.AggregateQuery;
import io.contextdb.spi.event.AggregateRow;
import io.contextdb.spi.event.ExactSum;
import io.contextdb.spi.event.Measure;
import io.contextdb.spi.event.TimeBucket;
import io.contextdb.spi.filter.Comparing;
import io.contextdb.spi.filter.Field;
import io.contextdb.spi.filter.ValueOrder;
import java.math.BigDecimal;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Figures over events (contract E6) as one statement. Sums are exact there, and rounded once here. */
final class EventAggregates {
    /** Most figures of an answer. */
    private static final int MOST = 5_000_000;
    /** Rules of zones go on for ever; those for later events are bound only when there are such events. */
    private static final Instant USUAL_END = Instant.parse("2100-01-01T00:00:00Z");

    private static final FilterSql.Table EVENTS = new FilterSql.Table(
            Map.of(
                    Field.Kind.ID, "(e.commit_no || '-' || e.seq)",
                    Field.Kind.TYPE, "e.type",
                    Field.Kind.SUBJECT, "e.subject",
                    Field.Kind.TIME, "e.time",
                    // Other payloads have no properties.
                    Field.Kind.PROPERTY, "coalesce(e.body, '{}')"),
            false);
    private static final Comparator<AggregateRow> ORDER =
            Comparator.comparing(AggregateRow::bucket).thenComparing(AggregateRow::group, ValueOrder.INSTANCE);

    private final AggregateQuery query;
    private final StringBuilder joins = new StringBuilder();
    private final List<@Nullable Object> bound = new ArrayList<>();
    private final Map<Field, String> measured = new HashMap<>();
    private final StringBuilder figures = new StringBuilder();
    private final List<@Nullable Object> fractions = new ArrayList<>();

    private EventAggregates(AggregateQuery query) {
        this.query = query;
    }

    static List<AggregateRow> read(Snapshot snapshot, AggregateQuery query) throws SQLException {
        EventBuckets.Steps usual = EventBuckets.Steps.of(query.zone(), USUAL_END);
        Instant[] last = {Instant.MIN};
        List<AggregateRow> rows = new EventAggregates(query).read(snapshot, usual, last);
        if (query.bucket() != TimeBucket.ALL && !last[0].isBefore(usual.until())) {
            rows = new EventAggregates(query)
                    .read(snapshot, EventBuckets.Steps.of(query.zone(), EventBuckets.LAST), last);
        }
        return rows;
    }

    private List<AggregateRow> read(Snapshot snapshot, EventBuckets.Steps steps, Instant[] last) throws SQLException {
        EventBuckets buckets = new EventBuckets(query.bucket(), steps);
        joins.append(buckets.joins());
        bound.addAll(buckets.bound());
        StringBuilder groups = new StringBuilder();
        for (int i = 0; i < query.groupBy().size(); i++) {
            String value = value("g" + i, query.groupBy().get(i));
            groups.append(", coalesce(").append(value).append(", 'null')");
        }
        query.measures().forEach(this::figure);
        FilterSql filter = FilterSql.of(query.filter(), EVENTS);
        bound.addAll(0, fractions);
        bound.add(snapshot.namespace());
        int most = MOST / query.measures().size();
        List<AggregateRow> rows = snapshot.list(
                "SELECT bucket.start, max(e.time)" + groups + figures + " FROM cdb.event e" + joins
                        + " WHERE e.ns = ? AND " + filter.sql() + " GROUP BY 1"
                        + ordinals() + " LIMIT " + (most + 1),
                row -> row(row, last),
                filter.values(bound));
        if (rows.size() > most) {
            throw new InvalidRequestException(
                    ErrorCode.LIMIT_EXCEEDED,
                    "aggregate",
                    "has more than " + MOST + " figures; narrow the filter or group by less");
        }
        rows.sort(ORDER);
        return List.copyOf(rows);
    }

    private String ordinals() {
        StringBuilder ordinals = new StringBuilder();
        for (int i = 0; i < query.groupBy().size(); i++) {
            ordinals.append(", ").append(3 + i);
        }
        return ordinals.toString();
    }

    /** Joins the value of a field, as JSON, and returns its name. */
    private String value(String alias, Field field) {
        String value = switch (field.kind()) {
            case PROPERTY -> "e.body" + " -> ?::text".repeat(field.path().size());
            case TYPE -> "to_jsonb(e.type)";
            case SUBJECT -> "CASE WHEN e.subject <> '' THEN to_jsonb(e.subject) END";
            case TIME -> "to_jsonb(e.time)";
            case ID -> "to_jsonb(e.commit_no || '-' || e.seq)";
            case LABELS, SOURCE, VALID_FROM, VALID_TO -> "NULL::jsonb";
        };
        bound.addAll(field.path());
        joins.append(" CROSS JOIN LATERAL (SELECT ")
                .append(value)
                .append(" AS v) ")
                .append(alias);
        return alias + ".v";
    }

    /** Joins a field once, however many figures are over it, so that the server works each out once. */
    private String joined(Field field) {
        return measured.computeIfAbsent(field, first -> {
            String alias = "m" + measured.size();
            String value = value(alias, field);
            boolean numeric = field.kind() == Field.Kind.PROPERTY;
            joins.append(" CROSS JOIN LATERAL (SELECT CASE WHEN ")
                    .append(numeric ? "jsonb_typeof(" + value + ") = 'number'" : "FALSE")
                    .append(" THEN (")
                    .append(value)
                    .append(" #>> '{}')::numeric END AS n) ")
                    .append(alias)
                    .append('n');
            return alias;
        });
    }

    private void figure(Measure measure) {
        String alias = joined(measure.field());
        String value = alias + ".v";
        String number = alias + "n.n";
        String sum = "sum(cdb.exact(" + number + "))";
        figures.append(", ")
                .append(
                        switch (measure.function()) {
                            case COUNT -> "count(*), NULL";
                            case DISTINCT -> "count(DISTINCT " + value + "), NULL";
                            case SUM -> sum + ", bool_or(scale(" + number + ") > 0)";
                            case AVERAGE -> sum + ", count(" + number + ")";
                            case MIN -> first("min", number, "") + ", NULL";
                            case MAX -> first("max", number, "-") + ", NULL";
                            case QUANTILE ->
                                "percentile_cont(?::float8) WITHIN GROUP (ORDER BY " + number + "::float8), NULL";
                        });
        if (measure.function() == Measure.Function.QUANTILE) {
            fractions.add(measure.quantile());
        }
    }

    /** Of numbers that are equal the first counts: an integer and a float may be. */
    private static String first(String function, String number, String sign) {
        return "(" + function + "(CASE WHEN " + number + " IS NOT NULL THEN ARRAY[" + number + ", " + sign
                + "e.commit_no, " + sign + "e.seq] END))[1]::text";
    }

    // NullAway does not see in the class file that the values of a group may be null.
    @SuppressWarnings("NullAway")
    private AggregateRow row(ResultSet row, Instant[] last) throws SQLException {
        Instant latest = Columns.instant(row.getLong(2));
        last[0] = latest.isAfter(last[0]) ? latest : last[0];
        List<@Nullable Object> group = new ArrayList<>();
        for (int i = 0; i < query.groupBy().size(); i++) {
            Object value = Comparing.canonical(JsonColumn.readValue(row.getString(3 + i)));
            boolean time = query.groupBy().get(i).kind() == Field.Kind.TIME;
            group.add(time && value instanceof Long micros ? Columns.instant(micros) : value);
        }
        Map<String, Number> values = new HashMap<>();
        for (int i = 0; i < query.measures().size(); i++) {
            Number figure =
                    figure(row, 3 + group.size() + 2 * i, query.measures().get(i));
            if (figure != null) {
                values.put(query.measures().get(i).name(), figure);
            }
        }
        return new AggregateRow(Columns.instant(row.getLong(1)), group, values);
    }

    private static @Nullable Number figure(ResultSet row, int column, Measure measure) throws SQLException {
        return switch (measure.function()) {
            case COUNT, DISTINCT -> row.getLong(column);
            case SUM -> sum(row.getBigDecimal(column), row.getBoolean(column + 1));
            case AVERAGE -> average(row.getBigDecimal(column), row.getLong(column + 1));
            case MIN, MAX -> number(row.getString(column));
            case QUANTILE -> {
                double quantile = row.getDouble(column);
                yield row.wasNull() ? null : quantile;
            }
        };
    }

    private static Number sum(@Nullable BigDecimal exact, boolean floats) {
        return exact == null ? 0L : ExactSum.sum(exact, floats);
    }

    private static @Nullable Number average(@Nullable BigDecimal exact, long count) {
        return exact == null ? null : (Number) ExactSum.average(exact, count);
    }

    private static @Nullable Number number(@Nullable String stored) {
        return stored != null && JsonColumn.readValue(stored) instanceof Number number ? number : null;
    }
}
