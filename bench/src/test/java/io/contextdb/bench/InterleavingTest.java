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
        return run(comparison, 4, 3);
    }

    private static ComparisonResult run(Comparison comparison, int rounds, int turns) throws Exception {
        WarmUp warmUp = new WarmUp(Duration.ofMillis(20), Duration.ofMillis(100), 0);
        return new Interleaving(warmUp, Duration.ofMillis(20), rounds, turns).run(comparison);
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
    void aRoundHasSeveralTurnsOfOperationsThatAreQuick() throws Exception {
        List<String> turns = new CopyOnWriteArrayList<>();
        Side a = Side.prepared("a", 600, operations -> turns.add("a" + operations), () -> 1);
        Side b = Side.prepared("b", 250, operations -> turns.add("b" + operations), () -> 1);
        run(Comparison.of("s/c", "nothing", a, b), 3, 9);
        assertThat(turns.subList(turns.size() - 12, turns.size()))
                .containsExactly(
                        "a300", "b125", "b125", "a300", "a300", "b125", "b125", "a300", "a300", "b125", "b125", "a300");
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
