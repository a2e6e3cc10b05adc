package io.contextdb.backend.postgresql;

import io.contextdb.spi.Backend;
import io.contextdb.spi.BackendConfig;
import io.contextdb.spi.BackendProvider;
import io.contextdb.spi.OptionDescriptor;
import io.contextdb.spi.error.ContextTimeoutException;
import io.contextdb.spi.error.ContextUnavailableException;
import io.contextdb.spi.error.InvalidRequestException;
import io.contextdb.spi.error.Outcome;
import io.contextdb.spi.value.Deadline;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import javax.sql.DataSource;

/** Opens {@code contextdb:postgresql://host:port/database}: all five models in one PostgreSQL with pgvector. */
public final class PostgresProvider implements BackendProvider {
    private static final String VERSION =
            "SELECT current_setting('server_version_num')::int, current_setting('server_version'),"
                    + " (SELECT extversion FROM pg_extension WHERE extname = 'vector'), current_setting('server_encoding'),"
                    + " current_setting('transaction_isolation'), " + Durability.COLUMNS;
    /** A writer that waited for another must see what that one did. */
    private static final String ISOLATION = "read committed";

    private static final int LEAST_VERSION = 150_000;
    /** Starters that wait for another's migration wait no longer than this. */
    private static final Duration START = Duration.ofMinutes(2);

    private record Server(
            int number, String version, String vectors, String encoding, String isolation, Durability durability) {}

    @Override
    public String scheme() {
        return "postgresql";
    }

    @Override
    public String description() {
        return "Everything in one PostgreSQL 15 or newer with pgvector: contextdb:postgresql://host:port/database."
                + " With a lent javax.sql.DataSource the location stays empty: contextdb:postgresql:";
    }

    @Override
    public List<OptionDescriptor<?>> options() {
        return Settings.OPTIONS;
    }

    @Override
    public Backend open(BackendConfig config) {
        Optional<DataSource> lent = config.resource(DataSource.class);
        if (lent.isEmpty() && config.location().isEmpty()) {
            throw new InvalidRequestException(
                    "url", "must be contextdb:postgresql://host:port/database, unless a DataSource is lent");
        }
        Settings settings = Settings.of(config);
        Connections connections = Connections.open(settings, lent);
        try {
            Deadline deadline = Deadline.after(START);
            FirstConnection.make(connections);
            Names names = Migrations.apply(connections, settings.schema(), settings.creates(), deadline);
            Server server = connections.read(
                    deadline,
                    connection -> new Snapshot(connection, names, 0, Reach.UNTOLD, deadline)
                            .first(
                                    VERSION,
                                    row -> new Server(
                                            row.getInt(1),
                                            row.getString(2),
                                            row.getString(3),
                                            row.getString(4),
                                            row.getString(5),
                                            new Durability(row.getString(6), row.getString(7), row.getString(8))))
                            .orElseThrow());
            check(server);
            if (settings.journal()) {
                checkCommits(server);
            }
            RowSecurity rowSecurity =
                    RowSecurity.open(connections, names, settings.rowSecurity(), settings.creates(), deadline);
            return backend(new Store(connections, names, settings, rowSecurity), server, deadline);
        } catch (RuntimeException failed) {
            connections.close();
            if (Thread.currentThread().isInterrupted() && failed instanceof ContextUnavailableException) {
                throw new ContextTimeoutException(ApartCall.INTERRUPTED, Outcome.NOT_APPLIED, failed);
            }
            throw failed;
        }
    }

    private static PostgresBackend backend(Store store, Server server, Deadline deadline) {
        try {
            store.connections().read(deadline, connection -> {
                store.look(connection);
                return true;
            });
            Map<String, String> details = new TreeMap<>();
            details.put("schema", store.names().schema());
            details.put("pgvector", server.vectors());
            String weakness = server.durability().weakness();
            if (!weakness.isEmpty()) {
                details.put("notCrashSafe", weakness);
            }
            return new PostgresBackend(store, server.version(), weakness.isEmpty(), details);
        } catch (RuntimeException failed) {
            store.close();
            throw failed;
        }
    }

    /** Others would follow what the server loses again, and pass over what comes in its place. */
    private static void checkCommits(Server server) {
        if (server.durability().commits().equals("off")) {
            throw new InvalidRequestException(
                    "journal",
                    "needs commits that are stored before they are seen; the server has synchronous_commit = off");
        }
    }

    private static void check(Server server) {
        if (server.number() < LEAST_VERSION) {
            throw new ContextUnavailableException(
                    "the server is PostgreSQL " + server.version() + "; contextdb needs 15 or newer");
        }
        if (!server.encoding().equals("UTF8")) {
            throw new InvalidRequestException(
                    "url", "names a database whose encoding is " + server.encoding() + "; it must be UTF8");
        }
        if (!server.isolation().equals(ISOLATION)) {
            throw new InvalidRequestException(
                    "url",
                    "leads to connections whose transactions are '" + server.isolation() + "'; they must be '"
                            + ISOLATION
                            + "', see default_transaction_isolation of the server, the database, the user and the pool");
        }
    }
}
