package io.contextdb.backend.postgresql;

import java.io.PrintWriter;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.util.Collections;
import java.util.Map;
import java.util.Properties;
import java.util.WeakHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.logging.Logger;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.postgresql.Driver;
import org.postgresql.PGConnection;
import org.postgresql.PGProperty;

/** Makes connections for the pool, and counts them: each may lead to another server than the one before. Thread-safe. */
final class ServerSource implements DataSource {
    private final Driver driver = new Driver();
    private final String url;
    private final Properties properties;
    private final Acknowledgement acknowledgement;
    private final Map<PGConnection, Boolean> direct = Collections.synchronizedMap(new WeakHashMap<>());
    private final AtomicLong made = new AtomicLong();
    /** The application may decide it by the start-up options of its connections. */
    private final boolean decided;

    ServerSource(String url, Properties properties, Acknowledgement acknowledgement) {
        this.url = url;
        this.properties = properties;
        this.decided = properties.getProperty(PGProperty.OPTIONS.getName(), "").contains("jit");
        this.acknowledgement = acknowledgement;
    }

    /** Returns how many connections were made; one counts before it is used. */
    long made() {
        return made.get();
    }

    /** Returns whether a connection that was made here leads to the server itself. */
    boolean isDirect(Connection connection) {
        try {
            return direct.containsKey(connection.unwrap(PGConnection.class));
        } catch (SQLException closed) {
            return false;
        }
    }

    @Override
    public Connection getConnection() throws SQLException {
        Connection connection = driver.connect(url, properties);
        if (connection == null) {
            throw new SQLException("no address of PostgreSQL: " + url);
        }
        try {
            if (SessionSettings.prepare(connection, decided)) {
                direct.put(connection.unwrap(PGConnection.class), true);
            }
            acknowledgement.check(connection);
        } catch (SQLException refused) {
            connection.close();
            throw refused;
        }
        made.incrementAndGet();
        return connection;
    }

    @Override
    public Connection getConnection(String user, String password) throws SQLException {
        throw new SQLFeatureNotSupportedException("the user is a setting");
    }

    @Override
    public @Nullable PrintWriter getLogWriter() {
        return null;
    }

    @Override
    public void setLogWriter(@Nullable PrintWriter out) {
        // pgjdbc logs by java.util.logging.
    }

    /** Has no effect, as the properties say how long connecting may take. */
    @Override
    public void setLoginTimeout(int seconds) {
        // The pool would put its own limit here.
    }

    /** Returns how long the pool waits at its end for a connection that is being made: seconds, as 0 would make it complain at once. */
    @Override
    public int getLoginTimeout() {
        return 2;
    }

    @Override
    public Logger getParentLogger() throws SQLFeatureNotSupportedException {
        throw new SQLFeatureNotSupportedException("loggers are the driver's");
    }

    @Override
    public <T> T unwrap(Class<T> type) throws SQLException {
        if (!isWrapperFor(type)) {
            throw new SQLException("is no " + type.getName());
        }
        return type.cast(this);
    }

    @Override
    public boolean isWrapperFor(Class<?> type) {
        return type.isInstance(this);
    }
}
