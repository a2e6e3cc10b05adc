package io.contextdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.contextdb.spi.error.CorruptDataException;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationHandler;
import io.micrometer.observation.ObservationRegistry;
import java.io.File;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ObservationTest {
    /** Notes what was observed, once it has ended. */
    private static final class Notes implements ObservationHandler<Observation.Context> {
        final List<Observation.Context> ended = new ArrayList<>();

        @Override
        public void onStop(Observation.Context context) {
            ended.add(context);
        }

        @Override
        public boolean supportsContext(Observation.Context context) {
            return true;
        }

        String value(int call, String key) {
            return ended.get(call).getLowCardinalityKeyValue(key).getValue();
        }
    }

    private final ScriptedBackend backend = new ScriptedBackend();

    @AfterEach
    void deregister() {
        ContextDriverManager.deregister(backend);
    }

    @Test
    void everyCallIsObservedWithItsOutcome() {
        ObservationRegistry registry = ObservationRegistry.create();
        Notes notes = new Notes();
        registry.observationConfig().observationHandler(notes);
        try (ContextDataSource source = backend.source().observations(registry).build();
                ContextConnection connection = source.getConnection()) {
            connection.namespace("n").keys().get("k");
            backend.failures.add(() -> new CorruptDataException("broken", null));
            assertThatThrownBy(() -> connection.namespace("n").keys().get("k"))
                    .isInstanceOf(CorruptDataException.class);
        }

        assertThat(notes.ended)
                .extracting(Observation.Context::getContextualName)
                .allMatch("contextdb keys.get"::equals);
        assertThat(notes.ended).hasSize(2);
        assertThat(notes.value(0, "scheme")).isEqualTo("scripted");
        assertThat(notes.value(0, "outcome")).isEqualTo("OK");
        assertThat(notes.value(1, "outcome")).isEqualTo("CORRUPT");
        assertThat(notes.ended.get(1).getError()).isInstanceOf(CorruptDataException.class);
    }

    @Test
    void nothingOfMicrometerIsLoadedWhereNobodyAsksForIt() throws Exception {
        String classPath = Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(entry -> !entry.contains("micrometer"))
                .collect(Collectors.joining(File.pathSeparator));
        Process child = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        classPath,
                        WithoutMicrometer.class.getName())
                .redirectErrorStream(true)
                .start();

        String output = new String(child.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);

        assertThat(child.waitFor(1, TimeUnit.MINUTES)).isTrue();
        assertThat(output).contains("found Optional.empty");
        assertThat(child.exitValue()).isZero();
    }
}
