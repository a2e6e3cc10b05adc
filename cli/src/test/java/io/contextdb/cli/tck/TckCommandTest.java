package io.contextdb.cli.tck;

import static org.assertj.core.api.Assertions.assertThat;

import io.contextdb.cli.CommandRun;
import io.contextdb.cli.ExitCode;
import java.nio.file.Path;
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
    void aStoreThatIsNotThere(@TempDir Path folder) {
        try (CommandRun command = new CommandRun()) {
            assertThat(command.bare("", "tck", "contextdb:nowhere:").code()).isEqualTo(ExitCode.USAGE);
            assertThat(command.bare("", "tck", "contextdb:embedded:" + folder.resolve("a\0b"))
                            .code())
                    .isNotEqualTo(ExitCode.OK);
            assertThat(command.bare("", "tck").code()).isEqualTo(ExitCode.USAGE);
        }
    }
}
