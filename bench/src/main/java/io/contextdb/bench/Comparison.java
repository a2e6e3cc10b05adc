package io.contextdb.bench;

/**
 * Two ways to do the same thing over the same data: ours and another. Immutable; each method returns a changed copy.
 *
 * @param name by which {@code bench/run} finds it: the suite's name, a slash, and its own
 * @param what what one operation does, as the tables say it
 * @param ours contextdb
 * @param theirs what it is compared with
 * @param clock what throughput is counted by
 * @param callers threads that call at the same time
 * @param goal the ratio to reach; NaN if none was set
 * @param smoke whether it is one of the few that the smoke profile runs
 * @param remark what else one has to know to read the ratio, such as recall
 */
public record Comparison(
        String name,
        String what,
        Side ours,
        Side theirs,
        Clock clock,
        int callers,
        double goal,
        boolean smoke,
        String remark) {
    /** Compares by time that passes, with one caller. */
    public static Comparison of(String name, String what, Side ours, Side theirs) {
        return new Comparison(name, what, ours, theirs, Clock.WALL, 1, Double.NaN, false, "");
    }

    /** Counts by another clock. */
    public Comparison by(Clock other) {
        return new Comparison(name, what, ours, theirs, other, callers, goal, smoke, remark);
    }

    /** Lets this many threads call. */
    public Comparison callers(int number) {
        return new Comparison(name, what, ours, theirs, clock, number, goal, smoke, remark);
    }

    /** Says what ratio is to be reached. */
    public Comparison goal(double ratio) {
        return new Comparison(name, what, ours, theirs, clock, callers, ratio, smoke, remark);
    }

    /** Runs in the smoke profile too. */
    public Comparison inSmoke() {
        return new Comparison(name, what, ours, theirs, clock, callers, goal, true, remark);
    }

    /** Says what else one has to know. */
    public Comparison remark(String text) {
        return new Comparison(name, what, ours, theirs, clock, callers, goal, smoke, text);
    }
}
