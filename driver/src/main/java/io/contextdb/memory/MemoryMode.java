package io.contextdb.memory;

import io.contextdb.spi.graph.WalkStrategy;

/** What a namespace's memory is for, which sets the defaults of retrieval (contract M5). */
// Both field types are records of numbers, without the annotation that the check asks for.
@SuppressWarnings("ImmutableEnumChecker")
public enum MemoryMode {
    /** Anything. */
    GENERAL(new ScoreWeights(0.40, 0.30, 0.20, 0.10), 0.05, new WalkStrategy.Decay(0.7), 3),
    /** Claims that are weighed against each other. */
    BELIEF_SYSTEM(new ScoreWeights(0.30, 0.45, 0.20, 0.05), 0.03, new WalkStrategy.Decay(0.7), 4),
    /** What an agent did and learned. */
    AGENT_MEMORY(new ScoreWeights(0.35, 0.20, 0.25, 0.20), 0.05, new WalkStrategy.Beam(16), 2),
    /** How things are done. */
    PROCEDURAL(new ScoreWeights(0.40, 0.40, 0.15, 0.05), 0.001, new WalkStrategy.BreadthFirst(), 3);

    private final ScoreWeights weights;
    private final double decayPerHour;
    private final WalkStrategy strategy;
    private final int depth;

    MemoryMode(ScoreWeights weights, double decayPerHour, WalkStrategy strategy, int depth) {
        this.weights = weights;
        this.decayPerHour = decayPerHour;
        this.strategy = strategy;
        this.depth = depth;
    }

    /** Returns the default weights. */
    public ScoreWeights weights() {
        return weights;
    }

    /** Returns α, per hour, of memories that have no type. */
    public double decayPerHour() {
        return decayPerHour;
    }

    /** Returns how retrieval walks the graph. */
    public WalkStrategy strategy() {
        return strategy;
    }

    /** Returns how many hops it walks. */
    public int depth() {
        return depth;
    }
}
