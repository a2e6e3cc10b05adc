package io.contextdb.internal.scaled;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Schedules of several processes and failing stores, run with the real classes. {@code -Dcontextdb.schedules} says how many, default
 * 10,000, and {@code -Dcontextdb.schedules.from} from which on, default 0, so that many can be run in parts;
 * {@code -Dcontextdb.schedule} runs one; {@code -Dcontextdb.schedules.defect} how many look for a defect, default 3,000.
 */
@Tag("slow")
class SimulationTest {
    private static final long MOST_FOR_A_DEFECT = Long.getLong("contextdb.schedules.defect", 3_000);

    @Test
    void nothingIsLostAndNothingDiverges() {
        long one = Long.getLong("contextdb.schedule", -1);
        long from = one >= 0 ? one : Long.getLong("contextdb.schedules.from", 0);
        long count = one >= 0 ? 1 : Long.getLong("contextdb.schedules", 10_000);
        Map<Long, AssertionError> failures = new ConcurrentHashMap<>();
        OptionalLong failed = Schedules.first(from, from + count, seed -> {
            try {
                new Simulation(seed, faults(seed), SimDefect.NONE).run();
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

    /** All kinds of faults in some schedules, in others some only, so that stricter promises are looked at too. */
    private static Set<SimFault> faults(long seed) {
        return switch ((int) (seed % 10)) {
            case 0 -> Set.of();
            case 1 -> Set.of(SimFault.COPY_CRASHES);
            case 2 -> Set.of(SimFault.HOME_CRASHES);
            case 3 -> Set.of(SimFault.COPY_CRASHES, SimFault.HOME_CRASHES);
            case 4 -> Set.of(SimFault.SOURCE_CRASHES);
            case 5 -> Set.of(SimFault.COPY_CRASHES, SimFault.SOURCE_CRASHES);
            case 6 -> Set.of(SimFault.HOME_CRASHES, SimFault.SOURCE_CRASHES);
            case 7 -> Set.of(SimFault.HOME_CRASHES, SimFault.SOURCE_CRASHES, SimFault.FAILS_OVER);
            case 8 -> Set.of(SimFault.COPY_CRASHES, SimFault.HOME_CRASHES, SimFault.SOURCE_CRASHES);
            default -> Set.of(SimFault.COPY_CRASHES, SimFault.HOME_CRASHES, SimFault.ALL_AWAY);
        };
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NONE")
    void everyDefectIsFound(SimDefect defect) {
        long from = defect.schedule();
        // What fails without the defect too is not found by it.
        OptionalLong found = Schedules.first(
                from,
                from + MOST_FOR_A_DEFECT,
                seed -> fails(seed, defect.faults(), defect) && !fails(seed, defect.faults(), SimDefect.NONE));
        assertThat(found).as("a schedule that finds %s", defect).isPresent();
        System.out.println(defect + " is found by schedule " + found.getAsLong());
        System.out.flush();
    }

    private static boolean fails(long seed, Set<SimFault> faults, SimDefect defect) {
        try {
            new Simulation(seed, faults, defect).run();
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
