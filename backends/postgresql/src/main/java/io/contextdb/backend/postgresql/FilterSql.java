package io.contextdb.backend.postgresql;

import io.contextdb.spi.filter.Field;
import io.contextdb.spi.filter.Filter;
import io.contextdb.spi.filter.Filter.Operator;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A filter as a condition of SQL with exactly the truth table of contract V6. Every part is true or false, never null, so
 * that {@code NOT} is the true complement. Names and values are bound. Equality with a scalar of a property is asked as
 * containment, which the GIN indexes answer.
 */
final class FilterSql {
    /**
     * The columns behind the fields of a kind of record; fields without one are absent.
     *
     * @param columns column by kind of field
     * @param uuid whether ids are UUIDs
     * @param indexed paths of properties that have an index of {@link PathKey}
     */
    record Table(Map<Field.Kind, String> columns, boolean uuid, Set<List<String>> indexed) {
        Table(Map<Field.Kind, String> columns, boolean uuid) {
            this(columns, uuid, Set.of());
        }
    }

    private static final String FALSE = "FALSE";
    private static final String TRUE = "TRUE";
    private static final int FEW = 50;

    private final Table table;
    private final StringBuilder sql = new StringBuilder();
    private final List<@Nullable Object> values = new ArrayList<>();

    private FilterSql(Table table) {
        this.table = table;
    }

    static FilterSql of(Filter filter, Table table) {
        FilterSql condition = new FilterSql(table);
        condition.add(filter);
        return condition;
    }

    String sql() {
        return sql.toString();
    }

    /** Returns what is bound before, then the filter's own values, then what is bound after. */
    @Nullable
    Object[] values(List<?> before, Object... after) {
        List<@Nullable Object> all = new ArrayList<>(before);
        all.addAll(values);
        all.addAll(List.of(after));
        return all.toArray();
    }

    private void put(String text, @Nullable Object... bound) {
        sql.append(text);
        values.addAll(java.util.Arrays.asList(bound));
    }

    private void add(Filter filter) {
        switch (filter) {
            case Filter.Everything all -> put(TRUE);
            case Filter.And and -> join(and.operands(), " AND ", TRUE);
            case Filter.Or or -> join(or.operands(), " OR ", FALSE);
            case Filter.Not not -> {
                put("NOT (");
                add(not.operand());
                put(")");
            }
            case Filter.Exists exists -> exists(exists.field());
            case Filter.In in -> in(in);
            case Filter.Comparison term -> comparison(term.field(), term.operator(), term.value());
        }
    }

    private void join(List<Filter> operands, String connective, String none) {
        if (operands.isEmpty()) {
            put(none);
            return;
        }
        put("(");
        for (int i = 0; i < operands.size(); i++) {
            put(i == 0 ? "" : connective);
            add(operands.get(i));
        }
        put(")");
    }

    private void exists(Field field) {
        String column = table.columns().get(field.kind());
        if (column == null) {
            put(FALSE);
            return;
        }
        switch (field.kind()) {
            case PROPERTY -> {
                property(column, field);
                put(" IS NOT NULL");
            }
            case SOURCE, SUBJECT -> put(column + " <> ''");
            case VALID_TO -> put(column + " < " + Columns.OPEN);
            case ID, LABELS, TYPE, TIME, VALID_FROM -> put(TRUE);
        }
    }

    /** Steps from object to object; a step into anything else leads nowhere. */
    private void property(String column, Field field) {
        put("(" + column);
        for (String step : field.path()) {
            put(" -> ?::text", step);
        }
        put(")");
    }

