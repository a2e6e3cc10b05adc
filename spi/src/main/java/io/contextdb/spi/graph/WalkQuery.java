package io.contextdb.spi.graph;

import io.contextdb.spi.internal.Check;
import io.contextdb.spi.internal.TextRule;
import io.contextdb.spi.value.AsOf;
import java.util.Collection;
import java.util.List;
import java.util.UUID;

/**
 * A walk over the graph (contract N8). Depth 0 is the seeds; each node appears once, with its smallest depth; of several
 * paths of that depth the heaviest counts, then the one whose last edge has the smaller id. Seeds and nodes that do not
 * hold at {@code asOf} are neither returned nor passed through.
 *
 * @param seeds where it starts, 0 to 10,000 nodes
 * @param direction which way edges are followed
 * @param types only edges of these types; empty for all
 * @param minWeight paths lighter than this end, in [0, 1]; default 0
 * @param maxDepth number of hops, 0 to 64; default 3
 * @param limit most nodes returned, seeds included, 1 to 10,000; default 100; cuts in the order of {@link WalkStep#ORDER}
 * @param asOf when nodes and edges must hold; default now
 * @param strategy how it goes on; default breadth-first
 */
public record WalkQuery(
        List<UUID> seeds,
        Direction direction,
        List<String> types,
        double minWeight,
        int maxDepth,
        int limit,
        AsOf asOf,
        WalkStrategy strategy) {
    /** Checks and copies. */
    public WalkQuery {
        seeds = Check.list("walk.seeds", seeds, 10_000);
        Check.notNull("walk.direction", direction);
        types = TextRule.EDGE_TYPE.all("walk.types", types, 256);
        Check.range("walk.minWeight", minWeight, 0, 1);
        Check.range("walk.maxDepth", maxDepth, 0, 64);
        Check.range("walk.limit", limit, 1, 10_000);
        Check.notNull("walk.asOf", asOf);
        Check.notNull("walk.strategy", strategy);
    }

    /** Returns a builder for a walk from some nodes. */
    public static Builder from(Collection<UUID> seeds) {
        return new Builder(Check.list("walk.seeds", seeds, 10_000));
    }

    /** Returns a builder for a walk from some nodes. */
    public static Builder from(UUID... seeds) {
        return new Builder(Check.list("walk.seeds", seeds, 10_000));
    }

    /** Collects the parts of a {@link WalkQuery}. Not thread-safe. */
    public static final class Builder {
        private final List<UUID> seeds;
        private Direction direction = Direction.OUTGOING;
        private List<String> types = List.of();
        private double minWeight;
        private int maxDepth = 3;
        private int limit = 100;
        private AsOf asOf = AsOf.now();
        private WalkStrategy strategy = new WalkStrategy.BreadthFirst();

        private Builder(List<UUID> seeds) {
            this.seeds = seeds;
        }

        /** Sets which way edges are followed; default outgoing. */
        public Builder direction(Direction value) {
            direction = value;
            return this;
        }

        /** Follows edges of these types only. */
        public Builder types(String... only) {
            types = Check.list("walk.types", only, 256);
            return this;
        }

        /** Ends paths lighter than this. */
        public Builder minWeight(double value) {
            minWeight = value;
            return this;
        }

        /** Sets the number of hops. */
        public Builder maxDepth(int hops) {
            maxDepth = hops;
            return this;
        }

        /** Sets the most nodes returned. */
        public Builder limit(int nodes) {
            limit = nodes;
            return this;
        }

        /** Sets when nodes and edges must hold. */
        public Builder asOf(AsOf time) {
            asOf = time;
            return this;
        }

        /** Sets how the walk goes on. */
        public Builder strategy(WalkStrategy value) {
            strategy = value;
            return this;
        }

        /** Returns the query. */
        public WalkQuery build() {
            return new WalkQuery(seeds, direction, types, minWeight, maxDepth, limit, asOf, strategy);
        }
    }
}
