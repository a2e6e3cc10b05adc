package io.contextdb.backend.postgresql;

import io.contextdb.spi.document.Document;
import io.contextdb.spi.document.SortKey;
import io.contextdb.spi.filter.Field;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The total order of documents (contract D2) as an order of SQL: each key as its type's rank, then its number, then its text.
 * Lists and maps tie there, which is not their order; where a page holds one, the order of {@link SortKey#order} decides.
 */
final class DocumentSort {
    private static final int LIST = 5;
    private static final String RANKED = """
             CROSS JOIN LATERAL (SELECT CASE coalesce(jsonb_typeof(vKEY.v), '') WHEN '' THEN -1 WHEN 'null' THEN 0
                                             WHEN 'boolean' THEN 1 WHEN 'number' THEN 2 WHEN 'string' THEN 3
                                             WHEN 'array' THEN 5 ELSE 6 END AS rank,
                                        CASE jsonb_typeof(vKEY.v) WHEN 'number' THEN (vKEY.v #>> '{}')::numeric
                                             WHEN 'boolean' THEN CASE WHEN vKEY.v = 'true' THEN 1 ELSE 0 END
                                             ELSE 0 END AS number,
                                        CASE jsonb_typeof(vKEY.v) WHEN 'string' THEN vKEY.v #>> '{}' ELSE '' END
                                            COLLATE "C" AS string) kKEY
            """;

    /** A value as the server sorts it. */
    private record Sortable(int rank, BigDecimal number, String string) {
        static Sortable of(boolean there, @Nullable Object value) {
            int rank = switch (value) {
                case null -> there ? 0 : -1;
                case Boolean bool -> 1;
                case Number number -> 2;
                case String text -> 3;
                case List<?> list -> LIST;
                default -> LIST + 1;
            };
            BigDecimal number = BigDecimal.ZERO;
            if (value instanceof Number numeric) {
                number = new BigDecimal(JsonColumn.writeValue(numeric));
            } else if (value instanceof Boolean bool && bool) {
                number = BigDecimal.ONE;
            }
            return new Sortable(rank, number, value instanceof String text ? text : "");
        }
    }

    private final List<SortKey> keys;

    DocumentSort(List<SortKey> keys) {
        this.keys = keys;
    }

    /** Returns whether the order of SQL may differ from the true one at a document. */
    boolean isPartialAt(Document document) {
        return keys.stream().anyMatch(key -> sortable(key, document).rank() >= LIST);
    }

    private static Sortable sortable(SortKey key, Document document) {
        return Sortable.of(document.has(key.field()), document.value(key.field()));
    }

    /** Returns the joins that compute the keys, and adds what they bind. */
    String joins(List<Object> bound) {
        StringBuilder joins = new StringBuilder();
        for (int i = 0; i < keys.size(); i++) {
            Field field = keys.get(i).field();
            String value = switch (field.kind()) {
                case PROPERTY -> "d.body" + " -> ?::text".repeat(field.path().size());
                case ID -> "to_jsonb(d.id)";
                case SUBJECT -> "CASE WHEN d.subject <> '' THEN to_jsonb(d.subject) END";
                case LABELS, SOURCE, TYPE, TIME, VALID_FROM, VALID_TO -> "NULL::jsonb";
            };
            bound.addAll(field.path());
            joins.append(" CROSS JOIN LATERAL (SELECT ")
                    .append(value)
                    .append(" AS v) v")
                    .append(i);
            joins.append(RANKED.replace("KEY", Integer.toString(i)));
        }
        return joins.toString();
    }

    /** Returns the condition of coming after a document, and adds what it binds. */
    String after(Document last, List<Object> bound) {
        StringBuilder condition = new StringBuilder();
        for (int i = 0; i <= keys.size(); i++) {
            condition.append(i == 0 ? " AND (" : " OR (");
            for (int equal = 0; equal < i; equal++) {
                condition.append("(").append(columns(equal)).append(") = (?, ?, ?) AND ");
                bind(sortable(keys.get(equal), last), bound);
            }
            if (i == keys.size()) {
                condition.append("d.id > ?)");
                bound.add(last.id());
            } else {
                String sign = keys.get(i).descending() ? " < " : " > ";
                condition
                        .append("(")
                        .append(columns(i))
                        .append(")")
                        .append(sign)
                        .append("(?, ?, ?))");
                bind(sortable(keys.get(i), last), bound);
            }
        }
        // One pair of parentheses around all of it.
        return condition.insert(" AND ".length(), '(').append(')').toString();
    }

    private static void bind(Sortable value, List<Object> bound) {
        bound.addAll(List.of(value.rank(), value.number(), value.string()));
    }

    private static String columns(int key) {
        return "k" + key + ".rank, k" + key + ".number, k" + key + ".string";
    }

    /** Returns the order. */
    String order() {
        List<String> columns = new ArrayList<>();
        for (int i = 0; i < keys.size(); i++) {
            String direction = keys.get(i).descending() ? " DESC" : "";
            for (String column : List.of("rank", "number", "string")) {
                columns.add("k" + i + "." + column + direction);
            }
        }
        columns.add("d.id");
        return " ORDER BY " + String.join(", ", columns);
    }
}