    private void in(Filter.In in) {
        String column = table.columns().get(in.field().kind());
        if (column == null || in.values().isEmpty()) {
            put(FALSE);
        } else if (in.field().kind() == Field.Kind.PROPERTY && isFewScalars(in.values())) {
            equalToAny(column, in);
        } else if (in.field().kind() == Field.Kind.PROPERTY) {
            List<String> wanted = new ArrayList<>();
            in.values().stream()
                    .filter(value -> !(value instanceof Instant))
                    .forEach(value -> wanted.add(JsonColumn.writeValue(value)));
            put("coalesce(");
            property(column, in.field());
            put(" = ANY (?::jsonb[]), FALSE)", Script.Many.texts(wanted));
        } else if (isText(in.field().kind()) && !(in.field().kind() == Field.Kind.ID && table.uuid())) {
            List<String> wanted = new ArrayList<>();
            for (Object value : in.values()) {
                if (value instanceof String text && !text.isEmpty()) {
                    wanted.add(text);
                }
            }
            put(column + " = ANY (?::text[])", Script.Many.texts(wanted));
        } else {
            put("(");
            for (int i = 0; i < in.values().size(); i++) {
                put(i == 0 ? "" : " OR ");
                comparison(in.field(), Operator.EQ, in.values().get(i));
            }
            put(")");
        }
    }

    private static boolean isFewScalars(List<@Nullable Object> values) {
        return values.size() <= FEW
                && values.stream()
                        .noneMatch(value ->
                                value instanceof List<?> || value instanceof Map<?, ?> || value instanceof Instant);
    }

    /** Asks value by value, which indexes answer, while the statement stays short. */
    private void equalToAny(String column, Filter.In in) {
        put("(");
        for (int i = 0; i < in.values().size(); i++) {
            put(i == 0 ? "" : " OR ");
            equal(column, in.field(), in.values().get(i));
        }
        put(")");
    }

    private static boolean isText(Field.Kind kind) {
        return switch (kind) {
            case ID, SOURCE, SUBJECT, TYPE -> true;
            case LABELS, PROPERTY, TIME, VALID_FROM, VALID_TO -> false;
        };
    }

    private void comparison(Field field, Operator operator, @Nullable Object value) {
        String column = table.columns().get(field.kind());
        if (column == null) {
            put(FALSE);
            return;
        }
        switch (field.kind()) {
            case PROPERTY -> property(column, field, operator, value);
            case LABELS -> labels(column, operator, value);
            case TIME, VALID_FROM, VALID_TO -> instant(column, operator, value);
            case ID -> id(column, operator, value);
            case SOURCE, SUBJECT, TYPE -> text(column, operator, value);
        }
    }

    private void id(String column, Operator operator, @Nullable Object value) {
        if (!table.uuid()) {
            text(column, operator, value);
        } else if (operator == Operator.EQ) {
            UUID id = value instanceof String text ? canonical(text) : null;
            if (id == null) {
                put(FALSE);
            } else {
                put(column + " = ?", id);
            }
        } else {
            text("(" + column + "::text COLLATE \"C\")", operator, value);
        }
    }

    private static @Nullable UUID canonical(String text) {
        try {
            UUID id = UUID.fromString(text);
            return id.toString().equals(text) ? id : null;
        } catch (IllegalArgumentException none) {
            return null;
        }
    }

    /** Compares a column of text, in which "" stands for absence. */
    private void text(String column, Operator operator, @Nullable Object value) {
        if (!(value instanceof String text)) {
            put(FALSE);
            return;
        }
        switch (operator) {
            case EQ -> put("(" + column + " = ? AND " + column + " <> '')", text);
            case GT, GE, LT, LE -> put("(" + column + sign(operator) + "? AND " + column + " <> '')", text);
            case CONTAINS -> put("(strpos(" + column + ", ?) > 0 AND " + column + " <> '')", text);
            case STARTS_WITH -> put("(starts_with(" + column + ", ?) AND " + column + " <> '')", text);
        }
    }

    private void instant(String column, Operator operator, @Nullable Object value) {
        String comparison = operator == Operator.EQ ? " = " : sign(operator);
        if (value instanceof Instant instant && !comparison.isEmpty()) {
            put("(" + column + comparison + "? AND " + column + " < " + Columns.OPEN + ")", Columns.of(instant));
        } else {
            put(FALSE);
        }
    }

    private void labels(String column, Operator operator, @Nullable Object value) {
        if (operator == Operator.CONTAINS && value instanceof String label) {
            put("(? = ANY (" + column + "))", label);
        } else if (operator == Operator.EQ
                && value instanceof List<?> list
                && list.stream().allMatch(String.class::isInstance)) {
            put(
                    "(" + column + " = ?::text[])",
                    Script.Many.texts(list.stream().map(String.class::cast).toList()));
        } else {
            put(FALSE);
        }
    }

