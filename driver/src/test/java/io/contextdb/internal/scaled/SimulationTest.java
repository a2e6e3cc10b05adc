package io.contextdb.internal.scaled;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Schedules of several processes and failing stores, run with the real classes. {@code -Dcontextdb.schedules} says how many, default
 * 10,000; {@code -Dcontextdb.schedule} runs one.
 */
class SimulationTest {
    private static final int MOST_FOR_A_DEFECT = 5_000;

    @Test
    void nothingIsLostAndNothingDiverges() {
        long one = Long.getLong("contextdb.schedule", -1);
        long count = Long.getLong("contextdb.schedules", 10_000);
        LongStream seeds =
                one >= 0 ? LongStream.of(one) : LongStream.range(0, count).parallel();
        seeds.forEach(seed -> {
            try {
                new Simulation(seed, chaos(seed), SimDefect.NONE).run();
            } catch (AssertionError failed) {
                fail("schedule " + seed + " (-Dcontextdb.schedule=" + seed + "): " + failed.getMessage(), failed);
            }
        });
    }

    /**
     * All kinds of crashes in some schedules, in others some only, so that stricter promises are looked at too. Where the source loses
     * the beginning of an epoch the copy keeps its watermark: if both forget, an epoch is numbered again, and who wakes up late can
     * write what is older.
     */
    private static Simulation.Chaos chaos(long seed) {
        long kind = seed % 8;
        return new Simulation.Chaos((kind & 1) != 0 && kind != 7, (kind & 2) != 0, (kind & 4) != 0, kind == 7);
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NONE")
    void everyDefectIsFound(SimDefect defect) {
        long found = LongStream.range(0, MOST_FOR_A_DEFECT)
                .parallel()
                .filter(seed -> fails(seed, defect))
                .findAny()
                .orElse(-1);
        assertThat(found).as("a schedule that finds %s", defect).isNotNegative();
        System.out.println(defect + " is found by schedule " + found);
        System.out.flush();
    }

    private static boolean fails(long seed, SimDefect defect) {
        try {
            new Simulation(seed, defect.chaos(), defect).run();
            return false;
        } catch (AssertionError found) {
            Throwable first = found;
            while (first.getCause() != null) {
                first = first.getCause();
            }
            // An error in the defect itself would be found too, and prove nothing.
            assertThat(first).as("what found %s", defect).isInstanceOf(AssertionError.class);
            return true;
        }
    }
}
