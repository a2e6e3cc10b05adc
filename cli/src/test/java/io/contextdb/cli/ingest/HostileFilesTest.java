package io.contextdb.cli.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import io.contextdb.cli.CommandRun;
import io.contextdb.cli.ExitCode;
import io.contextdb.spi.value.PropertyMap;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Files that are no files, or are hard to read, among others. */
class HostileFilesTest {
    @TempDir
    Path folder;

    private final CommandRun command = new CommandRun();

    @AfterEach
    void close() {
        command.close();
    }

    private static void makePipe(Path pipe) throws IOException, InterruptedException {
        assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor())
                .isZero();
    }

    @Test
    @Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void linesOfMarksAndBlanksAreReadLikeOthers() throws IOException {
        Files.writeString(folder.resolve("a.md"), "before\n\n" + "*".repeat(100_000) + "\n\n" + "_ ".repeat(100_000));
        Files.writeString(folder.resolve("b.md"), "- ".repeat(5_000) + "\n\nafter");
        Files.writeString(folder.resolve("c.md"), "# title" + " ".repeat(100_000) + "x\n\ntext");

        CommandRun.Result result = command.run("--json", "ingest", folder.toString());

        assertThat(result.code()).isEqualTo(ExitCode.OK);
        assertThat(result.json().integer("added")).hasValue(3L);
    }

    @Test
    @EnabledOnOs({OS.LINUX, OS.MAC})
    @Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void aPipeInAFolderIsRefusedByName() throws IOException, InterruptedException {
        makePipe(folder.resolve("pipe.md"));
        Files.writeString(folder.resolve("z.md"), "text");

        CommandRun.Result result = command.run("--json", "ingest", folder.toString());

        assertThat(result.code()).isEqualTo(ExitCode.ERROR);
        assertThat(result.json().integer("added")).hasValue(1L);
        List<PropertyMap> problems = result.list("problems");
        assertThat(problems).hasSize(1);
        assertThat(problems.get(0).string("file").orElse("")).endsWith("pipe.md");
        assertThat(problems.get(0).string("reason").orElse("")).contains("pipe");
    }

    @Test
    @EnabledOnOs({OS.LINUX, OS.MAC})
    @Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void aPipeThatIsNamedIsReadToItsEnd() throws IOException, InterruptedException {
        Path pipe = folder.resolve("pipe.md");
        makePipe(pipe);
        for (String text : List.of("# Title\n\nbadgers dig", "# Title\n\notters swim")) {
            CompletableFuture<Void> writer = CompletableFuture.runAsync(() -> {
                try {
                    Files.write(pipe, text.getBytes(StandardCharsets.UTF_8));
                } catch (IOException failed) {
                    throw new IllegalStateException(failed);
                }
            });
            CommandRun.Result result = command.run("--json", "ingest", pipe.toString());
            writer.orTimeout(20, TimeUnit.SECONDS).join();
            assertThat(result.code()).as(result.err()).isEqualTo(ExitCode.OK);
            assertThat(result.json().integer("chunks")).hasValue(1L);
        }
        assertThat(command.run("ask", "otters swim").out())
                .contains("otters swim")
                .doesNotContain("badgers");
    }
}
