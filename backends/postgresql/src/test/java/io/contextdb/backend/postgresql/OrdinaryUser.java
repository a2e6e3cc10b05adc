package io.contextdb.backend.postgresql;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** A user of a server who is no superuser, as those of applications are; gone, with all that is its own, once closed. */
final class OrdinaryUser implements AutoCloseable {
    private static final String ADMINISTRATOR = "user=postgres";

    private final TestServer server;
    private final String name;
    private final String schema;

    private OrdinaryUser(TestServer server, String name, String schema) {
        this.server = server;
        this.name = name;
        this.schema = schema;
    }

    /** Makes a user who may make schemas, on a server of our own; pgvector is there, as an administrator made it. */
    static OrdinaryUser of(TestServer server, String purpose) throws SQLException {
        String name = TestServer.schema(purpose);
        return made(server, name, name);
    }

    /** Returns a user with a new store, who stays: for tests whose store is closed after all that they can say. */
    static OrdinaryUser lasting(TestServer server, String name) throws SQLException {
        return made(server, name, TestServer.schema(name));
    }

    private static OrdinaryUser made(TestServer server, String name, String schema) throws SQLException {
        assumeTrue(server.url("x").contains(ADMINISTRATOR), "the users of another server are not ours to make");
        TestServer.open(server.url(TestServer.schema("extension"))).close();
        if (!ServerPair.ask(server, "SELECT EXISTS (SELECT FROM pg_roles WHERE rolname = '" + name + "')")) {
            ServerPair.execute(server, "CREATE ROLE " + name + " LOGIN");
            ServerPair.execute(server, "GRANT CREATE ON DATABASE postgres TO " + name);
        }
        return new OrdinaryUser(server, name, schema);
    }

    /** Returns the name of the schema of its store. */
    String schema() {
        return schema;
    }

    /** Returns the URL of its store. */
    String url() {
        return as(server.url(schema));
    }

    /** Returns a URL of a store with the user in place of the administrator. */
    String as(String url) {
        return url.replace(ADMINISTRATOR, "user=" + name);
    }

    /** Connects as the user. */
    Connection connect() throws SQLException {
        return DriverManager.getConnection(as(server.jdbcUrl()));
    }

    /** Asks as the user, within a transaction that has told a namespace, if it is not empty. */
    long ask(String told, String question) throws SQLException {
        try (Connection connection = connect();
                var statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            if (!told.isEmpty()) {
                statement.execute("SELECT set_config('contextdb.namespace', '" + told + "', TRUE)");
            }
            try (var row = statement.executeQuery(question)) {
                row.next();
                return row.getLong(1);
            }
        }
    }

    /** Returns the tables of its schema for which a condition on {@code pg_class c} holds. */
    List<String> tables(String condition) throws SQLException {
        List<String> names = new ArrayList<>();
        try (Connection connection = connect();
                var statement = connection.prepareStatement(
                        "SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
                                + " WHERE n.nspname = ? AND c.relkind IN ('r', 'p') AND " + condition)) {
            statement.setString(1, schema);
            try (var row = statement.executeQuery()) {
                while (row.next()) {
                    names.add(row.getString(1));
                }
            }
        }
        return names;
    }

    @Override
    public void close() throws SQLException {
        ServerPair.execute(server, "DROP OWNED BY " + name + " CASCADE");
        ServerPair.execute(server, "DROP ROLE " + name);
    }
}
