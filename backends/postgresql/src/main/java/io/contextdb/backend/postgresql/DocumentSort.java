package io.contextdb.backend.postgresql;

import io.contextdb.spi.document.Document;
import io.contextdb.spi.document.SortKey;
import io.contextdb.spi.filter.Field;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The total order of documents (contract D2) as an order of SQL: each key as the columns of {@link PathKey}, ties by id. */
final class DocumentSort {
    private static final List<String> COLUMNS = List.of("rank", "number", "string", "nested");

    /** A value as the server sorts it. */
    private record Sortable(int rank, BigDecimal number, String string, String nested) {
        static Sortable of(boolean there, @Nullable Object value) {
            int rank = switch (value) {
                case null -> there ? 0 : -1;
                case Boolean bool -> 1;
                case Number number -> 2;
                case String text -> 3;
                case List<?> list -> 5;
                default -> 6;
            };
            BigDecimal number = BigDecimal.ZERO;
            if (value instanceof Number numeric) {
                number = new BigDecimal(JsonColumn.writeValue(numeric));
            } else if (value instanceof Boolean bool && bool) {
                number = BigDecimal.ONE;
            }
            return new Sortable(
                    rank,
                    number,
                    value instanceof String text ? text : "",
                    rank < 5 ? "" : JsonColumn.writeValue(value));
        }
    }

    private final List<SortKey> keys;
    private final Set<List<String>> indexed;

    /**
     * Creates the order.
     *
     * @param keys what is sorted by, at least one
     * @param indexed paths that have an index
     */
    DocumentSort(List<SortKey> keys, Set<List<String>> indexed) {
        this.keys = keys;
        this.indexed = indexed;
    }

    private static Sortable sortable(SortKey key, Document document) {
        return Sortable.of(document.has(key.field()), document.value(key.field()));
    }

    /** Returns the joins that compute the keys, and adds what they bind. */
    String joins(List<Object> bound) {
        StringBuilder joins = new StringBuilder();
        for (int i = 0; i < keys.size(); i++) {
            String v = "v" + i + ".v";
            joins.append(" CROSS JOIN LATERAL (SELECT ")
                    .append(value(keys.get(i).field(), bound))
                    .append(" AS v) v")
                    .append(i)
                    .append(" CROSS JOIN LATERAL (SELECT ")
                    .append(PathKey.rank(v))
                    .append(" AS rank, ")
                    .append(PathKey.number(v))
                    .append(" AS number, ")
                    .append(PathKey.string(v))
                    .append(" AS string, ")
                    .append(PathKey.nested(v))
                    .append(" AS nested) k")
                    .append(i);
        }
        return joins.toString();
    }

    private String value(Field field, List<Object> bound) {
        if (field.kind() == Field.Kind.PROPERTY && indexed.contains(field.path())) {
            return PathKey.literal("d.body", field.path());
        }
        bound.addAll(field.path());
        return switch (field.kind()) {
            case PROPERTY -> "d.body" + " -> ?::text".repeat(field.path().size());
            case ID -> "to_jsonb(d.id)";
            case SUBJECT -> "CASE WHEN d.subject <> '' THEN to_jsonb(d.subject) END";
            case LABELS, SOURCE, TYPE, TIME, VALID_FROM, VALID_TO -> "NULL::jsonb";
        };
    }

    /** Returns the condition of coming after a document, and adds what it binds. */
    String after(Document last, List<Object> bound) {
        StringBuilder condition = new StringBuilder(fromIndex(last, bound)).append(" AND (");
        for (int i = 0; i <= keys.size(); i++) {
            condition.append(i == 0 ? "(" : " OR (");
            for (int equal = 0; equal < i; equal++) {
                compare(equal, " = ", last, bound, condition);
                condition.append(" AND ");
            }
            if (i == keys.size()) {
                condition.append("d.id > ?");
                bound.add(last.id());
            } else {
                compare(i, keys.get(i).descending() ? " < " : " > ", last, bound, condition);
            }
            condition.append(')');
        }
        return condition.append(')').toString();
    }

    private void compare(int key, String sign, Document last, List<Object> bound, StringBuilder condition) {
        Sortable value = sortable(keys.get(key), last);
        bound.addAll(List.of(value.rank(), value.number(), value.string()));
        condition
                .append("(")
                .append(String.join(
                        ", ",
                        COLUMNS.stream().map(column -> "k" + key + "." + column).toList()))
                .append(")")
                .append(sign)
                .append("(?, ?, ?, ");
        if (value.nested().isEmpty()) {
            condition.append("''::bytea)");
        } else {
            condition.append("cdb.order_key(?::jsonb))");
            bound.add(value.nested());
        }
    }

    /** Returns a weaker condition, from which an index of the first key's path knows where to begin. */
    private String fromIndex(Document last, List<Object> bound) {
        if (!isIndexed(0)) {
            return "";
        }
        Sortable value = sortable(keys.get(0), last);
        bound.addAll(List.of(value.rank(), value.number(), value.string()));
        return " AND (k0.rank, k0.number, " + PathKey.prefix("k0.string") + ")"
                + (keys.get(0).descending() ? " <= " : " >= ") + "(?, ?, " + PathKey.prefix("?") + ")";
    }

    private boolean isIndexed(int key) {
        Field field = keys.get(key).field();
        return field.kind() == Field.Kind.PROPERTY && indexed.contains(field.path());
    }

    /** Returns the order. */
    String order() {
        List<String> columns = new ArrayList<>();
        for (int i = 0; i < keys.size(); i++) {
            String key = "k" + i + ".";
            String direction = keys.get(i).descending() ? " DESC" : "";
            columns.add(key + "rank" + direction);
            columns.add(key + "number" + direction);
            if (isIndexed(i)) {
                columns.add(PathKey.prefix(key + "string") + direction);
            }
            columns.add(key + "string" + direction);
            columns.add(key + "nested" + direction);
        }
        columns.add("d.id");
        return " ORDER BY " + String.join(", ", columns);
    }
}
