package io.contextdb.spi.graph;

import io.contextdb.spi.internal.Check;
import io.contextdb.spi.value.UuidOrder;
import java.util.Comparator;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A node that a walk reached, how far from the seeds, and by which edge. Immutable. */
public final class WalkStep {
    /** The order of a walk's result: by depth, heavier path first, by id. */
    public static final Comparator<WalkStep> ORDER = Comparator.comparingInt(WalkStep::depth)
            .thenComparing(Comparator.comparingDouble(WalkStep::pathWeight).reversed())
            .thenComparing(step -> step.node().id(), UuidOrder.INSTANCE);

    private final Node node;
    private final int depth;
    private final double pathWeight;
    private final @Nullable Edge reachedBy;

    private WalkStep(Node node, int depth, double pathWeight, @Nullable Edge reachedBy) {
        this.node = Check.notNull("step.node", node);
        this.depth = depth;
        this.pathWeight = pathWeight;
        this.reachedBy = reachedBy;
    }

    /** Returns the step of a seed: depth 0, path weight 1. */
    public static WalkStep seed(Node node) {
        return new WalkStep(node, 0, 1, null);
    }

    /** Returns the step of a node reached by an edge. */
    public static WalkStep reached(Node node, int depth, double pathWeight, Edge by) {
        return new WalkStep(node, depth, pathWeight, Check.notNull("step.reachedBy", by));
    }

    /** Returns the node, as it was at the walk's time. */
    public Node node() {
        return node;
    }

    /** Returns the smallest number of hops from a seed. */
    public int depth() {
        return depth;
    }

    /** Returns the product of the edge weights, and decay factors, on the best path of that depth, in [0, 1]. */
    public double pathWeight() {
        return pathWeight;
    }

    /** Returns the last edge of that path; empty for a seed. */
    public Optional<Edge> reachedBy() {
        return Optional.ofNullable(reachedBy);
    }

    @Override
    public String toString() {
        return "WalkStep[" + node.id() + ", depth=" + depth + ", pathWeight=" + pathWeight + "]";
    }
}
