package io.contextdb.backend.postgresql;

import io.contextdb.ContextUrl;
import io.contextdb.spi.Backend;
import io.contextdb.spi.BackendConfig;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Assumptions;

/**
 * The PostgreSQL that tests run against: the one whose address is given by {@code -Dcontextdb.test.postgresql} or the
 * variable {@code CONTEXTDB_TEST_POSTGRESQL}, a JDBC URL; else the one that {@code build/servers/postgresql} starts, once, and
 * stops when no process needs it any more. Where neither is possible tests are skipped, with the reason.
 */
final class TestServer {
    private static final Pattern ANSWER = Pattern.compile("kind=(?<kind>.+) url=jdbc:postgresql:(?<address>//\\S+)");
    private static final Pattern GIVEN = Pattern.compile("jdbc:postgresql:(?<address>//\\S+)");
    private static final Pattern HOST = Pattern.compile("//(?<host>[^:/]+):(?<port>\\d+)/");
    private static final Set<String> SCHEMAS = ConcurrentHashMap.newKeySet();
    private static TestServer running;

    private final String kind;
    private final String address;

    private TestServer(String kind, String address) {
        this.kind = kind;
        this.address = address;
    }

    static synchronized TestServer get() {
        if (running == null) {
            String given = System.getProperty(
                    "contextdb.test.postgresql", System.getenv().getOrDefault("CONTEXTDB_TEST_POSTGRESQL", ""));
            running = given.isEmpty() ? start("shared") : external(given);
            Runtime.getRuntime().addShutdownHook(new Thread(running::dropSchemas));
            System.out.println("PostgreSQL for tests: " + running.kind);
        }
        return running;
    }

    private static TestServer external(String url) {
        Matcher given = GIVEN.matcher(url);
        if (!given.matches()) {
            throw new IllegalArgumentException(
                    "contextdb.test.postgresql must be jdbc:postgresql://host:port/database?…");
        }
        return new TestServer("external", given.group("address"));
    }

    /** Starts the server of a name, or finds it running; one that was killed comes back at the same address. */
    static TestServer start(String name) {
        return script("start", Long.toString(ProcessHandle.current().pid()), name);
    }

    /** Starts a streaming standby of a local server, copied from it if it is new. */
    static TestServer standby(String name, String primary) {
        return script("standby", Long.toString(ProcessHandle.current().pid()), name, primary);
    }

    /** Starts PgBouncer in transaction mode in front of the shared server. */
    static TestServer pooler() {
        Assumptions.assumeFalse(
                get().kind().equals("external"), "a pooler is put in front of a server of our own only");
        return script("pooler", Long.toString(ProcessHandle.current().pid()), "pooler", "shared");
    }

    /** Stops a local server at once. */
    static void stop(String name) {
        run("stop", name);
    }

    /** Stops a local server at once and removes its data. */
    static void drop(String name) {
        run("drop", name);
    }

    private static TestServer script(String... arguments) {
        String answer = run(arguments);
        Matcher parts = ANSWER.matcher(answer);
        if (!parts.matches()) {
            throw new IllegalStateException("the server for tests did not start: " + answer);
        }
        return new TestServer(parts.group("kind"), parts.group("address"));
    }

    /** Runs the script to its end and returns what it prints. */
    private static String run(String... arguments) {
        try {
            List<String> command = new ArrayList<>(List.of(script().toString()));
            command.addAll(List.of(arguments));
            Process process = new ProcessBuilder(command)
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            String answer = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
            if (!process.waitFor(5, TimeUnit.MINUTES)) {
                process.destroyForcibly();
                throw new IllegalStateException("the script for servers did not end within 5 minutes");
            }
            Assumptions.assumeTrue(
                    process.exitValue() != 3, "no PostgreSQL for tests is possible here; the reason is printed above");
            if (process.exitValue() != 0) {
                throw new IllegalStateException("the script for servers failed: " + answer);
            }
            return answer;
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        }
    }

    /** Returns the process of a local server. */
    static ProcessHandle process(String name) throws IOException {
        Process asked = new ProcessBuilder(script().toString(), "pid", name).start();
        String pid = new String(asked.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        return ProcessHandle.of(Long.parseLong(pid)).orElseThrow();
    }

    private static Path script() {
        for (Path folder = Path.of("").toAbsolutePath(); folder != null; folder = folder.getParent()) {
            Path script = folder.resolve("build/servers/postgresql");
            if (Files.isExecutable(script)) {
                return script;
            }
        }
        throw new IllegalStateException("build/servers/postgresql is not above the working directory");
    }

    private void dropSchemas() {
        try (Connection connection = DriverManager.getConnection(jdbcUrl());
                Statement statement = connection.createStatement()) {
            for (String schema : SCHEMAS) {
                statement.execute("DROP SCHEMA IF EXISTS " + Names.quoted(schema) + " CASCADE");
            }
        } catch (SQLException unreachable) {
            System.err.println("schemas of tests were left behind: " + unreachable.getMessage());
        }
    }

    /** Returns the name of a schema that no other test uses. */
    static String schema(String purpose) {
        return purpose + "_" + Long.toString(System.nanoTime(), 36);
    }

    /** Returns how the server came about: external, container or local server. */
    String kind() {
        return kind;
    }

    /** Returns the URL of a store in a schema, which is dropped at the end of the process. */
    String url(String schema) {
        SCHEMAS.add(schema);
        return "contextdb:postgresql:" + address + (address.contains("?") ? "&" : "?") + "schema=" + schema;
    }

    /** Returns where the server listens. */
    InetSocketAddress listensAt() {
        Matcher host = HOST.matcher(address);
        if (!host.find()) {
            throw new IllegalStateException("no host in " + address);
        }
        return new InetSocketAddress(host.group("host"), Integer.parseInt(host.group("port")));
    }

    /** Returns the URL of a store by another address of the server. */
    String at(InetSocketAddress other, String schema) {
        return HOST.matcher(url(schema)).replaceFirst("//127.0.0.1:" + other.getPort() + "/");
    }

    /** Returns a proxy in front of the server. */
    FaultProxy proxy() {
        return new FaultProxy(listensAt().getHostString(), listensAt().getPort());
    }

    /** Returns the URL of a store behind a proxy. */
    String through(FaultProxy proxy, String schema) {
        return at(new InetSocketAddress(proxy.port()), schema);
    }

    /** Opens a backend whose upkeep does nothing of its own accord. */
    static PostgresBackend quiet(String url) {
        PostgresBackend backend = (PostgresBackend) open(url);
        backend.upkeep().close();
        long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(1);
        while (!backend.upkeep().hasEnded()) {
            if (System.nanoTime() - end > 0) {
                throw new IllegalStateException("what upkeep had begun did not end within a minute");
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
        }
        return backend;
    }

    /** Opens a backend without the driver above it, which would repeat what fails. */
    static Backend open(String url) {
        ContextUrl parsed = ContextUrl.parse(url);
        return new PostgresProvider()
                .open(new BackendConfig(parsed.scheme(), parsed.location(), parsed.options(), List.of()));
    }

    /** Returns how many connections of an application the server has. */
    int connections(String application) throws SQLException {
        try (Connection connection = DriverManager.getConnection(jdbcUrl());
                PreparedStatement count = connection.prepareStatement(
                        "SELECT count(*) FROM pg_stat_activity WHERE application_name = ?")) {
            count.setString(1, application);
            try (ResultSet row = count.executeQuery()) {
                row.next();
                return row.getInt(1);
            }
        }
    }

    /** Returns the URL for JDBC. */
    String jdbcUrl() {
        return "jdbc:postgresql:" + address;
    }
}
