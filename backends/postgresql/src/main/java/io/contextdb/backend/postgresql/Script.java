package io.contextdb.backend.postgresql;

import io.contextdb.spi.error.ErrorCode;
import io.contextdb.spi.error.InvalidRequestException;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLWarning;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.function.ToIntFunction;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;

/**
 * Statements that go to the server together, in one round trip, and what is to be done with their answers. Within a
 * transaction each sees what was committed, and what the statements before it did. Values are always bound, and none is NULL:
 * pgjdbc asks for the types of statements that bind NULL, and then sends them apart from others. Not thread-safe.
 */
final class Script {
    /** Reads one row. */
    interface Row<T> {
        T read(ResultSet row) throws SQLException;
    }

    /** Takes one row. */
    interface Each {
        void take(ResultSet row) throws SQLException;
    }

    /** Takes how many rows a statement changed. */
    interface Count {
        void take(long rows);
    }

    /**
     * An array to bind.
     *
     * @param type the elements' type, as PostgreSQL names it
     * @param values the elements, which go in binary form
     */
    record Many(String type, Object values) {
        static Many uuids(List<UUID> ids) {
            return new Many("uuid", ids.toArray(UUID[]::new));
        }

        static <T> Many uuids(List<T> items, Function<T, UUID> id) {
            return new Many("uuid", filled(new UUID[items.size()], items, id));
        }

        static Many texts(List<String> texts) {
            return new Many("text", texts.toArray(String[]::new));
        }

        /** Returns an array of texts, which may be null. */
        static <T> Many texts(List<T> items, Function<T, @Nullable String> text) {
            return new Many("text", filled(new String[items.size()], items, text));
        }

        static Many longs(List<Long> numbers) {
            return longs(numbers, Long::longValue);
        }

        static <T> Many longs(List<T> items, ToLongFunction<T> number) {
            long[] values = new long[items.size()];
            Arrays.setAll(values, i -> number.applyAsLong(items.get(i)));
            return new Many("int8", values);
        }

        static Many ints(List<Integer> numbers) {
            return ints(numbers, Integer::intValue);
        }

        static <T> Many ints(List<T> items, ToIntFunction<T> number) {
            int[] values = new int[items.size()];
            Arrays.setAll(values, i -> number.applyAsInt(items.get(i)));
            return new Many("int4", values);
        }

        static <T> Many doubles(List<T> items, ToDoubleFunction<T> number) {
            double[] values = new double[items.size()];
            Arrays.setAll(values, i -> number.applyAsDouble(items.get(i)));
            return new Many("float8", values);
        }

        static <T> Many bytes(List<T> items, Function<T, byte @Nullable []> value) {
            byte[][] values = new byte[items.size()][];
            Arrays.setAll(values, i -> value.apply(items.get(i)));
            return new Many("bytea", values);
        }

        /** Returns an array of numbers, which may be null. */
        static <T> Many nullableLongs(List<T> items, Function<T, @Nullable Long> number) {
            return new Many("int8", filled(new Long[items.size()], items, number));
        }

        /** Returns an array of numbers, which may be null. */
        static Many nullableInts(List<@Nullable Integer> numbers) {
            return new Many("int4", numbers.toArray(Integer[]::new));
        }

        private static <T, V> @Nullable V[] filled(
                @Nullable V[] values, List<T> items, Function<T, ? extends @Nullable V> value) {
            Arrays.setAll(values, i -> value.apply(items.get(i)));
            return values;
        }
    }

    /** What the protocol takes in one message. */
    private static final int MOST_VALUES = 65_535;

    /** Class of the SQLSTATE of warnings; notices have another. */
    private static final String WARNING = "01";

    /**
     * A statement, what it binds, and what is done with its answer.
     *
     * @param texts the parts of its text
     * @param values one for each question mark
     * @param rows takes its rows; null if none are wanted
     * @param count takes how many rows it changed; null if that is not wanted
     */
    record Statement(
            List<String> texts,
            List<@Nullable Object> values,
            @Nullable Each rows,
            @Nullable Count count) {
        String sql() {
            return String.join("", texts);
        }
    }

    private final List<Statement> statements = new ArrayList<>();
    private long rowsRead;
    private boolean certain;

    /** Adds a statement whose rows are taken one by one. */
    Script rows(Each each, String sql, @Nullable Object... bound) {
        return add(new Statement(List.of(sql), Arrays.asList(bound), each, null));
    }

