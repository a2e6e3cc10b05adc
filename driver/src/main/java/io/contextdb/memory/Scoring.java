package io.contextdb.memory;

import io.contextdb.memory.Recollection.ScoreParts;
import io.contextdb.spi.graph.Node;
import java.time.Duration;
import java.time.Instant;

/** The score of contract M4. */
record Scoring(ScoreWeights weights, double decayPerHour, Instant at) {
    private static final double MILLIS_PER_HOUR = 3_600_000;

    ScoreParts score(Node node, double similarity) {
        double alpha = MemoryNode.type(node).map(MemoryType::decayPerHour).orElse(decayPerHour);
        double hours = Math.max(0, Duration.between(node.validity().from(), at).toMillis() / MILLIS_PER_HOUR);
        return new ScoreParts(
                weights.similarity() * similarity,
                weights.confidence() * node.confidence(),
                weights.recency() * Math.exp(-alpha * hours),
                weights.utility() * MemoryNode.utility(node));
    }
}
