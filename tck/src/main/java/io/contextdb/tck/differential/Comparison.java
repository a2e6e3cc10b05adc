package io.contextdb.tck.differential;

import io.contextdb.ContextConnection;
import io.contextdb.tck.Kit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Runs scripts on the backend under test and on the memory backend, in fresh namespaces, and finds where they differ. */
final class Comparison {
    private static final List<String> VARIABLES = List.of("a", "b");

    /**
     * Where two stores differ.
     *
     * @param step index of the step
     * @param what how the answers differ
     * @param java the script up to there
     */
    record Difference(int step, String what, String java) {}

    private final Kit kit;
    private final ContextConnection reference;

    Comparison(Kit kit, ContextConnection reference) {
        this.kit = kit;
        this.reference = reference;
    }

    /** Returns the first difference. */
    Optional<Difference> run(List<Step> steps) {
        String name = kit.name();
        List<Side> expected = sides(reference, name, true);
        List<Side> actual = sides(kit.connection(), name, false);
        try {
            return run(steps, expected, actual);
        } finally {
            expected.forEach(side -> side.namespace().drop());
            actual.forEach(side -> side.namespace().drop());
        }
    }

    private static List<Side> sides(ContextConnection connection, String name, boolean reference) {
        List<Side> sides = new ArrayList<>();
        for (String variable : VARIABLES) {
            // Each name begins the next one.
            String namespace = sides.isEmpty() ? name : name + "-" + variable;
            sides.add(new Side(connection.namespace(namespace), variable, reference));
        }
        return sides;
    }

    private static Optional<Difference> run(List<Step> steps, List<Side> expected, List<Side> actual) {
        StringBuilder java = new StringBuilder();
        for (int i = 0; i < steps.size(); i++) {
            Step step = steps.get(i);
            Side left = expected.get(step.namespace());
            java.append(step.action().java(left)).append('\n');
            Object should = answer(step.action(), left);
            Object did = answer(step.action(), actual.get(step.namespace()));
            Optional<String> difference = step.action().difference(should, did);
            if (difference.isPresent()) {
                return Optional.of(new Difference(i, difference.get(), java.toString()));
            }
        }
        return Optional.empty();
    }

    private static Object answer(Action action, Side side) {
        try {
            return action.run(side);
        } catch (RuntimeException failed) {
            return View.error(failed);
        }
    }
}
