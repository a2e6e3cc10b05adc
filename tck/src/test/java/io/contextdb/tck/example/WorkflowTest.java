package io.contextdb.tck.example;

import static org.assertj.core.api.Assertions.assertThat;

import io.contextdb.ContextDriverManager;
import io.contextdb.tck.KitRunner;
import io.contextdb.tck.report.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The shell steps of the workflow that strangers copy, run on what the kit leaves of the example. */
@DisabledOnOs(OS.WINDOWS)
class WorkflowTest {
    private static String step(String name) throws IOException {
        String workflow = Files.readString(Path.of("..", "docs", "ci", "kit.yml"));
        Matcher step = Pattern.compile("- name: " + name + "\\n(?: {8}if: .*\\n)? {8}run: \\|\\n((?: {10}.*\\n|\\n)+)")
                .matcher(workflow);
        assertThat(step.find()).as("step '%s'", name).isTrue();
        return step.group(1).lines().map(String::strip).collect(Collectors.joining("\n"));
    }

    private static int run(String step, Path folder) throws IOException, InterruptedException {
        ProcessBuilder shell = new ProcessBuilder("sh", "-e", "-c", step)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("log").toFile());
        shell.environment().put("GITHUB_STEP_SUMMARY", folder.resolve("summary").toString());
        return shell.start().waitFor();
    }

    @Test
    void theReportOfTheExampleIsShownAndAccepted(@TempDir Path folder) throws Exception {
        ContextDriverManager.register(new Shelf.Provider("shelf", "Keys on a shelf in the heap: contextdb:shelf:"));
        Map<Outcome, Long> counts = KitRunner.on("contextdb:shelf:")
                .report(folder.resolve("target").resolve("contextdb-tck"), "ShelfTest")
                .run();

        assertThat(counts.get(Outcome.FAILED)).isZero();
        assertThat(run(step("Show the report"), folder)).isZero();
        assertThat(folder.resolve("summary")).content().contains("# Conformance of Shelf 1");
        assertThat(run(step("Refuse what was not proven"), folder)).isZero();
    }

    @Test
    void withoutAReportBothStepsFail(@TempDir Path folder) throws Exception {
        assertThat(run(step("Show the report"), folder)).isNotZero();
        assertThat(run(step("Refuse what was not proven"), folder)).isNotZero();
    }

    @Test
    void aReportOfFailuresIsRefused(@TempDir Path folder) throws Exception {
        Path reports = Files.createDirectories(folder.resolve("target").resolve("contextdb-tck"));
        Files.writeString(reports.resolve("A-badge.json"), "{\"color\": \"red\"}");
        Files.writeString(reports.resolve("B-badge.json"), "{\"color\": \"brightgreen\"}");

        assertThat(run(step("Refuse what was not proven"), folder)).isNotZero();
    }
}
