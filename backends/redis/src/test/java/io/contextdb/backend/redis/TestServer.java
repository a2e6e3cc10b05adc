package io.contextdb.backend.redis;

import io.contextdb.ContextUrl;
import io.contextdb.spi.Backend;
import io.contextdb.spi.BackendConfig;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Assumptions;

/**
 * The Redis that tests run against: the one whose address is given by {@code -Dcontextdb.test.redis} or the variable
 * {@code CONTEXTDB_TEST_REDIS}, as {@code redis://host:port}; else the one that {@code build/servers/redis} starts, once, and stops
 * when no process needs it any more. Where neither is possible tests are skipped, with the reason.
 */
final class TestServer {
    private static final Pattern ANSWER = Pattern.compile("kind=(?<kind>.+) url=redis:(?<address>//\\S+)");
    private static final Pattern GIVEN = Pattern.compile("redis:(?<address>//[^?\\s]+)");
    private static final Pattern HOST = Pattern.compile("//(?:.*@)?(?<host>[^:/@]+):(?<port>\\d+)");
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
                    "contextdb.test.redis", System.getenv().getOrDefault("CONTEXTDB_TEST_REDIS", ""));
            running = given.isEmpty() ? start() : external(given);
            System.out.println("Redis for tests: " + running.kind);
        }
        return running;
    }

    private static TestServer external(String url) {
        Matcher given = GIVEN.matcher(url);
        if (!given.matches()) {
            throw new IllegalArgumentException("contextdb.test.redis must be redis://host:port");
        }
        return new TestServer("external", given.group("address"));
    }

    private static TestServer start() {
        try {
            Process process = new ProcessBuilder(
                            script().toString(),
                            "start",
                            Long.toString(ProcessHandle.current().pid()))
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            String answer = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
            if (!process.waitFor(5, TimeUnit.MINUTES)) {
                process.destroyForcibly();
                throw new IllegalStateException("the server for tests did not start within 5 minutes");
            }
            Assumptions.assumeTrue(
                    process.exitValue() != 3, "no Redis for tests is possible here; the reason is printed above");
            Matcher parts = ANSWER.matcher(answer);
            if (process.exitValue() != 0 || !parts.matches()) {
                throw new IllegalStateException("the server for tests did not start: " + answer);
            }
            return new TestServer(parts.group("kind"), parts.group("address"));
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        }
    }

    static Path script() {
        for (Path folder = Path.of("").toAbsolutePath(); folder != null; folder = folder.getParent()) {
            Path script = folder.resolve("build/servers/redis");
            if (Files.isExecutable(script)) {
                return script;
            }
        }
        throw new IllegalStateException("build/servers/redis is not above the working directory");
    }

    /** Returns a prefix that no other test uses. */
    static String prefix(String purpose) {
        return purpose + "." + Long.toString(System.nanoTime(), 36) + ":";
    }

    /** Returns the URL of a store with keys of a prefix. */
    String url(String prefix) {
        return "contextdb:redis:" + address + "?prefix=" + prefix;
    }

    /** Returns a proxy in front of the server. */
    FaultProxy proxy() {
        Matcher host = HOST.matcher(address);
        if (!host.find()) {
            throw new IllegalStateException("no host and port in the address of the server");
        }
        return new FaultProxy(host.group("host"), Integer.parseInt(host.group("port")));
    }

    /** Returns the URL of a store behind a proxy. */
    String through(FaultProxy proxy, String prefix) {
        Matcher host = HOST.matcher(url(prefix));
        if (!host.find()) {
            throw new IllegalStateException("no host and port in the address of the server");
        }
        return new StringBuilder(url(prefix))
                .replace(host.start("host"), host.end("port"), "127.0.0.1:" + proxy.port())
                .toString();
    }

    /** Opens a backend without the driver above it, which would repeat what fails. */
    static Backend open(String url) {
        ContextUrl parsed = ContextUrl.parse(url);
        return new RedisProvider()
                .open(new BackendConfig(parsed.scheme(), parsed.location(), parsed.options(), List.of()));
    }
}
