package io.contextdb.backend.postgresql;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A primary and its streaming standby, both new and local, which a test may kill and promote. */
final class ServerPair implements AutoCloseable {
    private static final long PATIENCE = Duration.ofSeconds(30).toNanos();

    private final String primaryName;
    private final String standbyName;
    private final TestServer primary;
    private final TestServer standby;

    private ServerPair(String name) {
        primaryName = name + "-primary";
        standbyName = name + "-standby";
        TestServer.drop(primaryName);
        TestServer.drop(standbyName);
        primary = TestServer.start(primaryName);
        assumeTrue(primary.kind().equals("local server"), "only a local server has a standby");
        standby = TestServer.standby(standbyName, primaryName);
    }

    static ServerPair start(String name) {
        return new ServerPair(name);
    }

    /** Returns the URL of a store on both. */
    String url(String schema) {
        return "contextdb:postgresql://127.0.0.1:" + primary.listensAt().getPort() + ",127.0.0.1:"
                + standby.listensAt().getPort() + "/postgres?user=postgres&schema=" + schema;
    }

    TestServer primary() {
        return primary;
    }

    TestServer standby() {
        return standby;
    }

    /** Lets commits wait for the standby, or no longer. */
    void setSynchronous(boolean on) throws SQLException {
        execute(primary, "ALTER SYSTEM SET synchronous_standby_names = '" + (on ? "*" : "") + "'");
        execute(primary, "SELECT pg_reload_conf()");
        await("SELECT current_setting('synchronous_standby_names') = '" + (on ? "*" : "") + "'");
        if (on) {
            await("SELECT count(*) = 1 FROM pg_stat_replication WHERE sync_state = 'sync'");
        }
    }

    /** Waits until the standby has what the primary has. */
    void awaitReplay() throws SQLException {
        await("SELECT count(*) = 1 FROM pg_stat_replication WHERE replay_lsn = pg_current_wal_lsn()");
    }

    /** Kills the primary and all its processes. */
    void killPrimary() throws Exception {
        ProcessHandle server = TestServer.process(primaryName);
        List<ProcessHandle> all = new ArrayList<>(server.descendants().toList());
        all.add(0, server);
        all.forEach(ProcessHandle::destroyForcibly);
    }

    void promoteStandby() throws SQLException {
        execute(standby, "SELECT pg_promote()");
    }

    /** Starts the standby again, with what it has. */
    void startStandby() {
        TestServer.standby(standbyName, primaryName);
    }

    void stopStandby() {
        TestServer.stop(standbyName);
    }

    /** Waits until a question to the primary is answered by true. */
    void await(String question) throws SQLException {
        long end = System.nanoTime() + PATIENCE;
        while (!ask(primary, question)) {
            if (System.nanoTime() > end) {
                throw new AssertionError("never true: " + question);
            }
            pause();
        }
    }

    static void pause() {
        try {
            TimeUnit.MILLISECONDS.sleep(20);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        }
    }

    static void execute(TestServer server, String sql) throws SQLException {
        try (Connection connection = DriverManager.getConnection(server.jdbcUrl());
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    static boolean ask(TestServer server, String question) throws SQLException {
        try (Connection connection = DriverManager.getConnection(server.jdbcUrl());
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(question)) {
            return row.next() && row.getBoolean(1);
        }
    }

    @Override
    public void close() {
        TestServer.drop(primaryName);
        TestServer.drop(standbyName);
    }
}
