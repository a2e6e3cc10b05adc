package io.contextdb.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.contextdb.json.PropertyJson;
import io.contextdb.spi.error.AccessDeniedException;
import io.contextdb.spi.value.PropertyMap;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CommandLineTest {
    @TempDir
    Path folder;

    private final CommandRun command = new CommandRun();

    @BeforeEach
    void ingest() throws IOException {
        Files.writeString(
                folder.resolve("guide.md"), "# Guide\nThe sky is blue.\n## Sea\nThe sea is deep and green.\n");
        command.run("ingest", folder.toString());
    }

    @AfterEach
    void close() {
        command.close();
    }

    @Test
    void anAnswerSaysItsSourceHeadingsAndScore() {
        CommandRun.Result result = command.run("ask", "--json", "how deep is the sea?");

        assertThat(result.code()).isEqualTo(ExitCode.OK);
        PropertyMap best = result.list("answers").get(0);
        assertThat(best.string("text")).contains("The sea is deep and green.");
        assertThat(best.get("headings")).isEqualTo(List.of("Guide", "Sea"));
        assertThat(best.string("source").orElseThrow()).endsWith("guide.md");
        PropertyMap parts = best.map("parts").orElseThrow();
        double sum = List.of("similarity", "confidence", "recency", "utility").stream()
                .mapToDouble(part -> parts.number(part).orElseThrow())
                .sum();
        assertThat(sum).isCloseTo(best.number("score").orElseThrow(), org.assertj.core.data.Offset.offset(1e-9));
    }

    @Test
    void whatAnswersIsAStatementNeverAPlace() {
        assertThat(command.run("ask", "--json", "-k", "50", "guide sea sky").list("answers"))
                .hasSize(2);
    }

    @Test
    void commandsThatShowThingsHaveValidJson() {
        PropertyMap best = command.run("ask", "--json", "sea").list("answers").get(0);
        PropertyMap other = command.run("ask", "--json", "sky").list("answers").get(0);
        String id = best.string("id").orElseThrow();

        assertThat(command.run("get", "--json", id).json().string("id")).contains(id);
        assertThat(command.run("history", "--json", id).list("versions")).hasSize(1);
        assertThat(command.run("walk", "--json", "--direction", "both", id).list("steps"))
                .hasSizeGreaterThan(2);
        assertThat(command.run("why", "--json", id, other.string("id").orElseThrow())
                        .list("path"))
                .isNotEmpty();
        assertThat(command.run("stats", "--json").json().integer("ingestedFiles"))
                .contains(1L);
        assertThat(command.run("doctor", "--json").json().string("health")).contains("UP");
        assertThat(command.run("help", "options", "embedded", "--json").json().string("scheme"))
                .contains("embedded");
        CommandRun.Result events = command.run("tail", "--json", "--no-follow");
        assertThat(events.out().lines().map(PropertyJson::read))
                .extracting(event -> event.string("type").orElseThrow())
                .contains("memory.written", "document.ingested");
    }

    @Test
    void theSameCommandsPrintForPeople() {
        String id = command.run("ask", "--json", "sea")
                .list("answers")
                .get(0)
                .string("id")
                .orElseThrow();

        assertThat(command.run("ask", "sea").out()).contains("guide.md", "Guide > Sea", "similarity", id);
        assertThat(command.run("get", id).out()).contains("deep and green", "← contains");
        assertThat(command.run("history", id).out()).contains("version");
        assertThat(command.run("walk", "--direction", "incoming", id).out()).contains("heading");
        assertThat(command.run("why", id, id).out()).contains("same source");
        assertThat(command.run("stats").out()).contains("ingestedFiles");
        assertThat(command.run("doctor").out()).contains("vectorModule");
        assertThat(command.run("tail", "--no-follow", "--limit", "1").out().lines())
                .hasSize(1);
        assertThat(command.run("help", "ask").out()).contains("--where");
        assertThat(command.run("help").out()).contains("ingest", "Exit codes");
    }

    @Test
    void tailFollowsUntilItsLimit() {
        CommandRun.Result result = command.run("tail", "--from", "start", "--limit", "2");

        assertThat(result.code()).isEqualTo(ExitCode.OK);
        assertThat(result.out().lines()).hasSize(2);
    }

    @Test
    void exitCodesSayWhatHappened() {
        assertThat(command.run("ask", "--where", "properties.record.x = 1", "sea")
                        .code())
                .isEqualTo(ExitCode.NOTHING_FOUND);
        assertThat(command.run("get", "00000000-0000-0000-0000-000000000000").code())
                .isEqualTo(ExitCode.NOTHING_FOUND);
        assertThat(command.run("get", "nonsense").code()).isEqualTo(ExitCode.USAGE);
        assertThat(command.run("ask").code()).isEqualTo(ExitCode.USAGE);
        assertThat(command.run().code()).isEqualTo(ExitCode.USAGE);
        assertThat(command.run("ask", "--where", "x ~ 1", "sea").code()).isEqualTo(ExitCode.USAGE);
        assertThat(command.run("ingest", folder.resolve("absent").toString()).code())
                .isEqualTo(ExitCode.ERROR);
        assertThat(command.bare("", "--url", "contextdb:nothing:", "stats").code())
                .isEqualTo(ExitCode.USAGE);
        assertThat(command.run("--help").code()).isEqualTo(ExitCode.OK);
    }

    @Test
    void aStoreThatRefusesUsIsUnavailable() {
        assertThat(ExitCode.of(new AccessDeniedException("held by another process", null)))
                .isEqualTo(ExitCode.UNAVAILABLE);
    }

    @Test
    void anErrorIsOneSentenceWithoutStackAndSecrets() {
        CommandRun.Result result =
                command.bare("", "--url", "contextdb:nothing://me:hunter2@host/db?password=hunter3", "stats");

        assertThat(result.err().strip().lines()).hasSize(1);
        assertThat(result.err()).startsWith("contextdb: ").doesNotContain("hunter");
        assertThat(command.bare("", "--url", "contextdb:nothing:", "stats", "--debug")
                        .err())
                .contains("at io.contextdb");
    }

    @Test
    void aWrongCommandLineIsOneLineThatNamesTheNearestOption() {
        for (String[] wrong : new String[][] {
            {"ask", "--jsn", "sea"},
            {"ask", "--wher", "x = 1", "sea"},
            {"ask", "--color", "purple", "sea"},
            {"ask", "-k", "many", "sea"},
            {"ask"},
            {"aks", "sea"},
            {},
            {"get", "a", "b", "c"},
            {"stats", "--ulr=contextdb:postgresql://me:hunter2@host/db"},
            {"stats", "contextdb:postgresql://me:hunter2@host/db"}
        }) {
            CommandRun.Result result = command.run(wrong);
            assertThat(result.code()).isEqualTo(ExitCode.USAGE);
            assertThat(result.out()).isEmpty();
            assertThat(result.err().strip().lines()).hasSizeLessThanOrEqualTo(2);
            assertThat(result.err()).contains("--help'").doesNotContain("hunter2");
        }
        assertThat(command.run("ask", "--jsn", "sea").err()).contains("--jsn").contains("did you mean --json");
        assertThat(command.run("aks", "sea").err())
                .contains("Unknown command 'aks'")
                .contains("'contextdb --help'");
        assertThat(command.run("ask", "--jsn", "sea").err()).contains("'contextdb ask --help'");
    }

    @Test
    void theVersionIsTheDriversAndNeedsNoStore() {
        CommandRun.Result result = command.bare("", "--version");

        assertThat(result.code()).isEqualTo(ExitCode.OK);
        assertThat(result.out()).matches("contextdb \\d+\\.\\d+\\.\\d+\\S*\\R");
    }

    @Test
    void coloursFollowTheChoiceTheTerminalAndTheEnvironment() {
        assertThat(command.run("ask", "sea").out()).doesNotContain("\u001b");
        assertThat(command.run("ask", "sea", "--color", "always").out()).contains("\u001b[");
        command.onTerminal();
        assertThat(command.run("ask", "sea").out()).contains("\u001b[");
        assertThat(command.run("ask", "sea", "--color", "never").out()).doesNotContain("\u001b");
        command.set("NO_COLOR", "1");
        assertThat(command.run("ask", "sea").out()).doesNotContain("\u001b");
        assertThat(command.run("ask", "--color", "sometimes", "sea").code()).isEqualTo(ExitCode.USAGE);
    }

    @Test
    void withoutAnEmbedderWordsAreFound() {
        CommandRun.Result result =
                command.run("--namespace", "words", "--embedder", "none", "ingest", folder.toString());
        assertThat(result.code()).as(result.err()).isEqualTo(ExitCode.OK);

        assertThat(command.run("--namespace", "words", "--embedder", "none", "ask", "--json", "green")
                        .list("answers")
                        .get(0)
                        .string("text"))
                .contains("The sea is deep and green.");
    }

    @Test
    void theEnvironmentNamesTheStore() {
        command.set("CONTEXTDB_URL", command.url());

        assertThat(command.bare("", "stats", "--json").json().integer("ingestedFiles"))
                .contains(1L);
    }

    @Test
    void timingsGoToTheOtherStream() {
        CommandRun.Result result = command.run("stats", "--json", "--timings");

        assertThat(result.json().integer("nodes")).isPresent();
        assertThat(result.err()).contains("open store");
    }
}
