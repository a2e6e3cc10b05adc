package io.contextdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.contextdb.spi.Backend;
import io.contextdb.spi.BackendConfig;
import io.contextdb.spi.BackendProvider;
import io.contextdb.spi.OptionDescriptor;
import io.contextdb.spi.error.InvalidRequestException;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
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

    private static final List<OptionDescriptor<?>> PASSWORD =
            List.of(OptionDescriptor.text("user", "", "Who."), OptionDescriptor.secret("password", "Secret."));

    @Test
    void theNearestVariableCounts() {
        Map<String, String> environment = Map.of(
                "CONTEXTDB_PASSWORD", "plain",
                "CONTEXTDB_USER", "anybody",
                "CONTEXTDB_POSTGRESQL_PASSWORD", "of the scheme",
                "CONTEXTDB_SCALED_KEYS_PASSWORD", "of the part");

        assertThat(OptionDefaults.ofUrl("redis", List.of()).find(PASSWORD, environment))
                .isEqualTo(Map.of("password", "plain", "user", "anybody"));
        assertThat(OptionDefaults.ofUrl("postgresql", List.of()).find(PASSWORD, environment))
                .containsEntry("password", "of the scheme");
        assertThat(OptionDefaults.ofPart("redis", "scaled", "keys").find(PASSWORD, environment))
                .isEqualTo(Map.of("password", "of the part"));
        assertThat(OptionDefaults.ofPart("postgresql", "scaled", "graph").find(PASSWORD, environment))
                .isEqualTo(Map.of("password", "of the scheme"));
    }

    @Test
    void aPartIsGivenNoSecretThatIsNotMeantForIt() {
        assertThat(OptionDefaults.ofPart("redis", "scaled", "keys")
                        .find(
                                PASSWORD,
                                Map.of(
                                        "CONTEXTDB_PASSWORD", "plain",
                                        "CONTEXTDB_POSTGRESQL_PASSWORD", "another's",
                                        "CONTEXTDB_SCALED_EVENTS_PASSWORD", "another's")))
                .isEmpty();
    }

    /** A store that only remembers what it was opened with. */
    private record Remembering(String scheme, Map<String, String> passwords) implements BackendProvider {
        @Override
        public String description() {
            return "Remembers.";
        }

        @Override
        public List<OptionDescriptor<?>> options() {
            List<OptionDescriptor<?>> options = new ArrayList<>(PASSWORD);
            options.add(OptionDescriptor.flag("journal", false, "Whether."));
            return options;
        }

        @Override
        public Backend open(BackendConfig config) {
            passwords.put(scheme, config.get(OptionDescriptor.secret("password", "Secret.")));
            throw new UnsupportedOperationException("remembers only");
        }
    }

    @Test
    void linesOfTheFileAreForAPartOrForItsScheme() throws IOException {
        file("scaled.graph.password = of the part\ngraph.password = no\npassword = no\nscaled.relay = false\n");
        Map<String, String> passwords = new HashMap<>();
        Remembering provider = new Remembering("remembering", passwords);
        ContextDriverManager.register(provider);
        try {
            assertThatThrownBy(() -> ContextDataSource.open("contextdb:scaled:?graph=remembering://h"))
                    .isInstanceOf(UnsupportedOperationException.class);
            assertThat(passwords).isEqualTo(Map.of("remembering", "of the part"));
            file("remembering.password = of the scheme\npassword = no\n");
            assertThatThrownBy(() -> ContextDataSource.open("contextdb:scaled:?graph=remembering://h"))
                    .isInstanceOf(UnsupportedOperationException.class);
            assertThat(passwords).isEqualTo(Map.of("remembering", "of the scheme"));
        } finally {
            ContextDriverManager.deregister(provider);
        }
    }
}
