package io.contextdb.backend.qdrant;

import io.contextdb.spi.Backend;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;

/** A front over Qdrant's engine of a test's own, that the test may kill and start again on the same files. */
final class OwnServer implements AutoCloseable {
    private static final Duration START = Duration.ofSeconds(60);

    private final Path directory;
    private final int port;
    private final List<String> arguments;
    private Process process;

    /** Starts it with arguments of its own. */
    OwnServer(String... further) {
        port = freePort();
        try {
            directory = Files.createTempDirectory("contextdb-qdrant");
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
        arguments = new ArrayList<>(List.of(
                TestServer.script().toString(),
                "run",
                "--port",
                Integer.toString(port),
                "--data",
                directory.resolve("data").toString()));
        arguments.addAll(List.of(further));
        start();
    }

    /** Returns a port that is free, below those that the system gives to clients. */
    static int freePort() {
        for (int i = 0; i < 100; i++) {
            int port = ThreadLocalRandom.current().nextInt(12_000, 22_000);
            try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
                return socket.getLocalPort();
            } catch (IOException taken) {
                continue;
            }
        }
        throw new IllegalStateException("no free port");
    }

    void start() {
        try {
            process = new ProcessBuilder(arguments)
                    .redirectErrorStream(true)
                    .redirectOutput(directory.resolve("output").toFile())
                    .start();
            long end = System.nanoTime() + START.toNanos();
            while (!listening()) {
                Assumptions.assumeTrue(
                        process.isAlive() || process.exitValue() != 3, "no Qdrant of one's own is possible here");
                if (!process.isAlive() || System.nanoTime() - end > 0) {
                    throw new IllegalStateException(
                            "a front did not start: " + Files.readString(directory.resolve("output")));
                }
                TimeUnit.MILLISECONDS.sleep(20);
            }
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        }
    }

    private boolean listening() {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
        } catch (IOException refused) {
            return false;
        }
    }

    /** Kills the process as a crash would. */
    void kill() {
        process.destroyForcibly();
        process.onExit().join();
    }

    InetSocketAddress address() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    }

    int port() {
        return port;
    }

    /** Returns the URL of a store in it. */
    String url(String options) {
        return "contextdb:qdrant://127.0.0.1:" + port + (options.isEmpty() ? "" : "?" + options);
    }

    /** Opens a backend without the driver above it, which would repeat what fails. */
    Backend open() {
        return TestServer.open(url(""));
    }

    @Override
    public void close() {
        kill();
        try (var files = Files.walk(directory)) {
            files.sorted(Comparator.reverseOrder())
                    .forEach(file -> file.toFile().delete());
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }
}
