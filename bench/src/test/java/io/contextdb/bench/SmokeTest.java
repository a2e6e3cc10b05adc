package io.contextdb.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Runs the comparisons of the smoke profile that need no server, and fails where one is worse than what was committed. What looks worse
 * is measured again, longer, before that is believed.
 */
@Tag("slow")
class SmokeTest {
    private static final Set<String> SUITES = Set.of("embedded", "vectors", "walk");
    private static final int TRIES = 3;

    @TempDir
    Path directory;

    @Test
    void noRatioIsWorseThanTheCommittedOne() throws Exception {
        List<ComparisonResult> committed =
                ResultFile.read(Path.of("results/smoke.json")).comparisons();
        assertThat(committed).as("results/smoke.json").isNotEmpty();
        Set<String> names = committed.stream()
                .map(ComparisonResult::name)
                .filter(name -> SUITES.contains(name.substring(0, name.indexOf('/'))))
                .collect(Collectors.toSet());
        Map<String, String> worse = Regression.worse(committed, run(names, 1));
        for (int time = 2; time <= TRIES && !worse.isEmpty(); time++) {
            System.out.println("measured again, since it looks worse: " + worse);
            worse = Regression.worse(committed, run(worse.keySet(), time));
        }
        assertThat(worse).isEmpty();
    }

    private List<ComparisonResult> run(Set<String> names, int times) throws Exception {
        BenchmarkRun run =
                new BenchmarkRun(Profile.SMOKE, names, directory.resolve(times + ".json"), "SmokeTest").longer(times);
        Suites.run(run);
        assertThat(run.made()).isNotEmpty();
        return run.made();
    }
}
