package io.contextdb.tck;

import static org.assertj.core.api.Assertions.assertThat;

import io.contextdb.ContextConnection;
import io.contextdb.ContextDriverManager;
import io.contextdb.spi.value.Bytes;
import io.contextdb.tck.report.Outcome;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The kit as platform teams run it: on a store that others use. */
class KitRunnerTest {
    @Test
    void theStoreIsLeftAsItWasFound(@TempDir Path folder) {
        try (ContextConnection others = ContextDriverManager.getConnection("contextdb:memory:shared-with-the-kit")) {
            others.namespace("theirs").keys().put("k", Bytes.utf8("v"));
            Set<String> told = ConcurrentHashMap.newKeySet();
            Map<Outcome, Long> counts = KitRunner.on("contextdb:memory:shared-with-the-kit")
                    .server(ServerKind.IN_PROCESS)
                    .report(folder, "shared")
                    .listener((test, outcome) -> told.add(test))
                    .run();

            assertThat(counts.get(Outcome.FAILED)).isZero();
            assertThat(counts.get(Outcome.PASSED)).isGreaterThan(100);
            assertThat(told).contains("Times.bothAxesAnswerIndependently");
            assertThat(others.namespaces()).containsExactly("theirs");
            assertThat(others.namespace("theirs").keys().get("k")).isPresent();
            assertThat(folder.resolve("shared.md")).content().contains("**failed**: 0 statements");
        }
    }

    @Test
    void whatFailsIsCounted(@TempDir Path folder) {
        String url = Defective.url((name, arguments, real) -> {
            if (name.equals("KeyReader.scan")) {
                throw new IllegalStateException("a defect");
            }
            return real.with(arguments);
        });

        Map<Outcome, Long> counts =
                KitRunner.on(url).report(folder, "defective").run();

        assertThat(counts.get(Outcome.FAILED)).isPositive();
        assertThat(folder.resolve("defective-badge.json")).content().contains("red");
    }
}
