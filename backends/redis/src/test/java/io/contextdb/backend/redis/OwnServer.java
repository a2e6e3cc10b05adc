package io.contextdb.backend.redis;

import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisConnectionException;
import io.lettuce.core.RedisURI;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.sync.RedisCommands;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/** A Redis of a test's own, with settings of its own, that the test may kill and start again on the same files. */
final class OwnServer implements AutoCloseable {
    private static final Duration START = Duration.ofSeconds(30);

    private final Path directory;
    private final int port;
    private final List<String> arguments;
    private Process process;

    /** Starts a server with settings as on the command line. */
    OwnServer(String... settings) {
        this(freePort(), "--port", settings);
    }

    private OwnServer(int port, String portSetting, String... settings) {
        this(
                port,
                directory -> Stream.of(
                                Stream.of("--port", "0", portSetting, Integer.toString(port)),
                                Stream.of(settings),
                                Stream.of("--bind", "127.0.0.1", "--dir", directory.toString(), "--save", ""))
                        .flatMap(Function.identity())
                        .toList());
    }

    private OwnServer(int port, Function<Path, List<String>> arguments) {
        this.port = port;
        try {
            directory = Files.createTempDirectory("contextdb-redis");
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
        this.arguments = arguments.apply(directory);
        start();
    }

    /** Starts a server that listens for TLS only on its port. */
    static OwnServer secured(String... settings) {
        return new OwnServer(freePort(), "--tls-port", settings);
    }

    /** Starts a sentinel, which is told its settings by a file and writes to it. */
    static OwnServer sentinel(Function<Integer, String> configuration) {
        int port = freePort();
        return new OwnServer(port, directory -> {
            Path file = directory.resolve("sentinel.conf");
            try {
                Files.writeString(file, configuration.apply(port));
            } catch (IOException failed) {
                throw new UncheckedIOException(failed);
            }
            return List.of(file.toString(), "--sentinel");
        });
    }

    /** Returns a port that is free, below those that the system gives to clients, and so is its cluster bus port. */
    static int freePort() {
        for (int i = 0; i < 100; i++) {
            int port = ThreadLocalRandom.current().nextInt(12_000, 22_000);
            try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress());
                    ServerSocket bus = new ServerSocket(port + 10_000, 1, InetAddress.getLoopbackAddress())) {
                return Math.min(socket.getLocalPort(), bus.getLocalPort());
            } catch (IOException taken) {
                continue;
            }
        }
        throw new IllegalStateException("no free port");
    }

    void start() {
        List<String> command = new ArrayList<>(List.of(TestServer.script().toString(), "run"));
        command.addAll(arguments);
        try {
            process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(directory.resolve("output").toFile())
                    .start();
            long end = System.nanoTime() + START.toNanos();
            while (!listening()) {
                Assumptions.assumeTrue(
                        process.isAlive() || process.exitValue() != 3, "no Redis of one's own is possible here");
                if (!process.isAlive() || System.nanoTime() - end > 0) {
                    throw new IllegalStateException("a Redis did not start: " + output());
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
        try (java.net.Socket socket = new java.net.Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
        } catch (IOException refused) {
            return false;
        }
    }

    private String output() throws IOException {
        return Files.readString(directory.resolve("output"));
    }

    /** Kills the process as a crash would. */
    void kill() {
        process.destroyForcibly();
        process.onExit().join();
    }

    /** Waits until it has read its files. */
    void awaitLoaded() {
        raw(redis -> {
            while (redis.info("persistence").contains("loading:1")) {
                Thread.onSpinWait();
            }
            return true;
        });
    }

    /** Returns how long the file is that it appends to. */
    long logLength() {
        return log().toFile().length();
    }

    /** Cuts off the end of the file that it appends to, while it is down. */
    void cutLog(long length) {
        try (FileChannel channel = FileChannel.open(log(), StandardOpenOption.WRITE)) {
            channel.truncate(length);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /** Redis 7 and newer; a rewrite begins a file with the next number. */
    private Path log() {
        try (Stream<Path> files = Files.list(directory.resolve("appendonlydir"))) {
            return files.filter(file -> file.toString().endsWith(".incr.aof"))
                    .max(Comparator.comparingInt(file ->
                            Integer.parseInt(file.getFileName().toString().split("\\.")[2])))
                    .orElseThrow(() -> new IllegalStateException("no append-only file in " + directory));
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    int port() {
        return port;
    }

    /** Returns the URL of a store in it. */
    String url(String options) {
        return "contextdb:redis://127.0.0.1:" + port + (options.isEmpty() ? "" : "?" + options);
    }

    /** Does something on a raw connection. */
    <T> T raw(Function<RedisCommands<String, String>, T> work) {
        RedisClient client = RedisClient.create(
                RedisURI.builder().withHost("127.0.0.1").withPort(port).build());
        long end = System.nanoTime() + START.toNanos();
        try {
            while (true) {
                try (StatefulRedisConnection<String, String> connection = client.connect()) {
                    return work.apply(connection.sync());
                } catch (RedisConnectionException early) {
                    if (System.nanoTime() - end > 0) {
                        throw early;
                    }
                }
            }
        } finally {
            client.shutdown(0, 2, TimeUnit.SECONDS);
        }
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
