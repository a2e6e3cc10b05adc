package io.contextdb.memory;

import io.contextdb.internal.call.Arguments;
import java.util.UUID;

/**
 * How a new memory relates to another node.
 *
 * @param type kind of relation, 1 to 256 bytes
 * @param to the other node: one that exists, or a memory of the same call
 * @param weight strength, in [0, 1]
 */
public record Relation(String type, UUID to, double weight) {
    /** From what is derived to what it was derived from. */
    public static final String DERIVED_FROM = "derived_from";

    /** From a statement to one that it contradicts. */
    public static final String CONTRADICTS = "contradicts";

    /** Checks the parts. */
    public Relation {
        Arguments.relation("relation.type", type);
        Arguments.required("relation.to", to);
        Arguments.number("relation.weight", weight, 0, 1);
    }
}
