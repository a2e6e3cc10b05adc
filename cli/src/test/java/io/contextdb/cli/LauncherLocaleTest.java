package io.contextdb.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.contextdb.json.PropertyJson;
import io.contextdb.spi.value.PropertyMap;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Names of files and words of questions in locales that know ASCII only, as cron, containers and remote shells have them. A shell
 * makes the names, by their bytes: the encoding of this process may not carry them either.
 */
@EnabledOnOs({OS.LINUX, OS.MAC})
class LauncherLocaleTest {
    private static final String A = "$(printf '\\303\\244')";
    private static final String O = "$(printf '\\303\\266')";

    @TempDir
    Path folder;

    @BeforeEach
    void install() throws IOException {
        Files.copy(Path.of("..", "contextdb"), folder.resolve("contextdb"));
        assertThat(folder.resolve("contextdb").toFile().setExecutable(true)).isTrue();
        Path jar = Files.createDirectories(folder.resolve("cli/target")).resolve("contextdb-cli-test.jar");
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        manifest.getMainAttributes()
                .put(
                        Attributes.Name.CLASS_PATH,
                        Stream.of(System.getProperty("java.class.path").split(System.getProperty("path.separator")))
                                .map(entry -> Path.of(entry).toUri().toString())
                                .collect(Collectors.joining(" ")));
        try (OutputStream out = Files.newOutputStream(jar)) {
            new JarOutputStream(out, manifest).close();
        }
    }

    private record Ended(int code, String out, String err) {}

    /** Runs a line of the shell with a locale; {@code contextdb} is the launcher. */
    private Ended shell(String locale, String line) throws IOException, InterruptedException {
        Path out = folder.resolve("out");
        Path err = folder.resolve("err");
        ProcessBuilder builder = new ProcessBuilder("sh", "-c", line)
                .directory(folder.toFile())
                .redirectOutput(out.toFile())
                .redirectError(err.toFile());
        Map<String, String> environment = builder.environment();
        environment.keySet().removeIf(name -> name.startsWith("LC_") || name.equals("LANG"));
        if (!locale.isEmpty()) {
            environment.put("LC_ALL", locale);
        }
        environment.put("CONTEXTDB_BUILD", "never");
        environment.put("CONTEXTDB_URL", "contextdb:embedded:" + folder.resolve("store"));
        environment.put("JAVA_HOME", System.getProperty("java.home"));
        Process process = builder.start();
        assertThat(process.waitFor(2, TimeUnit.MINUTES)).as(line).isTrue();
        return new Ended(
                process.exitValue(),
                Files.readString(out, StandardCharsets.UTF_8),
                Files.readString(err, StandardCharsets.UTF_8));
    }

    private PropertyMap json(String locale, String line) throws IOException, InterruptedException {
        Ended ended = shell(locale, line);
        assertThat(ended.code()).as("%s%n%s", ended.out(), ended.err()).isZero();
        return PropertyJson.read(ended.out().strip());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "C", "POSIX", "xx_YY.UTF-8"})
    @Timeout(300)
    void namesAndQuestionsArriveAsTheyAre(String locale) throws IOException, InterruptedException {
        shell(
                "C",
                "mkdir texts && printf 'Der L\\303\\266we schl\\303\\244ft.' > texts/" + A + ".txt"
                        + " && printf 'Der Dachs gr\\303\\244bt.' > texts/" + O + ".txt");

        String ingest = "./contextdb --embedder none --json ingest texts";
        assertThat(json(locale, ingest).integer("added")).hasValue(2L);
        assertThat(json(locale, ingest).integer("unchanged")).hasValue(2L);
        Ended found = shell(locale, "./contextdb --embedder none --json ask \"L" + O + "we\"");
        assertThat(found.code()).as(found.err()).isZero();
        assertThat(found.out()).contains("Der Löwe schläft.", "ä.txt").doesNotContain("ö.txt");
        assertThat(json(locale, "./contextdb --embedder none --json ingest texts/" + O + ".txt")
                        .integer("unchanged"))
                .hasValue(1L);
    }

    @Test
    @Timeout(120)
    void namesThatNoTextCarriesAreRefusedAndNotMerged() throws IOException, InterruptedException {
        shell(
                "C",
                "mkdir texts && printf one > texts/$(printf '\\344').txt && printf two > texts/$(printf '\\366').txt"
                        + " && printf three > texts/plain.txt");

        Ended ended = shell("C", "./contextdb --embedder none --json ingest texts");

        assertThat(ended.code()).isEqualTo(ExitCode.ERROR);
        PropertyMap summary = PropertyJson.read(ended.out().strip());
        assertThat(summary.integer("added")).hasValue(1L);
        List<Object> problems = new ArrayList<>((List<?>) summary.get("problems"));
        assertThat(problems).hasSize(2).allMatch(problem -> problem.toString().contains("locale"));
    }
}
