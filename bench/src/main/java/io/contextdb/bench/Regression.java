package io.contextdb.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Says whether results are worse than those that were committed. Only figures that a loaded machine disturbs little are judged: the ratio
 * by CPU time, and what our calling threads allocate. One is worse if it is below {@value #LEAST} of what it was, and neither of the
 * two medians lies within the other's smallest and largest round.
 */
final class Regression {
    static final double LEAST = 0.8;

    private Regression() {}

    /** Returns what is worse, by the name of the comparison; those that were not committed are not judged. */
    static Map<String, String> worse(List<ComparisonResult> committed, List<ComparisonResult> now) {
        Map<String, ComparisonResult> before =
                committed.stream().collect(Collectors.toMap(ComparisonResult::name, Function.identity()));
        return now.stream()
                .filter(result -> before.containsKey(result.name()))
                .map(result ->
                        Map.entry(result.name(), complaints(Objects.requireNonNull(before.get(result.name())), result)))
                .filter(entry -> !entry.getValue().isEmpty())
                .collect(Collectors.toMap(Map.Entry::getKey, entry -> String.join("; ", entry.getValue())));
    }

    private static List<String> complaints(ComparisonResult before, ComparisonResult now) {
        List<String> found = new ArrayList<>();
        complaint("ratio by CPU time", before.cpuRatio(), now.cpuRatio(), false).ifPresent(found::add);
        complaint("bytes allocated by a call", before.ours().bytes(), now.ours().bytes(), true)
                .ifPresent(found::add);
        return found;
    }

    private static Optional<String> complaint(String what, Spread before, Spread now, boolean less) {
        boolean beyond = less
                ? before.median() < LEAST * now.median() && before.max() < now.median() && before.median() < now.min()
                : now.median() < LEAST * before.median() && now.max() < before.median() && now.median() < before.min();
        return beyond ? Optional.of(what + " is " + now + ", was " + before) : Optional.empty();
    }
}
