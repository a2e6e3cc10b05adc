package io.contextdb.bench;

import io.contextdb.spi.value.PropertyMap;
import java.util.List;
import java.util.stream.IntStream;

/**
 * What a comparison gave. Ratios are of rounds that were run together: above 1, contextdb does more in the same time.
 *
 * @param name the comparison's name
 * @param what what one operation does
 * @param clock what throughput is counted by
 * @param callers threads that called at the same time
 * @param goal the ratio to reach; NaN if none was set
 * @param remark what else one has to know
 * @param ratio our throughput by theirs, by the comparison's clock
 * @param cpuRatio our throughput by theirs, by CPU time
 * @param ours contextdb's figures
 * @param theirs the other's
 */
public record ComparisonResult(
        String name,
        String what,
        Clock clock,
        int callers,
        double goal,
        String remark,
        Spread ratio,
        Spread cpuRatio,
        SideResult ours,
        SideResult theirs) {
    static ComparisonResult of(Comparison comparison, List<Round> ours, List<Round> theirs) {
        return new ComparisonResult(
                comparison.name(),
                comparison.what(),
                comparison.clock(),
                comparison.callers(),
                comparison.goal(),
                comparison.remark(),
                ratio(comparison.clock(), ours, theirs),
                ratio(Clock.CPU, ours, theirs),
                SideResult.of(comparison.ours(), comparison.clock(), ours),
                SideResult.of(comparison.theirs(), comparison.clock(), theirs));
    }

    private static Spread ratio(Clock clock, List<Round> ours, List<Round> theirs) {
        return Spread.of(IntStream.range(0, ours.size())
                .mapToDouble(
                        round -> ours.get(round).rate(clock) / theirs.get(round).rate(clock))
                .toArray());
    }

    PropertyMap toMap() {
        PropertyMap map = PropertyMap.of("name", name, "what", what, "clock", clock.name())
                .with("callers", callers);
        if (!Double.isNaN(goal)) {
            map = map.with("goal", goal);
        }
        return map.with("remark", remark)
                .with("ratio", ratio.toMap())
                .with("cpuRatio", cpuRatio.toMap())
                .with("ours", ours.toMap())
                .with("theirs", theirs.toMap());
    }

    static ComparisonResult from(PropertyMap map) {
        return new ComparisonResult(
                map.string("name").orElseThrow(),
                map.string("what").orElseThrow(),
                Clock.valueOf(map.string("clock").orElseThrow()),
                map.integer("callers").orElseThrow().intValue(),
                map.number("goal").orElse(Double.NaN),
                map.string("remark").orElseThrow(),
                Spread.from(map.map("ratio").orElseThrow()),
                Spread.from(map.map("cpuRatio").orElseThrow()),
                SideResult.from(map.map("ours").orElseThrow()),
                SideResult.from(map.map("theirs").orElseThrow()));
    }
}
