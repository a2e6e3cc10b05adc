package io.contextdb.bench;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Servers to measure: those whose addresses are given by {@code -Dcontextdb.test.postgresql}, {@code .redis} and {@code .qdrant},
 * else those that {@code build/servers} starts, which stop once this process has ended.
 */
public final class Servers {
    private static final Pattern ANSWER = Pattern.compile("kind=(?<kind>.+) url=(?:jdbc:)?(?<url>\\S+)");
    private static final int IMPOSSIBLE = 3;

    /**
     * A server.
     *
     * @param store what it is
     * @param kind how it came about
     * @param url its URL, without jdbc: or contextdb:
     */
    public record Server(String store, String kind, String url) {
        /** Returns the same server by way of another address. */
        public String urlBy(InetSocketAddress address) {
            URI own = URI.create(url);
            return url.replace(own.getHost() + ":" + own.getPort(), "127.0.0.1:" + address.getPort());
        }

        /** Returns where it listens. */
        public InetSocketAddress address() {
            URI own = URI.create(url);
            return new InetSocketAddress(own.getHost(), own.getPort());
        }

        String description() {
            return store + ": " + kind;
        }
    }

    /** There is no such server here, and none can be started; the message says why. */
    static final class Unavailable extends Exception {
        private static final long serialVersionUID = 1;

        Unavailable(String message) {
            super(message);
        }
    }

    private Servers() {}

    /** Returns a PostgreSQL with pgvector. */
    public static Server postgresql() throws Exception {
        return find("postgresql", "bench");
    }

    /** Returns a Redis that writes each change to disk before it answers. */
    public static Server redis() throws Exception {
        return find("redis");
    }

    /** Returns a Qdrant. */
    public static Server qdrant() throws Exception {
        return find("qdrant");
    }

    private static Server find(String store, String... name) throws Exception {
        String given = System.getProperty("contextdb.test." + store, "");
        if (!given.isEmpty()) {
            return new Server(store, "external", given.replaceFirst("^jdbc:", ""));
        }
        List<String> command = new ArrayList<>(List.of(
                script(store).toString(),
                "start",
                Long.toString(ProcessHandle.current().pid())));
        command.addAll(List.of(name));
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        String answer = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        if (!process.waitFor(5, TimeUnit.MINUTES)) {
            process.destroyForcibly();
            throw new IllegalStateException("the script for " + store + " did not end within 5 minutes");
        }
        if (process.exitValue() == IMPOSSIBLE) {
            throw new Unavailable("no " + store + " is possible here; the reason is printed above");
        }
        Matcher parts = ANSWER.matcher(answer);
        if (process.exitValue() != 0 || !parts.matches()) {
            throw new IOException(store + " did not start: " + answer);
        }
        return new Server(store, parts.group("kind"), parts.group("url"));
    }

    private static Path script(String store) {
        for (Path folder = Path.of("").toAbsolutePath(); folder != null; folder = folder.getParent()) {
            Path script = folder.resolve("build/servers").resolve(store);
            if (Files.isExecutable(script)) {
                return script;
            }
        }
        throw new IllegalStateException("build/servers/" + store + " is not above the working directory");
    }
}
