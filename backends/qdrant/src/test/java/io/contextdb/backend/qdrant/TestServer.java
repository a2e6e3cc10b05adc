package io.contextdb.backend.qdrant;

import io.contextdb.ContextUrl;
import io.contextdb.spi.Backend;
import io.contextdb.spi.BackendConfig;
import io.contextdb.tck.NetworkStore;
import io.contextdb.tck.ServerKind;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Assumptions;

/**
 * The Qdrant that tests run against: the one whose address is given by {@code -Dcontextdb.test.qdrant} or the variable
 * {@code CONTEXTDB_TEST_QDRANT}, as {@code qdrant://host:port}; else the one that {@code build/servers/qdrant} starts, once, and stops
 * when no process needs it any more. Where neither is possible tests are skipped, with the reason.
 */
final class TestServer {
    private static final Pattern ANSWER = Pattern.compile("kind=(?<kind>.+) url=qdrant:(?<address>//\\S+)");
    private static final Pattern GIVEN = Pattern.compile("qdrant:(?<address>//[^?\\s]+)");
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
                    "contextdb.test.qdrant", System.getenv().getOrDefault("CONTEXTDB_TEST_QDRANT", ""));
            running = given.isEmpty() ? start() : external(given);
            System.out.println("Qdrant for tests: " + running.kind);
        }
        return running;
    }

    private static TestServer external(String url) {
        Matcher given = GIVEN.matcher(url);
        if (!given.matches()) {
            throw new IllegalArgumentException("contextdb.test.qdrant must be qdrant://host:port");
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
                    process.exitValue() != 3, "no Qdrant for tests is possible here; the reason is printed above");
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
            Path script = folder.resolve("build/servers/qdrant");
            if (Files.isExecutable(script)) {
                return script;
            }
        }
        throw new IllegalStateException("build/servers/qdrant is not above the working directory");
    }

    /** Returns a prefix that no other test uses. */
    static String prefix(String purpose) {
        return purpose + "." + Long.toString(System.nanoTime(), 36) + "_";
    }

    /** Returns the URL of a store with collections of a prefix. */
    String url(String prefix) {
        return "contextdb:qdrant:" + address + "?prefix=" + prefix;
    }

    /** Returns where it listens, and the URL of the store at another address. */
    NetworkStore network(String prefix) {
        Matcher host = HOST.matcher(address);
        if (!host.find()) {
            throw new IllegalStateException("no host and port in the address of the server");
        }
        return new NetworkStore(
                new InetSocketAddress(host.group("host"), Integer.parseInt(host.group("port"))),
                elsewhere -> "contextdb:qdrant://" + elsewhere.getHostString() + ":" + elsewhere.getPort() + "?prefix="
                        + prefix);
    }

    /** Returns what kind of server it is. */
    ServerKind kind() {
        return switch (kind) {
            case "engine behind a front" -> ServerKind.ENGINE_BEHIND_FRONT;
            case "container" -> ServerKind.LOCAL;
            default -> ServerKind.REAL;
        };
    }

    /** Opens a backend without the driver above it, which would repeat what fails. */
    static Backend open(String url) {
        ContextUrl parsed = ContextUrl.parse(url);
        return new QdrantProvider()
                .open(new BackendConfig(parsed.scheme(), parsed.location(), parsed.options(), List.of()));
    }
}
