package io.contextdb.backend.postgresql;

import io.contextdb.spi.value.CodePointOrder;
import io.contextdb.spi.value.Interval;
import io.contextdb.spi.value.PropertyMap;
import io.contextdb.spi.vector.Vector;
import java.sql.Array;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** How values of the model stand in columns. */
final class Columns {
    /** An instant that never comes: the end of an open interval. */
    static final long OPEN = Long.MAX_VALUE;

    private static final long MICROS = 1_000_000;

    private Columns() {}

    static long of(Instant instant) {
        return Interval.OPEN.equals(instant)
                ? OPEN
                : Math.addExact(Math.multiplyExact(instant.getEpochSecond(), MICROS), instant.getNano() / 1_000);
    }

    static Instant instant(long micros) {
        return micros == OPEN
                ? Interval.OPEN
                : Instant.ofEpochSecond(Math.floorDiv(micros, MICROS), Math.floorMod(micros, MICROS) * 1_000);
    }

    static Interval interval(long from, long to) {
        return new Interval(instant(from), instant(to));
    }

    static UUID uuid(ResultSet row, int column) throws SQLException {
        return row.getObject(column, UUID.class);
    }

    static PropertyMap properties(ResultSet row, int column) throws SQLException {
        return JsonColumn.read(row.getString(column));
    }

    static SortedSet<String> labels(ResultSet row, int column) throws SQLException {
        String[] stored = strings(row, column);
        if (stored.length == 0) {
            return Collections.emptySortedSet();
        }
        SortedSet<String> labels = new TreeSet<>(CodePointOrder.INSTANCE);
        labels.addAll(Arrays.asList(stored));
        return Collections.unmodifiableSortedSet(labels);
    }

    static String[] strings(ResultSet row, int column) throws SQLException {
        Array array = row.getArray(column);
        return array == null ? new String[0] : (String[]) array.getArray();
    }

    /** Returns the text of a one-dimensional array of texts, for arrays of such arrays, which PostgreSQL has not. */
    static String array(Collection<String> texts) {
        StringBuilder literal = new StringBuilder("{");
        for (String text : texts) {
            literal.append(literal.length() == 1 ? "\"" : ",\"")
                    .append(text.replace("\\", "\\\\").replace("\"", "\\\""))
                    .append('"');
        }
        return literal.append('}').toString();
    }

    static @Nullable Vector vector(ResultSet row, int column) throws SQLException {
        Array array = row.getArray(column);
        if (array == null) {
            return null;
        }
        Float[] stored = (Float[]) array.getArray();
        float[] values = new float[stored.length];
        for (int i = 0; i < values.length; i++) {
            values[i] = stored[i];
        }
        return Vector.of(values);
    }
}
