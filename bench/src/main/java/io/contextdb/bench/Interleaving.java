package io.contextdb.bench;

import java.lang.management.CompilationMXBean;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Runs the two sides of a comparison in turn in this process, A B B A and so on, so that whatever else the machine does meets both.
 * What a shared machine gives changes within a round, so one by time that passes is divided into turns; CPU time is counted in steps
 * that are too coarse for a turn, and depends less on what else there is. Before that each side runs until
 * the compilers of the Java machine have seen it, which also says how many operations make a round.
 */
final class Interleaving {
    /** Of one caller in a round. */
    private static final int MOST = 1 << 20;

    /** Of one caller in a turn of several, so that to begin and to end it, and to wait for the last caller, does not count. */
    private static final int LEAST = 100;

    /** Part of a round in which compilers that are done may still have worked. */
    private static final double IDLE = 0.05;

    private static final CompilationMXBean COMPILERS = ManagementFactory.getCompilationMXBean();

    private final WarmUp warmUp;
    private final Duration length;
    private final int rounds;
    private final int turns;

    /**
     * Says how sides are run.
     *
     * @param length of a side's round, about
     * @param rounds of each side
     * @param turns of each side in a round by time that passes, if it has operations enough for so many
     */
    Interleaving(WarmUp warmUp, Duration length, int rounds, int turns) {
        this.warmUp = warmUp;
        this.length = length;
        this.rounds = rounds;
        this.turns = turns;
    }

    ComparisonResult run(Comparison comparison) throws Exception {
        List<Round> ours = new ArrayList<>();
        List<Round> theirs = new ArrayList<>();
        try (Callers callers = new Callers(comparison.callers())) {
            int oursEach = warmUp(callers, comparison.ours());
            int theirsEach = warmUp(callers, comparison.theirs());
            int shares =
                    comparison.clock() == Clock.CPU ? 1 : Math.clamp(Math.min(oursEach, theirsEach) / LEAST, 1, turns);
            boolean oursFirst = false;
            for (int round = 0; round < rounds; round++) {
                Round our = Round.NONE;
                Round their = Round.NONE;
                for (int share = 0; share < shares; share++) {
                    oursFirst = !oursFirst;
                    if (oursFirst) {
                        our = our.and(callers.round(comparison.ours(), oursEach / shares));
                    }
                    their = their.and(callers.round(comparison.theirs(), theirsEach / shares));
                    if (!oursFirst) {
                        our = our.and(callers.round(comparison.ours(), oursEach / shares));
                    }
                }
                ours.add(our);
                theirs.add(their);
            }
        }
        return ComparisonResult.of(comparison, ours, theirs);
    }

    /** Returns how many operations of each caller take as long as a round should, once it is warm. */
    private int warmUp(Callers callers, Side side) throws Exception {
        long start = System.nanoTime();
        long called = 0;
        int each = 1;
        while (true) {
            long compiled = COMPILERS.getTotalCompilationTime();
            Round round = callers.round(side, each);
            called += round.operations();
            boolean compiling = (COMPILERS.getTotalCompilationTime() - compiled) * 1e6 >= IDLE * round.nanos();
            double wanted = length.toNanos() * (double) each / Math.max(1, round.nanos());
            int next = (int) Math.max(1, Math.min(Math.min(wanted, side.most()), MOST));
            // The first ones are slow: what they say of the others is not believed at once.
            each = Math.min(next, each * 8);
            if (warmUp.isOver(System.nanoTime() - start, called, compiling)) {
                return each;
            }
        }
    }
}
