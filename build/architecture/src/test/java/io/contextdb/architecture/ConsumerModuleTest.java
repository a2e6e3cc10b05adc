package io.contextdb.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An application that is a named module compiles and runs against the driver, without Micrometer and with it, and learns its version. */
class ConsumerModuleTest {
    private static final List<String> NEEDED = List.of(
            "io.contextdb.ContextDataSource",
            "io.contextdb.spi.Backend",
            "io.contextdb.json.PropertyJson",
            "io.contextdb.backend.memory.MemoryBackendProvider",
            "com.fasterxml.jackson.core.JsonFactory",
            "org.jspecify.annotations.Nullable",
            "org.pcollections.PMap",
            "org.slf4j.Logger");
    private static final List<String> MICROMETER =
            List.of("io.micrometer.observation.ObservationRegistry", "io.micrometer.common.KeyValue");

    private static final String PLAIN = """
            package app;

            import io.contextdb.ContextConnection;
            import io.contextdb.ContextDataSource;
            import io.contextdb.spi.value.Bytes;

            public final class Main {
                public static void main(String[] arguments) {
                    try (ContextDataSource source = ContextDataSource.builder("contextdb:memory:").build();
                            ContextConnection connection = source.getConnection()) {
                        connection.namespace("n").keys().put("k", Bytes.utf8("v"));
                        System.out.println("version " + connection.info().driverVersion() + " of "
                                + ContextConnection.class.getModule().getName());
                    }
                }
            }
            """;

    private static final String OBSERVED = PLAIN.replace(
                    ".builder(\"contextdb:memory:\")",
                    ".builder(\"contextdb:memory:\").observations(ObservationRegistry.create())")
            .replace(
                    "import io.contextdb.spi.value.Bytes;",
                    "import io.contextdb.spi.value.Bytes;\nimport io.micrometer.observation.ObservationRegistry;");

    @TempDir
    private Path directory;

    @Test
    void withoutMicrometer() throws IOException, InterruptedException {
        String path = path(NEEDED);
        compile(path, "module app { requires io.contextdb.driver; }", PLAIN);
        assertThat(run(path)).matches("version \\d+\\.\\d+\\.\\d+\\S* of io.contextdb.driver");
    }

    @Test
    void withMicrometer() throws IOException, InterruptedException {
        String path = path(Stream.concat(NEEDED.stream(), MICROMETER.stream()).toList());
        compile(path, "module app { requires io.contextdb.driver; requires micrometer.observation; }", OBSERVED);
        assertThat(run(path)).matches("version \\d+\\.\\d+\\.\\d+\\S* of io.contextdb.driver");
    }

    @Test
    void onTheClassPathTheVersionIsTheSame() throws IOException, InterruptedException {
        String path = path(NEEDED);
        compile(path, "module app { requires io.contextdb.driver; }", PLAIN);
        assertThat(start(List.of("-cp", path + File.pathSeparator + directory, "app.Main")))
                .matches("version \\d+\\.\\d+\\.\\d+\\S* of null");
    }

    /** The jars, or the folders of classes, that hold these classes. */
    private static String path(List<String> classes) {
        return classes.stream()
                .map(ConsumerModuleTest::place)
                .distinct()
                .collect(Collectors.joining(File.pathSeparator));
    }

    private static String place(String name) {
        try {
            return Path.of(Class.forName(name)
                            .getProtectionDomain()
                            .getCodeSource()
                            .getLocation()
                            .toURI())
                    .toString();
        } catch (ReflectiveOperationException | java.net.URISyntaxException absent) {
            throw new IllegalStateException(absent);
        }
    }

    private void compile(String path, String module, String main) throws IOException {
        Path sources = Files.createDirectories(directory.resolve("src/app"));
        Files.writeString(sources.resolveSibling("module-info.java"), module);
        Files.writeString(sources.resolve("Main.java"), main);
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        StringWriter said = new StringWriter();
        try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, StandardCharsets.UTF_8)) {
            boolean compiled = compiler.getTask(
                            said,
                            files,
                            null,
                            List.of("-d", directory.toString(), "--module-path", path, "-proc:none"),
                            null,
                            files.getJavaFileObjects(
                                    sources.resolveSibling("module-info.java"), sources.resolve("Main.java")))
                    .call();
            assertThat(compiled).as(said.toString()).isTrue();
        }
    }

    private String run(String path) throws IOException, InterruptedException {
        return start(List.of("--module-path", path + File.pathSeparator + directory, "-m", "app/app.Main"));
    }

    private static String start(List<String> arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString()));
        command.addAll(arguments);
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
        assertThat(process.exitValue()).as(said).isZero();
        return said.lines()
                .filter(line -> line.startsWith("version "))
                .findFirst()
                .orElseThrow(() -> new AssertionError(said));
    }
}
