package io.contextdb.scaled;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.BiFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/** A server of a test's own, that the test may kill, stop for a while, and start again on the same files. */
final class OwnServer implements AutoCloseable {
    private static final Duration START = Duration.ofSeconds(60);

    private final String store;
    private final int port;
    private final Path directory;
    private final List<String> arguments;
    private Process process;

    private OwnServer(String store, BiFunction<Integer, Path, List<String>> settings) {
        this.store = store;
        this.port = freePort();
        try {
            this.directory = Files.createTempDirectory("contextdb-" + store);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
        this.arguments = new ArrayList<>(List.of(Servers.script(store).toString(), "run"));
        this.arguments.addAll(settings.apply(port, directory));
        start();
    }

    /** Starts a Redis with settings that a careful installation has: what it wrote last may be lost. */
    static OwnServer redis() {
        return redis("everysec");
    }

    /** Starts a Redis that writes to disk as often as its {@code appendfsync} says. */
    static OwnServer redis(String appendfsync) {
        return new OwnServer(
                "redis",
                (port, directory) -> List.of(
                        "--port",
                        Integer.toString(port),
                        "--bind",
                        "127.0.0.1",
                        "--dir",
                        directory.toString(),
                        "--appendonly",
                        "yes",
                        "--appendfsync",
                        appendfsync,
                        "--auto-aof-rewrite-percentage",
                        "0",
                        "--maxmemory-policy",
                        "noeviction",
                        "--save",
                        ""));
    }

    /** Starts a front over Qdrant's engine. */
    static OwnServer qdrant() {
        return new OwnServer(
                "qdrant",
                (port, directory) -> List.of(
                        "--port",
                        Integer.toString(port),
                        "--data",
                        directory.resolve("data").toString()));
    }

    /** Returns a port that is free, below those that the system gives to clients. */
    private static int freePort() {
        for (int i = 0; i < 100; i++) {
            int port = ThreadLocalRandom.current().nextInt(12_000, 20_000);
            try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
                return socket.getLocalPort();
            } catch (IOException taken) {
                continue;
            }
        }
        throw new IllegalStateException("no free port");
    }

    /** Starts it, and waits until it listens. */
    void start() {
        try {
            process = new ProcessBuilder(arguments)
                    .redirectErrorStream(true)
                    .redirectOutput(directory.resolve("output").toFile())
                    .start();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
        Eventually.become(store + " listens", START, () -> {
            Assumptions.assumeTrue(
                    process.isAlive() || process.exitValue() != 3, "no " + store + " of one's own is possible here");
            if (!process.isAlive()) {
                throw new IllegalStateException(store + " did not start: " + output());
            }
            return listening();
        });
    }

    private boolean listening() {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
        } catch (IOException refused) {
            return false;
        }
    }

    private String output() {
        try {
            return Files.readString(directory.resolve("output"));
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /** Kills the process as a crash would. */
    void kill() {
        process.destroyForcibly();
        process.onExit().join();
    }

    /** Makes it stand still: connections stay, and nothing is answered. */
    void stall() {
        signal("STOP");
    }

    /** Lets it go on after {@link #stall}. */
    void resume() {
        signal("CONT");
    }

    private void signal(String name) {
        Signals.send(name, List.of(process.toHandle()));
    }

    /** Returns where its files are. */
    Path directory() {
        return directory;
    }

    /** Removes all that it stored, while it is down. */
    void empty() {
        stored().forEach(OwnServer::remove);
    }

    private List<Path> stored() {
        return Stream.of("data", "appendonlydir")
                .map(directory::resolve)
                .filter(Files::exists)
                .toList();
    }

    /** Keeps a copy of all that it stored, while it is down, in place of an earlier one. */
    void backUp() {
        Path backup = directory.resolve("backup");
        if (Files.exists(backup)) {
            remove(backup);
        }
        stored().forEach(folder -> copy(folder, backup.resolve(folder.getFileName())));
    }

    /** Stores again what it had when it was backed up, and nothing else, while it is down. */
    void restore() {
        List<Path> stored = stored();
        empty();
        stored.forEach(folder -> copy(directory.resolve("backup").resolve(folder.getFileName()), folder));
    }

    private static void copy(Path from, Path to) {
        try (Stream<Path> files = Files.walk(from)) {
            Files.createDirectories(to.getParent());
            for (Path file : (Iterable<Path>) files::iterator) {
                Files.copy(file, to.resolve(from.relativize(file).toString()));
            }
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /** Returns its URL, without {@code contextdb:}. */
    String url() {
        return store + "://127.0.0.1:" + port;
    }

    private static void remove(Path root) {
        try (Stream<Path> files = Files.walk(root)) {
            files.sorted(Comparator.reverseOrder())
                    .forEach(file -> file.toFile().delete());
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    @Override
    public void close() {
        kill();
        remove(directory);
    }
}
