package io.contextdb.scaled;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/** A PostgreSQL of a test's own, that the test may kill and start again on the same files. */
final class OwnPostgresql implements AutoCloseable {
    private static final String STORE = "postgresql";

    private final String name;
    private String url;

    /** Starts the server of a name. */
    OwnPostgresql(String name) {
        this.name = name;
        start();
    }

    /** Starts it; only a local server has processes that can be killed. */
    void start() {
        Servers.Server server = Servers.script(
                STORE, "start", Long.toString(ProcessHandle.current().pid()), name);
        Assumptions.assumeTrue(server.kind().equals("local server"), "only a local server can be killed");
        if (url != null && !url.equals(server.url())) {
            throw new IllegalStateException("the server came back elsewhere: " + server.url() + ", not " + url);
        }
        url = server.url();
    }

    /** Kills all its processes as a crash of the machine would, but for what the kernel holds. */
    void kill() {
        List<ProcessHandle> processes = processes();
        processes.forEach(ProcessHandle::destroyForcibly);
        Eventually.become(
                "all processes of PostgreSQL are gone",
                Duration.ofSeconds(20),
                () -> processes.stream().allMatch(OwnPostgresql::isGone));
    }

    private List<ProcessHandle> processes() {
        ProcessHandle server = ProcessHandle.of(Long.parseLong(Servers.run(STORE, "pid", name)))
                .orElseThrow();
        return Stream.concat(Stream.of(server), server.descendants()).toList();
    }

    /** Makes it stand still: connections stay, and nothing is answered. */
    void stall() {
        Signals.send("STOP", processes());
    }

    /** Lets it go on after {@link #stall}. */
    void resume() {
        Signals.send("CONT", processes());
    }

    /** A killed process whose parent does not ask for it stays in the list, and holds nothing any more. */
    private static boolean isGone(ProcessHandle process) {
        try {
            String status = Files.readString(Path.of("/proc/" + process.pid() + "/stat"));
            return status.startsWith("Z", status.lastIndexOf(')') + 2);
        } catch (IOException gone) {
            return true;
        }
    }

    /** Returns its URL, without {@code contextdb:}. */
    String url() {
        return url;
    }

    @Override
    public void close() {
        Servers.run(STORE, "drop", name);
    }
}
