package io.contextdb.tck.faulty;

import java.util.Set;
import java.util.function.Supplier;

/**
 * A mistake that a backend can make.
 *
 * @param id short name, part of the URL that opens a backend with it
 * @param sentence what the backend does wrong
 * @param violates statements of the contract, at least one of whose tests must see it
 * @param fault makes the fault for one opening of the backend, with whatever it has to remember
 */
record Defect(String id, String sentence, Set<String> violates, Supplier<Fault> fault) {
    Defect {
        if (violates.isEmpty()) {
            throw new IllegalArgumentException(id + " violates nothing, so it is no defect");
        }
    }

    /** A defect whose fault remembers nothing. */
    static Defect of(String id, String sentence, String violates, Fault fault) {
        return remembering(id, sentence, violates, () -> fault);
    }

    /** A defect whose fault remembers something; statements are separated by spaces. */
    static Defect remembering(String id, String sentence, String violates, Supplier<Fault> fault) {
        return new Defect(id, sentence, Set.of(violates.split(" ")), fault);
    }

    @Override
    public String toString() {
        return id;
    }
}
