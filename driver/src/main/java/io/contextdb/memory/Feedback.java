package io.contextdb.memory;

import io.contextdb.spi.graph.Node;
import io.contextdb.spi.graph.NodeContent;

/** What experience says of a memory (contract M7). */
public enum Feedback {
    /** It proved right: confidence rises by a fifth of what is missing; the source gains evidence. */
    VALIDATED(1, 0) {
        @Override
        NodeContent apply(Node node) {
            return node.content().toBuilder()
                    .confidence(towardsOne(node.confidence()))
                    .build();
        }
    },
    /** It proved wrong: confidence falls by half; the source loses. */
    REFUTED(0, 1) {
        @Override
        NodeContent apply(Node node) {
            return node.content().toBuilder().confidence(node.confidence() / 2).build();
        }
    },
    /** It helped: utility, 0.5 where nothing was said before, rises by a fifth of what is missing. */
    USEFUL(0, 0) {
        @Override
        NodeContent apply(Node node) {
            return MemoryNode.utility(node, towardsOne(MemoryNode.utility(node)));
        }
    },
    /** It is out of date: utility falls by half. */
    STALE(0, 0) {
        @Override
        NodeContent apply(Node node) {
            return MemoryNode.utility(node, MemoryNode.utility(node) / 2);
        }
    };

    private final double evidenceFor;
    private final double evidenceAgainst;

    Feedback(double evidenceFor, double evidenceAgainst) {
        this.evidenceFor = evidenceFor;
        this.evidenceAgainst = evidenceAgainst;
    }

    abstract NodeContent apply(Node node);

    double evidenceFor() {
        return evidenceFor;
    }

    double evidenceAgainst() {
        return evidenceAgainst;
    }

    private static double towardsOne(double value) {
        return value + (1 - value) / 5;
    }
}
