package io.contextdb.cli.tck;

import static org.assertj.core.api.Assertions.assertThat;

import io.contextdb.ContextDriverManager;
import io.contextdb.cli.CommandRun;
import io.contextdb.cli.ExitCode;
import io.contextdb.spi.Backend;
import io.contextdb.spi.BackendConfig;
import io.contextdb.spi.BackendProvider;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The kit from the command line: its exit codes and where its report is. */
class TckCommandTest {
    @Test
    void aStoreThatConforms(@TempDir Path folder) {
        try (CommandRun command = new CommandRun()) {
            CommandRun.Result result = command.bare(
                    "", "tck", "contextdb:memory:", "--report", folder.toString(), "--operations", "600", "--json");

            assertThat(result.code()).as(result.err()).isEqualTo(ExitCode.OK);
            assertThat(result.json().map("tests").orElseThrow().integer("failed"))
                    .contains(0L);
            assertThat(folder.resolve("kit.md")).content().contains("**failed**: 0 statements");
        }
    }

    @Test
    void aStoreThatDoesNotConform(@TempDir Path folder) {
        ContextDriverManager.register(new Forgetful("forgetful", "Loses keys."));
        try (CommandRun command = new CommandRun()) {
            CommandRun.Result result = command.bare(
                    "", "tck", "contextdb:forgetful:", "--report", folder.toString(), "--operations", "600");

            assertThat(result.code()).isEqualTo(ExitCode.NOT_CONFORMING);
            assertThat(result.err()).contains("failed: Keys.");
            assertThat(folder.resolve("kit-badge.json")).content().contains("red");
        }
    }

    /** Opens memory backends that find no key. */
    private record Forgetful(String scheme, String description) implements BackendProvider {
        @Override
        public Backend open(BackendConfig config) {
            Backend memory = ContextDriverManager.providers().stream()
                    .filter(provider -> provider.scheme().equals("memory"))
                    .findFirst()
                    .orElseThrow()
                    .open(new BackendConfig("memory", "", Map.of(), List.of()));
            return (Backend) Proxy.newProxyInstance(
                    Backend.class.getClassLoader(), new Class<?>[] {Backend.class}, (self, method, arguments) -> {
                        if (method.getName().equals("keys")) {
                            throw new IllegalStateException("lost");
                        }
                        try {
                            return method.invoke(memory, arguments);
                        } catch (InvocationTargetException thrown) {
                            throw thrown.getCause();
                        }
                    });
        }
    }

    @Test
    void aStoreThatIsNotThere(@TempDir Path folder) throws IOException {
        Path file = Files.createFile(folder.resolve("file"));
        try (CommandRun command = new CommandRun()) {
            assertThat(command.bare("", "tck", "contextdb:nowhere:").code()).isEqualTo(ExitCode.USAGE);
            assertThat(command.bare("", "tck", "contextdb:embedded:" + file).code())
                    .isNotIn(ExitCode.OK, ExitCode.NOT_CONFORMING);
            assertThat(command.bare("", "tck").code()).isEqualTo(ExitCode.USAGE);
        }
    }
}