    private static String sign(Operator operator) {
        return switch (operator) {
            case GT -> " > ";
            case GE -> " >= ";
            case LT -> " < ";
            case LE -> " <= ";
            case EQ, CONTAINS, STARTS_WITH -> "";
        };
    }

    private void property(String column, Field field, Operator operator, @Nullable Object value) {
        if (value instanceof Instant) {
            put(FALSE);
            return;
        }
        switch (operator) {
            case EQ -> {
                put("(");
                fromIndex(column, field, operator, value);
                equal(column, field, value);
                put(")");
            }
            case GT, GE, LT, LE -> {
                put("(");
                fromIndex(column, field, operator, value);
                ordered(column, field, operator, value);
                put(")");
            }
            case CONTAINS -> contains(column, field, value);
            case STARTS_WITH -> string(column, field, "starts_with(", ", ?)", String.valueOf(value));
        }
    }

    /** Adds a weaker condition, which an index of the path answers where there is one, and AND. */
    private void fromIndex(String column, Field field, Operator operator, @Nullable Object value) {
        if (!table.indexed().contains(field.path()) || !(value instanceof Number || value instanceof String)) {
            return;
        }
        String path = PathKey.literal(column, field.path());
        String sign =
                operator == Operator.EQ ? " = " : operator == Operator.GT || operator == Operator.GE ? " >= " : " <= ";
        put("(" + PathKey.rank(path) + " = ");
        if (value instanceof String text) {
            put(
                    "3 AND " + PathKey.number(path) + " = 0 AND " + PathKey.prefix(PathKey.string(path)) + sign
                            + PathKey.prefix("?"),
                    text);
        } else {
            put("2 AND " + PathKey.number(path) + sign + "?::numeric", JsonColumn.writeValue(value));
        }
        put(") AND ");
    }

    private void equal(String column, Field field, @Nullable Object value) {
        if (value instanceof List<?> || value instanceof Map<?, ?>) {
            put("coalesce(");
            property(column, field);
            put(" = ?::jsonb, FALSE)", JsonColumn.writeValue(value));
            return;
        }
        within(column, field, JsonColumn.writeValue(value));
    }

    /** Asks for a value at a path, or for a list that has the element of a list, as containment. */
    private void within(String column, Field field, String json) {
        StringBuilder nested = new StringBuilder(json);
        for (String step : field.path().reversed()) {
            nested.insert(0, "{" + JsonColumn.writeValue(step) + ":").append('}');
        }
        put("(" + column + " @> ?::jsonb)", nested.toString());
    }

    private void ordered(String column, Field field, Operator operator, @Nullable Object value) {
        if (value instanceof Number) {
            put("coalesce(jsonb_typeof(");
            property(column, field);
            put(") = 'number' AND ");
            property(column, field);
            put(sign(operator) + "?::jsonb, FALSE)", JsonColumn.writeValue(value));
        } else if (value instanceof String text) {
            string(column, field, "", sign(operator) + "? COLLATE \"C\"", text);
        } else {
            put(FALSE);
        }
    }

    /** Asks something of a property that is a string; false for everything else. */
    private void string(String column, Field field, String before, String after, String bound) {
        put("coalesce(jsonb_typeof(");
        property(column, field);
        put(") = 'string' AND " + before + "(");
        property(column, field);
        put(" #>> '{}')" + after + ", FALSE)", bound);
    }

    private void contains(String column, Field field, @Nullable Object value) {
        boolean nested = value instanceof List<?> || value instanceof Map<?, ?>;
        put("(");
        if (nested) {
            put("coalesce(CASE jsonb_typeof(");
            property(column, field);
            put(") WHEN 'array' THEN EXISTS (SELECT 1 FROM jsonb_array_elements(");
            property(column, field);
            put(") element WHERE element = ?::jsonb) END, FALSE)", JsonColumn.writeValue(value));
        } else {
            within(column, field, "[" + JsonColumn.writeValue(value) + "]");
        }
        if (value instanceof String part) {
            put(" OR ");
            string(column, field, "strpos(", ", ?) > 0", part);
        }
        put(")");
    }
}
