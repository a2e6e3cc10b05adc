package io.contextdb.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A mistyped URL names no store: who reads from it is told so, and does not get an empty store that finds nothing. */
class AbsentStoreTest {
    private static final String ID = "0198c0de-0000-7000-8000-000000000001";

    @TempDir
    Path folder;

    private final CommandRun command = new CommandRun();

    @AfterEach
    void close() {
        command.close();
    }

    private CommandRun.Result run(Path store, String... arguments) {
        List<String> all = new ArrayList<>(List.of("--url", "contextdb:embedded:" + store));
        all.addAll(List.of(arguments));
        return command.bare("", all.toArray(String[]::new));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ask sea",
                "get " + ID,
                "stats",
                "walk " + ID,
                "history " + ID,
                "why " + ID + " " + ID,
                "tail --no-follow",
                "verify",
                "verify --erased " + ID,
                "doctor",
                "repair",
                "forget a.md",
            })
    void isSaidAndNotMade(String line) {
        Path absent = folder.resolve("absent");

        CommandRun.Result result = run(absent, line.split(" "));

        assertThat(result.code()).isEqualTo(ExitCode.NOTHING_FOUND);
        assertThat(result.err()).contains("there is none in " + absent).hasLineCount(1);
        assertThat(absent).doesNotExist();
    }

    @Test
    void isMadeByAnIngestAndReadThen() throws IOException {
        Path store = folder.resolve("store");
        Path texts = Files.createDirectory(folder.resolve("texts"));
        Files.writeString(texts.resolve("sea.md"), "The sea is deep.");

        assertThat(run(store, "ingest", texts.toString()).code()).isEqualTo(ExitCode.OK);
        assertThat(run(store, "ask", "sea").out()).contains("The sea is deep.");
    }

    @Test
    void theOptionIsListed() {
        assertThat(command.run("help", "options", "embedded").out()).contains("create");
    }
}
