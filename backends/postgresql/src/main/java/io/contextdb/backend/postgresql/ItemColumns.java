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
 * A select list that makes rows of items, each column of an array as {@link ArrayRows} has them. Of columns in which all items
 * have what is usual no arrays are sent: the values stand in the statement, which spares both sides most of what a small batch
 * costs them. Columns that are used together are left out together, as each set of columns is a statement of its own, which
 * the server plans and keeps for each connection. Immutable.
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
     * @param type the type of its values, as PostgreSQL names it
     * @param usual what most items have: a text that contains no quote, a number, or null
     */
    record Column<T>(String name, String type, @Nullable Object usual, Function<T, ? extends @Nullable Object> value) {
        private Many array(List<T> items) {
            @Nullable Object[] values = Arrays.copyOf(Objects.requireNonNull(ARRAYS.get(type)), items.size());
            Arrays.setAll(values, i -> value.apply(items.get(i)));
            return new Many(type, values);
        }

        private boolean isUsual(Many array) {
            for (@Nullable Object value : (@Nullable Object[]) array.values()) {
                if (!Objects.equals(value, usual)) {
                    return false;
                }
            }
            return true;
        }

        private String unnested() {
            return ArrayRows.column(name, type);
        }

        private String constant() {
            return (usual instanceof String text ? "'" + text + "'" : usual) + "::" + type + " AS " + name;
        }
    }

    /**
     * Columns that are sent together.
     *
     * @param arrays how they are made of arrays
     * @param constants how they are made of what is usual; null if they are always sent
     */
    private record Group<T>(
            List<Column<T>> columns,
            String arrays,
            @Nullable String constants) {
        void addTo(Parts list, List<T> items) {
            List<Many> sent = new ArrayList<>(columns.size());
            boolean usual = constants != null;
            for (Column<T> column : columns) {
                Many array = column.array(items);
                usual = usual && column.isUsual(array);
                sent.add(array);
            }
            if (usual && constants != null) {
                list.add(constants);
            } else {
                list.add(arrays, sent.toArray());
            }
        }
    }

    private final List<Group<T>> groups;

    private ItemColumns(List<Group<T>> groups) {
        this.groups = groups;
    }

    static <T> Column<T> column(
            String name, String type, @Nullable Object usual, Function<T, ? extends @Nullable Object> value) {
        return new Column<>(name, type, usual, value);
    }

    /** Begins with a column that is always sent. */
    static <T> ItemColumns<T> of(String name, String type, Function<T, ? extends @Nullable Object> value) {
        return new ItemColumns<T>(List.of()).and(name, type, value);
    }

    /** Returns these columns and one that is always sent. */
    ItemColumns<T> and(String name, String type, Function<T, ? extends @Nullable Object> value) {
        return with(List.of(column(name, type, null, value)), false);
    }

    /** Returns these columns and some that are sent unless all items have what is usual in all of them. */
    @SafeVarargs
    @SuppressWarnings("varargs")
    final ItemColumns<T> unlessUsual(Column<T>... columns) {
        return with(List.of(columns), true);
    }

    private ItemColumns<T> with(List<Column<T>> columns, boolean left) {
        String before = groups.isEmpty() ? "" : ", ";
        List<Group<T>> all = new ArrayList<>(groups);
        all.add(new Group<>(
                columns,
                before
                        + String.join(
                                ", ", columns.stream().map(Column::unnested).toList()),
                left
                        ? before
                                + String.join(
                                        ", ",
                                        columns.stream().map(Column::constant).toList())
                        : null));
        return new ItemColumns<>(List.copyOf(all));
    }

    /** Returns the list for items. */
    Parts list(List<T> items) {
        Parts list = new Parts();
        for (Group<T> group : groups) {
            group.addTo(list, items);
        }
        return list;
    }
}
