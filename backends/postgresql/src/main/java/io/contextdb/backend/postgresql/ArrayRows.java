package io.contextdb.backend.postgresql;

import java.util.Arrays;
import java.util.stream.Collectors;

/**
 * Rows that a statement is given by an array for each of their columns. A select list passes elements on as it unnests them;
 * {@code FROM unnest(a, b)} would first put each array into a store of its own, which takes twice to three times as long, for
 * one row as for 10,000.
 */
final class ArrayRows {
    private ArrayRows() {}

    /**
     * Returns a table expression, which needs an alias and binds the arrays in this order; they must be equally long.
     *
     * @param columns names and types, as {@code "id uuid, version int8"}
     */
    static String of(String columns) {
        return Arrays.stream(columns.split(", "))
                .map(column -> column.split(" "))
                .map(column -> column(column[0], column[1]))
                .collect(Collectors.joining(", ", "(SELECT ", ")"));
    }

    /** Returns one column of such a list, which binds its array. */
    static String column(String name, String type) {
        return "unnest(?::" + type + "[]) AS " + name;
    }
}
