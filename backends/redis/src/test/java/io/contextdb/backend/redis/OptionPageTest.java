package io.contextdb.backend.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.contextdb.spi.OptionDescriptor;
import io.contextdb.tck.report.OptionTable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The page about the backend has the options as they are declared. */
class OptionPageTest {
    @Test
    void thePageHasTheDeclaredOptions() throws IOException {
        List<OptionDescriptor<?>> declared = Settings.OPTIONS;

        assertThat(Files.readString(Path.of("..", "..", "docs", "redis.md")))
                .as("replace the table of the page by this one")
                .contains(OptionTable.of(declared));
    }
}
