package io.contextdb.internal.scaled;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Schedules of several processes and failing stores, run with the real classes. {@code -Dcontextdb.schedules} says how many, default
 * 10,000; {@code -Dcontextdb.schedule} runs one.
 */
@Tag("slow")
class SimulationTest {
    private static final int MOST_FOR_A_DEFECT = 3_000;

    @Test
    void nothingIsLostAndNothingDiverges() {
        long one = Long.getLong("contextdb.schedule", -1);
        long count = Long.getLong("contextdb.schedules", 10_000);
        Map<Long, AssertionError> failures = new ConcurrentHashMap<>();
        OptionalLong failed = Schedules.first(one >= 0 ? one : 0, one >= 0 ? one + 1 : count, seed -> {
            try {
                new Simulation(seed, chaos(seed), SimDefect.NONE).run();
                return false;
            } catch (AssertionError failure) {
                failures.put(seed, failure);
                return true;
            }
        });
        failed.ifPresent(seed -> {
            AssertionError failure = failures.get(seed);
            fail("schedule " + seed + " (-Dcontextdb.schedule=" + seed + "): " + failure.getMessage(), failure);
        });
    }

    /**
     * All kinds of crashes in some schedules, in others some only, so that stricter promises are looked at too. Fail-overs of the source
     * that lose commits come with {@code -Dcontextdb.failover=true} only: after some of them a copy keeps a point that is extra.
     */
    private static Simulation.Chaos chaos(long seed) {
        long kind = seed % 8;
        boolean failsOver = kind == 7;
        return new Simulation.Chaos((kind & 1) != 0 && !failsOver, (kind & 2) != 0, (kind & 4) != 0, failsOver);
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NONE")
    void everyDefectIsFound(SimDefect defect) {
        long from = defect.schedule();
        // What fails without the defect too is not found by it.
        OptionalLong found = Schedules.first(
                from,
                from + MOST_FOR_A_DEFECT,
                seed -> fails(seed, defect.chaos(), defect) && !fails(seed, defect.chaos(), SimDefect.NONE));
        assertThat(found).as("a schedule that finds %s", defect).isPresent();
        System.out.println(defect + " is found by schedule " + found.getAsLong());
        System.out.flush();
    }

    private static boolean fails(long seed, Simulation.Chaos chaos, SimDefect defect) {
        try {
            new Simulation(seed, chaos, defect).run();
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
