package io.contextdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.contextdb.spi.error.InvalidRequestException;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OptionDefaultsTest {
    private final ScriptedBackend backend = new ScriptedBackend();
    private final ClassLoader before = Thread.currentThread().getContextClassLoader();

    @TempDir
    Path directory;

    @AfterEach
    void putBack() {
        ContextDriverManager.deregister(backend);
        Thread.currentThread().setContextClassLoader(before);
    }

    private void file(String lines) throws IOException {
        Files.writeString(directory.resolve(OptionDefaults.FILE), lines);
        Thread.currentThread()
                .setContextClassLoader(
                        new URLClassLoader(new URL[] {directory.toUri().toURL()}, before));
    }

    private static Duration timeout(ContextDataSource.Builder builder) {
        try (ContextDataSource source = builder.build();
                ContextConnection connection = source.getConnection()) {
            return connection.namespace("n").deadline().remaining();
        }
    }

    @Test
    void theFileSaysWhatNobodyElseDoes() throws IOException {
        file("scripted.timeout = 700s\nother.timeout = 1s\n");

        assertThat(timeout(backend.source())).isBetween(Duration.ofSeconds(600), Duration.ofSeconds(700));
        assertThat(timeout(backend.source().option("timeout", "7s"))).isLessThanOrEqualTo(Duration.ofSeconds(7));
    }

    @Test
    void aMisspeltOptionOfTheFileIsRefused() throws IOException {
        file("scripted.timeouts = 700s");

        assertThatThrownBy(() -> backend.source().build())
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("timeouts")
                .hasMessageContaining("timeout");
    }
}
