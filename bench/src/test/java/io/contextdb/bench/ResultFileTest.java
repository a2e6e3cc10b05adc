package io.contextdb.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How results are kept. */
class ResultFileTest {
    private static final Spread SPREAD = new Spread(2, 1, 3);

    private static ComparisonResult result(String name, double ratio) {
        SideResult side = new SideResult("side", SPREAD, SPREAD, SPREAD);
        Spread ratios = new Spread(ratio, ratio, ratio);
        return new ComparisonResult(name, "what", Clock.WALL, 8, 0.9, "remark", ratios, SPREAD, side, side);
    }

    private static Environment environment() {
        return Environment.now("bench/run", 42, Set.of());
    }

    @Test
    void whatIsWrittenIsRead(@TempDir Path directory) throws Exception {
        Path file = directory.resolve("full.json");
        ResultFile written = new ResultFile();
        ComparisonResult result = result("a/b", 1.5);
        Table table = Table.of("c/d", "a title", "one", "two").row("1", "2");
        written.add(result);
        written.add(table);
        written.write(file, environment());
        ResultFile read = ResultFile.read(file);
        assertThat(read.comparisons()).containsExactly(result);
        assertThat(read.tables()).containsExactly(table);
    }

    @Test
    void aLaterRunReplacesItsOwnComparisonsOnly(@TempDir Path directory) throws Exception {
        Path file = directory.resolve("full.json");
        ResultFile first = ResultFile.read(file);
        first.add(result("a/b", 1));
        first.add(result("a/c", 1));
        first.write(file, environment());
        ResultFile second = ResultFile.read(file);
        second.add(result("a/b", 2));
        second.write(file, environment());
        List<ComparisonResult> read = ResultFile.read(file).comparisons();
        assertThat(read).extracting(ComparisonResult::name).containsExactly("a/b", "a/c");
        assertThat(read).extracting(each -> each.ratio().median()).containsExactly(2.0, 1.0);
    }

    @Test
    void theMarkdownHasTheRatioItsRangeAndTheTables(@TempDir Path directory) throws Exception {
        Path file = directory.resolve("full.json");
        ResultFile results = new ResultFile();
        results.add(result("a/b", 1.5));
        results.add(Table.of("c/d", "a title", "one", "two").row("1", "2"));
        results.write(file, environment());
        assertThat(Files.readString(directory.resolve("full.md")))
                .contains("`a/b`", "**1.50** (1.50 to 1.50)", "### a title", "| 1 | 2 |");
    }

    @Test
    void aNameAsksForItselfForWhatItHasAndForNothingElse(@TempDir Path directory) throws Exception {
        BenchmarkRun run = new BenchmarkRun(Profile.FULL, Set.of("redis/scaled"), directory.resolve("x.json"), "");
        assertThat(run.wants("redis/scaled/get-1")).isTrue();
        assertThat(run.wants("redis")).isTrue();
        assertThat(run.wants("redis/get-1")).isFalse();
        assertThat(run.wants("redis/scaledown")).isFalse();
    }
}
