package io.contextdb.backend.postgresql;

import io.contextdb.backend.postgresql.Script.Many;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A select list that makes rows of items, each column of an array as {@link ArrayRows} has them. Of a column in which all items
 * have what is usual no array is sent: its value stands in the statement, which spares both sides most of what a small batch
 * costs them. So the server keeps a statement for each set of columns that an application uses. Immutable.
 */
final class ItemColumns<T> {
    /** Ends the list, whose rows are named r, and what inserts them. */
    static final String END = ") r)\n";

    private static final Map<String, Object[]> ARRAYS = Map.of(
            "uuid", new UUID[0],
            "text", new String[0],
            "int4", new Integer[0],
            "int8", new Long[0],
            "float8", new Double[0],
            "bytea", new byte[0][]);

    /**
     * A column.
     *
     * @param array how it is made of an array
     * @param constant how it is made of what is usual; null if nothing is
     */
    private record Column<T>(
            String type,
            String array,
            @Nullable String constant,
            @Nullable Object usual,
            Function<T, ? extends @Nullable Object> value) {
        void addTo(Parts list, List<T> items) {
            @Nullable Object[] values = Arrays.copyOf(Objects.requireNonNull(ARRAYS.get(type)), items.size());
            boolean all = constant != null;
            for (int i = 0; i < values.length; i++) {
                values[i] = value.apply(items.get(i));
                all = all && Objects.equals(values[i], usual);
            }
            if (all && constant != null) {
                list.add(constant);
            } else {
                list.add(array, new Many(type, values));
            }
        }
    }

    private final List<Column<T>> columns;

    private ItemColumns(List<Column<T>> columns) {
        this.columns = columns;
    }

    /** Begins with a column that has a value of its own for each item. */
    static <T> ItemColumns<T> of(String name, String type, Function<T, Object> value) {
        return new ItemColumns<T>(List.of()).and(name, type, value);
    }

    /** Returns these columns and one that has a value of its own for each item. */
    ItemColumns<T> and(String name, String type, Function<T, Object> value) {
        return with(name, type, null, null, value);
    }

    /**
     * Returns these columns and one that most batches leave at what is usual.
     *
     * @param usual a number, a text without quotes, or null
     */
    ItemColumns<T> and(
            String name, String type, @Nullable Object usual, Function<T, ? extends @Nullable Object> value) {
        return with(name, type, usual instanceof String text ? "'" + text + "'" : String.valueOf(usual), usual, value);
    }

    private ItemColumns<T> with(
            String name,
            String type,
            @Nullable String literal,
            @Nullable Object usual,
            Function<T, ? extends @Nullable Object> value) {
        String before = columns.isEmpty() ? "" : ", ";
        List<Column<T>> all = new ArrayList<>(columns);
        all.add(new Column<>(
                type,
                before + "unnest(?::" + type + "[]) AS " + name,
                literal == null ? null : before + literal + "::" + type + " AS " + name,
                usual,
                value));
        return new ItemColumns<>(List.copyOf(all));
    }

    /** Returns the list for items. */
    Parts list(List<T> items) {
        Parts list = new Parts();
        for (Column<T> column : columns) {
            column.addTo(list, items);
        }
        return list;
    }
}
