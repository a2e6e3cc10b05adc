package io.contextdb.backend.postgresql;

import io.contextdb.spi.error.AccessDeniedException;
import io.contextdb.spi.error.ContextException;
import io.contextdb.spi.error.ContextUnavailableException;
import io.contextdb.spi.error.CorruptDataException;
import io.contextdb.spi.error.ErrorCode;
import io.contextdb.spi.error.InvalidRequestException;
import io.contextdb.spi.error.Outcome;
import io.contextdb.spi.value.Deadline;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import java.util.Optional;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.MigrationState;
import org.flywaydb.core.api.configuration.FluentConfiguration;

/**
 * Brings a schema to the version that this jar writes. Flyway's advisory lock lets one of several starters do it while the
 * others wait. A schema that a newer version wrote is refused.
 */
final class Migrations {
    static final String HISTORY = "contextdb_schema_history";
    private static final String EXTENSION = """
            SELECT n.nspname, e.extversion FROM pg_extension e JOIN pg_namespace n ON n.oid = e.extnamespace
             WHERE e.extname = 'vector'
            """;
    private static final String SCHEMA = "SELECT FROM pg_namespace WHERE nspname = ?";
    private static final String LEAST_VERSION = "0.8";

    private Migrations() {}

    /**
     * Returns the names to write into SQL.
     *
     * @param creates whether what is absent or older is made; else it is refused
     */
    static Names apply(Connections connections, String schema, boolean creates, Deadline deadline) {
        Names names = connections.read(deadline, connection -> new Names(schema, extension(connection, creates)));
        FluentConfiguration configuration = Flyway.configure(Migrations.class.getClassLoader())
                .dataSource(connections.source())
                .locations("classpath:io/contextdb/backend/postgresql/migration")
                .failOnMissingLocations(true)
                .schemas(schema)
                .defaultSchema(schema)
                .createSchemas(true)
                .table(HISTORY)
                .placeholders(Map.of("schema", Names.quoted(schema), "vector", Names.quoted(names.vectors())))
                .validateMigrationNaming(true)
                .cleanDisabled(true);
        try {
            Flyway flyway = configuration.load();
            boolean newer = java.util.Arrays.stream(flyway.info().applied())
                    .anyMatch(applied -> applied.getState() == MigrationState.FUTURE_SUCCESS);
            if (newer) {
                throw new CorruptDataException(
                        "schema " + schema + " was written by a newer version of contextdb; upgrade this one", null);
            }
            if (flyway.info().pending().length > 0) {
                if (!creates) {
                    throw missing(schema, flyway.info().applied().length > 0);
                }
                checkDirect(connections, schema, deadline);
                connections.read(deadline, connection -> made(connection, schema));
                flyway.migrate();
            }
        } catch (FlywayException failed) {
            throw of(failed);
        }
        return names;
    }

    private static ContextException missing(String schema, boolean older) {
        return new InvalidRequestException(
                ErrorCode.NOT_FOUND,
                "url",
                older
                        ? "names a store (schema " + schema
                                + ") of an older version, which is brought up to date by opening it"
                                + " without create=false"
                        : "names a database without a store in schema " + schema
                                + ", and with create=false none is made");
    }

    /** Flyway sets the search path of its connection, which must not stay with one that others use. */
    private static void checkDirect(Connections connections, String schema, Deadline deadline) {
        if (connections.read(deadline, Pooler::isBetween)) {
            throw new InvalidRequestException(
                    "url",
                    "leads through a pooler, and schema " + schema
                            + " must be made or brought up to date first; connect once to the server itself");
        }
    }

    /** Makes the schema: Flyway would try for ten seconds where it may not. Of two starters the second may fail, and finds it then. */
    private static boolean made(Connection connection, String schema) throws SQLException {
        if (isThere(connection, schema)) {
            return true;
        }
        try (Statement statement = connection.createStatement()) {
            return statement.execute("CREATE SCHEMA IF NOT EXISTS " + Names.quoted(schema));
        } catch (SQLException refused) {
            if (isThere(connection, schema)) {
                return true;
            }
            throw refused;
        }
    }

    private static boolean isThere(Connection connection, String schema) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(SCHEMA)) {
            statement.setString(1, schema);
            try (ResultSet row = statement.executeQuery()) {
                return row.next();
            }
        }
    }

    private static ContextException of(FlywayException failed) {
        for (Throwable cause = failed.getCause(); cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException sql) {
                return PostgresErrors.of(sql, Outcome.NOT_APPLIED);
            }
        }
        return new ContextUnavailableException(
                "the schema could not be prepared: " + failed.getMessage(), Outcome.NOT_APPLIED, failed);
    }

    /** Returns the schema of pgvector, which is created where that is allowed and it is absent. */
    private static String extension(Connection connection, boolean creates) throws SQLException {
        Optional<String> there = installed(connection);
        if (there.isPresent()) {
            return there.get();
        }
        if (!creates) {
            throw new InvalidRequestException(
                    ErrorCode.NOT_FOUND,
                    "url",
                    "names a database without pgvector, and with create=false it is not added");
        }
        try (Statement statement = connection.createStatement()) {
            statement.execute("CREATE EXTENSION IF NOT EXISTS vector");
        } catch (SQLException refused) {
            Optional<String> meanwhile = installed(connection);
            if (meanwhile.isPresent()) {
                return meanwhile.get();
            }
            throw new AccessDeniedException(
                    "the database has no pgvector, and this user cannot add it (" + refused.getMessage()
                            + "); let an administrator run CREATE EXTENSION vector in it",
                    refused);
        }
        return installed(connection).orElseThrow();
    }

    private static Optional<String> installed(Connection connection) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(EXTENSION);
                ResultSet row = statement.executeQuery()) {
            if (!row.next()) {
                return Optional.empty();
            }
            if (older(row.getString(2))) {
                throw new ContextUnavailableException(
                        "pgvector is of version " + row.getString(2) + "; contextdb needs " + LEAST_VERSION
                                + " or newer: let an administrator run ALTER EXTENSION vector UPDATE");
            }
            return Optional.of(row.getString(1));
        }
    }

    private static boolean older(String version) {
        return version.matches("0\\.[0-7](\\..*)?");
    }
}
