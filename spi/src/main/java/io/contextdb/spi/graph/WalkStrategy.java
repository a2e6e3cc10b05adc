package io.contextdb.spi.graph;

import io.contextdb.spi.internal.Check;

/** How a walk chooses where to go on (contract N8). */
public sealed interface WalkStrategy {
    /** Follows every edge, depth by depth. */
    record BreadthFirst() implements WalkStrategy {}

    /**
     * Goes on from the best nodes of each depth only, by path weight descending, then id.
     *
     * @param width nodes kept per depth, 1 to 10,000
     */
    record Beam(int width) implements WalkStrategy {
        /** Checks the width. */
        public Beam {
            Check.range("walk.beam.width", width, 1, 10_000);
        }
    }

    /**
     * Multiplies the path weight by a factor at each hop, and stops where it falls below the walk's minimum weight.
     *
     * @param factor in (0, 1]
     */
    record Decay(double factor) implements WalkStrategy {
        /** Checks the factor. */
        public Decay {
            Check.range("walk.decay.factor", factor, Double.MIN_VALUE, 1);
        }
    }
}
