package io.contextdb.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** How the two sides of a comparison are run. */
class InterleavingTest {
    /** So that no compiler leaves the allocation out. */
    private volatile byte[] kept;

    private static ComparisonResult run(Comparison comparison) throws Exception {
        WarmUp warmUp = new WarmUp(Duration.ofMillis(20), Duration.ofMillis(100), 0);
        return new Interleaving(warmUp, Duration.ofMillis(20), 4, 3).run(comparison);
    }

    /** Runs two rounds of as many operations as each side takes at most, and returns the last that were prepared. */
    private static List<String> lastPrepared(Clock clock, int turns, int number) throws Exception {
        List<String> prepared = new CopyOnWriteArrayList<>();
        Side a = Side.prepared("a", 600, operations -> prepared.add("a" + operations), () -> 1);
        Side b = Side.prepared("b", 350, operations -> prepared.add("b" + operations), () -> 1);
        WarmUp untilAllAreTaken = new WarmUp(Duration.ZERO, Duration.ofMinutes(1), 2_000);
        new Interleaving(untilAllAreTaken, Duration.ofMinutes(1), 2, turns)
                .run(Comparison.of("s/c", "nothing", a, b).by(clock));
        return prepared.subList(prepared.size() - number, prepared.size());
    }

    @Test
    void roundsGoBackAndForth() throws Exception {
        List<String> rounds = new CopyOnWriteArrayList<>();
        Side a = Side.prepared("a", 1, operations -> rounds.add("a"), () -> 1);
        Side b = Side.prepared("b", 1, operations -> rounds.add("b"), () -> 1);
        run(Comparison.of("s/c", "nothing", a, b));
        assertThat(rounds.subList(rounds.size() - 8, rounds.size()))
                .containsExactly("a", "b", "b", "a", "a", "b", "b", "a");
    }

    @Test
    void aRoundIsDividedIntoTurnsThatGoBackAndForth() throws Exception {
        assertThat(lastPrepared(Clock.WALL, 2, 8))
                .containsExactly("a300", "b175", "b175", "a300", "a300", "b175", "b175", "a300");
    }

    @Test
    void aTurnHasOperationsEnough() throws Exception {
        assertThat(lastPrepared(Clock.WALL, 9, 12))
                .containsExactly(
                        "a200", "b116", "b116", "a200", "a200", "b116", "b116", "a200", "a200", "b116", "b116", "a200");
    }

    @Test
    void aRoundByCpuTimeIsOnePiece() throws Exception {
        assertThat(lastPrepared(Clock.CPU, 9, 4)).containsExactly("a600", "b350", "b350", "a600");
    }

    @Test
    void turnsAddUp() {
        assertThat(new Round(1, 2, 3, 4).and(new Round(10, 20, 30, 40))).isEqualTo(new Round(11, 22, 33, 44));
    }

    @Test
    void allocationIsCountedOnTheCallingThreads() throws Exception {
        ComparisonResult result = run(Comparison.of(
                "s/c", "arrays", Side.of("large", () -> (kept = new byte[10_000]).length), Side.of("none", () -> 1)));
        assertThat(result.ours().bytes().median()).isBetween(10_000.0, 11_000.0);
    }

    @Test
    void callersCallAtTheSameTime() throws Exception {
        CyclicBarrier both = new CyclicBarrier(2);
        Side meeting = Side.prepared("meeting", 5, operations -> {}, () -> both.await(10, TimeUnit.SECONDS));
        ComparisonResult result = run(
                Comparison.of("s/c", "meet", meeting, Side.of("none", () -> 1)).callers(2));
        assertThat(result.callers()).isEqualTo(2);
    }

    @Test
    void anOperationThatFailsEndsTheComparisonAndSaysWhose() {
        Side broken = Side.of("the broken one", () -> {
            throw new IllegalStateException("broken");
        });
        assertThatThrownBy(() -> run(Comparison.of("s/c", "fail", broken, Side.of("none", () -> 1))))
                .hasMessageContaining("the broken one")
                .hasRootCauseMessage("broken");
    }
}
