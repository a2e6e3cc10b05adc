package io.contextdb.backend.embedded;

import io.contextdb.spi.value.Deadline;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.sqlite.JDBC;
import org.sqlite.ProgressHandler;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteConnection;

/**
 * One connection to the records, with its prepared statements. Used by one thread at a time. Statements run until the
 * deadline of the call that holds the connection.
 */
final class Database implements AutoCloseable {
    /** Instructions of SQLite's virtual machine between two looks at the deadline: about a millisecond. */
    private static final int STEPS = 100_000;

    /** Reads one row. */
    interface Row<T> {
        T read(ResultSet row) throws SQLException;
    }

    /** Runs a statement. */
    private interface Run<T> {
        T run(PreparedStatement statement) throws SQLException;
    }

    /** Looks at a row and says whether to go on. */
    interface Visitor {
        boolean visit(ResultSet row) throws SQLException;
    }

    private final Records records;
    private final Connection connection;
    private final Map<String, PreparedStatement> statements = new HashMap<>();
    private volatile @Nullable Deadline deadline;

    private Database(Records records, Connection connection) {
        this.records = records;
        this.connection = connection;
    }

    static Database open(Records records, SQLiteConfig config, List<String> pragmas) throws SQLException {
        Database database =
                new Database(records, JDBC.createConnection("jdbc:sqlite:" + records.file(), config.toProperties()));
        try {
            for (String pragma : pragmas) {
                database.script(pragma);
            }
            ProgressHandler.setHandler(database.connection, STEPS, new ProgressHandler() {
                @Override
                protected int progress() {
                    Deadline until = database.deadline;
                    boolean stop = until != null
                            && (until.passed() || Thread.currentThread().isInterrupted());
                    return stop ? 1 : 0;
                }
            });
        } catch (SQLException failed) {
            database.close();
            throw database.located(failed);
        } catch (RuntimeException failed) {
            database.close();
            throw failed;
        }
        return database;
    }

    /** Sets until when statements may run; null for ever. */
    void until(@Nullable Deadline moment) {
        deadline = moment;
    }

    /** Returns how many rows were changed since the connection was opened, those that were rolled back included. */
    long changes() throws SQLException {
        return connection.unwrap(SQLiteConnection.class).getDatabase().total_changes();
    }

    void execute(String sql) throws SQLException {
        run(sql, PreparedStatement::execute);
    }

    /** Runs statements that are run once: pragmas, the schema. */
    void script(String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.executeUpdate(sql);
        } catch (SQLException failed) {
            throw located(failed);
        }
    }

    boolean isClosed() throws SQLException {
        return connection.isClosed();
    }

    /** Begins a transaction: with its first read a snapshot, or at once the writer's. */
    void begin() throws SQLException {
        connection.setAutoCommit(false);
    }

    /** Ends the transaction. Where that fails, it may still be open: {@link #rollback} ends it for certain. */
    void commit() throws SQLException {
        try {
            connection.setAutoCommit(true);
        } catch (SQLException failed) {
            throw located(failed);
        }
    }

    /** Undoes the transaction; does nothing if SQLite has done so already. */
    void rollback() throws SQLException {
        // The driver's own rollback would begin the next transaction at once.
        try (Statement statement = connection.createStatement()) {
            statement.executeUpdate("ROLLBACK");
        } catch (SQLException none) {
            if (!String.valueOf(none.getMessage()).contains("no transaction is active")) {
                throw none;
            }
        }
        try {
            connection.setAutoCommit(true);
        } catch (SQLException alreadyEnded) {
            // The driver's mark is reset all the same.
        }
    }

    int update(String sql, @Nullable Object... arguments) throws SQLException {
        return run(sql, PreparedStatement::executeUpdate, arguments);
    }

    <T> List<T> list(String sql, Row<T> row, @Nullable Object... arguments) throws SQLException {
        List<T> rows = new ArrayList<>();
        each(
                sql,
                result -> {
                    rows.add(row.read(result));
                    return true;
                },
                arguments);
        return rows;
    }

    <T> Optional<T> first(String sql, Row<T> row, @Nullable Object... arguments) throws SQLException {
        return run(
                sql,
                statement -> {
                    try (ResultSet result = statement.executeQuery()) {
                        return result.next() ? Optional.of(row.read(result)) : Optional.empty();
                    }
                },
                arguments);
    }

    /** Returns the first column of the first row; 0 if there is none. */
    long number(String sql, @Nullable Object... arguments) throws SQLException {
        return run(
                sql,
                statement -> {
                    try (ResultSet result = statement.executeQuery()) {
                        return result.next() ? result.getLong(1) : 0;
                    }
                },
                arguments);
    }

    /** Visits rows as they come, until the visitor has enough. It must not run the same statement again meanwhile. */
    void each(String sql, Visitor visitor, @Nullable Object... arguments) throws SQLException {
        run(
                sql,
                statement -> {
                    try (ResultSet result = statement.executeQuery()) {
                        while (result.next() && visitor.visit(result)) {
                            // The visitor has done what is to be done.
                        }
                    }
                    return true;
                },
                arguments);
    }

    /** Runs a statement that is prepared once; one that fails the driver has closed, and it is prepared anew for the next. */
    private <T> T run(String sql, Run<T> run, @Nullable Object... arguments) throws SQLException {
        try {
            return run.run(bound(sql, arguments));
        } catch (SQLException failed) {
            forget(sql, failed);
            throw located(failed);
        }
    }

    private void forget(String sql, SQLException failed) {
        PreparedStatement statement = statements.remove(sql);
        try {
            if (statement != null) {
                statement.close();
            }
        } catch (SQLException worse) {
            failed.addSuppressed(worse);
        }
    }

    /** Adds to an error of damage which file it is, and the places that are known. */
    private SQLException located(SQLException failed) {
        return StoreErrors.isDamage(failed)
                ? new SQLException(
                        records.file() + records.damagedPlaces() + ": " + failed.getMessage(),
                        failed.getSQLState(),
                        failed.getErrorCode(),
                        failed)
                : failed;
    }

    private PreparedStatement prepared(String sql) throws SQLException {
        PreparedStatement statement = statements.get(sql);
        if (statement == null) {
            statement = connection.prepareStatement(sql);
            statements.put(sql, statement);
        }
        return statement;
    }

    private PreparedStatement bound(String sql, @Nullable Object... arguments) throws SQLException {
        PreparedStatement statement = prepared(sql);
        for (int i = 0; i < arguments.length; i++) {
            switch (arguments[i]) {
                case null -> statement.setNull(i + 1, java.sql.Types.NULL);
                case Long number -> statement.setLong(i + 1, number);
                case Integer number -> statement.setInt(i + 1, number);
                case Double number -> statement.setDouble(i + 1, number);
                case String text -> statement.setString(i + 1, text);
                case byte[] bytes -> statement.setBytes(i + 1, bytes);
                default -> throw new IllegalArgumentException("no column type: " + arguments[i]);
            }
        }
        return statement;
    }

    @Override
    public void close() throws SQLException {
        for (PreparedStatement statement : statements.values()) {
            statement.close();
        }
        connection.close();
    }
}
