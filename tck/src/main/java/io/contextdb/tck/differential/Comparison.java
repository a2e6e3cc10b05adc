package io.contextdb.tck.differential;

import io.contextdb.ContextConnection;
import io.contextdb.spi.capability.Capability;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

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

    private final ContextConnection connection;
    private final ContextConnection reference;
    private final Supplier<String> names;

    /**
     * Prepares a comparison.
     *
     * @param connection to the backend under test
     * @param reference to the memory backend
     * @param names gives names of namespaces that nobody else uses
     */
    Comparison(ContextConnection connection, ContextConnection reference, Supplier<String> names) {
        this.connection = connection;
        this.reference = reference;
        this.names = names;
    }

    /** Returns the script of a seed that shows a difference with the fewest steps; empty if there is none. */
    Optional<Difference> first(long seed, int count, Set<Capability> models) {
        List<Step> steps = new Script(seed, connection.info().backend(), models).steps(count);
        Optional<Difference> found = run(steps);
        if (found.isEmpty()) {
            return found;
        }
        List<Step> minimum = new Shrinking(candidate -> run(candidate).isPresent())
                .minimum(steps.subList(0, found.get().step() + 1));
        return run(minimum).or(() -> found);
    }

    /** Returns the first difference. */
    Optional<Difference> run(List<Step> steps) {
        String name = names.get();
        List<Side> expected = sides(reference, name, true);
        List<Side> actual = sides(connection, name, false);
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
            left.begin(step.id());
            actual.get(step.namespace()).begin(step.id());
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