    /** Adds a statement that was put together, whose rows are taken one by one. */
    Script rows(Each each, Parts statement) {
        return add(new Statement(statement.texts(), statement.values(), each, null));
    }

    /** Adds a statement of which the number of changed rows is taken. */
    Script count(Count count, String sql, @Nullable Object... bound) {
        return add(new Statement(List.of(sql), Arrays.asList(bound), null, count));
    }

    /** Adds a statement whose answer does not matter. */
    Script run(String sql, @Nullable Object... bound) {
        return add(new Statement(List.of(sql), Arrays.asList(bound), null, null));
    }

    private Script add(Statement statement) {
        statements.add(statement);
        return this;
    }

    List<Statement> statements() {
        return statements;
    }

    /** Returns how many rows were handed out. */
    long rowsRead() {
        return rowsRead;
    }

    /**
     * Makes a warning of the server an error. A commit that was not replicated, because the wait for it was cancelled, is
     * answered like any other but for a warning.
     */
    Script certain() {
        certain = true;
        return this;
    }

    boolean isEmpty() {
        return statements.isEmpty();
    }

    /** Sends the statements in one round trip, and before them how far they reach; hands out their answers, in their order. */
    void send(Connection connection, Names names, Reach reach) throws SQLException {
        List<Statement> sent = reach.isTold() ? after(reach) : statements;
        checkSize(sent);
        try (PreparedStatement statement = connection.prepareStatement(names.in(texts(sent)))) {
            int bound = 0;
            for (Statement each : sent) {
                for (Object value : each.values()) {
                    bind(connection, statement, ++bound, value);
                }
            }
            boolean rows = statement.execute();
            for (int i = 0; i < sent.size(); i++) {
                take(sent.get(i), statement, rows);
                rows = i + 1 < sent.size() && statement.getMoreResults();
            }
            if (certain) {
                refuseWarnings(statement);
            }
        }
    }

    private List<Statement> after(Reach reach) {
        List<Statement> told = new ArrayList<>(statements.size() + 1);
        told.add(new Statement(List.of(Reach.TELL), List.of(reach.told()), null, null));
        told.addAll(statements);
        return told;
    }

    private static List<String> texts(List<Statement> sent) {
        if (sent.size() == 1) {
            return sent.get(0).texts();
        }
        List<String> texts = new ArrayList<>();
        for (Statement each : sent) {
            if (!texts.isEmpty()) {
                texts.add(";\n");
            }
            texts.addAll(each.texts());
        }
        return texts;
    }

    private static void checkSize(List<Statement> sent) {
        int values = 0;
        for (Statement each : sent) {
            values += each.values().size();
        }
        if (values > MOST_VALUES) {
            throw new InvalidRequestException(
                    ErrorCode.LIMIT_EXCEEDED,
                    "filter",
                    "needs " + values + " values in one statement; the limit is " + MOST_VALUES);
        }
    }

    private static void refuseWarnings(PreparedStatement statement) throws SQLException {
        for (SQLWarning warning = statement.getWarnings(); warning != null; warning = warning.getNextWarning()) {
            if (warning.getSQLState().startsWith(WARNING)) {
                throw warning;
            }
        }
    }

    private void take(Statement sent, PreparedStatement statement, boolean rows) throws SQLException {
        if (sent.rows() != null && rows) {
            try (ResultSet result = statement.getResultSet()) {
                while (result.next()) {
                    sent.rows().take(result);
                    rowsRead++;
                }
            }
        } else if (sent.count() != null) {
            sent.count().take(statement.getLargeUpdateCount());
        }
    }

    static void bind(Connection connection, PreparedStatement statement, int index, @Nullable Object value)
            throws SQLException {
        if (value == null) {
            throw new IllegalStateException("a statement that binds NULL is sent apart from those that belong with it");
        }
        if (value instanceof Many many) {
            statement.setArray(index, array(connection, many));
        } else if (value instanceof byte[] bytes) {
            statement.setBytes(index, bytes);
        } else {
            statement.setObject(index, value);
        }
    }

    private static Array array(Connection connection, Many many) throws SQLException {
        return many.values() instanceof UUID[] ids
                ? UuidArray.of(connection, ids)
                : connection.unwrap(PGConnection.class).createArrayOf(many.type(), many.values());
    }
}
