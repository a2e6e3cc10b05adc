package io.contextdb.scaled;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Assumptions;

/**
 * The servers that these tests run against: those whose addresses are given by {@code -Dcontextdb.test.postgresql},
 * {@code .redis} and {@code .qdrant}, else those that {@code build/servers} starts. Where one is not possible tests are skipped,
 * with the reason.
 */
final class Servers {
    private static final Pattern ANSWER = Pattern.compile("kind=(?<kind>.+) url=(?:jdbc:)?(?<url>\\S+)");
    private static final Map<String, Server> RUNNING = new ConcurrentHashMap<>();

    /**
     * A server.
     *
     * @param kind how it came about
     * @param url its URL, without jdbc: or contextdb:
     */
    record Server(String kind, String url) {}

    private Servers() {}

    static Server postgresql() {
        return RUNNING.computeIfAbsent("postgresql", Servers::find);
    }

    static Server redis() {
        return RUNNING.computeIfAbsent("redis", Servers::find);
    }

    static Server qdrant() {
        return RUNNING.computeIfAbsent("qdrant", Servers::find);
    }

    private static Server find(String store) {
        String given = System.getProperty("contextdb.test." + store, "");
        Server server = given.isEmpty()
                ? script(store, "start", Long.toString(ProcessHandle.current().pid()))
                : new Server("external", given.replaceFirst("^jdbc:", ""));
        System.out.println(store + " for tests: " + server.kind());
        return server;
    }

    /** Runs a script of {@code build/servers} that starts a server. */
    static Server script(String store, String... arguments) {
        String answer = run(store, arguments);
        Matcher parts = ANSWER.matcher(answer);
        if (!parts.matches()) {
            throw new IllegalStateException(store + " for tests did not start: " + answer);
        }
        return new Server(parts.group("kind"), parts.group("url"));
    }

    /** Runs a script of {@code build/servers} to its end and returns what it prints. */
    static String run(String store, String... arguments) {
        List<String> command = new ArrayList<>(List.of(script(store).toString()));
        command.addAll(List.of(arguments));
        try {
            Process process = new ProcessBuilder(command)
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            String answer = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
            if (!process.waitFor(5, TimeUnit.MINUTES)) {
                process.destroyForcibly();
                throw new IllegalStateException("the script for " + store + " did not end within 5 minutes");
            }
            Assumptions.assumeTrue(
                    process.exitValue() != 3, "no " + store + " is possible here; the reason is printed above");
            if (process.exitValue() != 0) {
                throw new IllegalStateException("the script for " + store + " failed: " + answer);
            }
            return answer;
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        }
    }

    static Path script(String store) {
        for (Path folder = Path.of("").toAbsolutePath(); folder != null; folder = folder.getParent()) {
            Path script = folder.resolve("build/servers").resolve(store);
            if (Files.isExecutable(script)) {
                return script;
            }
        }
        throw new IllegalStateException("build/servers/" + store + " is not above the working directory");
    }

    /** Returns the URL of the three together, in a schema and under prefixes that no other test uses. */
    static String url(String purpose) {
        return url(purpose, postgresql().url(), redis().url(), qdrant().url());
    }

    static String url(String purpose, String postgresql, String redis, String qdrant) {
        return named(purpose + "_" + Long.toString(System.nanoTime(), 36), postgresql, redis, qdrant);
    }

    /** Returns the URL of the three together, in a schema and under prefixes of a name. */
    static String named(String name, String postgresql, String redis, String qdrant) {
        return "contextdb:scaled:?graph=" + part(postgresql, "schema=" + name) + "&vectors="
                + part(qdrant, "prefix=" + name + "_") + "&keys=" + part(redis, "prefix=" + name) + "&events="
                + part(redis, "prefix=" + name);
    }

    private static String part(String url, String option) {
        return URLEncoder.encode(url + (url.contains("?") ? "&" : "?") + option, StandardCharsets.UTF_8);
    }

    /** Returns the URL of one of the stores that an option of a URL of several names. */
    static String store(String url, String option) {
        Matcher named = Pattern.compile("[?&]" + option + "=([^&]*)").matcher(url);
        if (!named.find()) {
            throw new IllegalArgumentException("no option " + option);
        }
        return "contextdb:" + URLDecoder.decode(named.group(1), StandardCharsets.UTF_8);
    }
}
