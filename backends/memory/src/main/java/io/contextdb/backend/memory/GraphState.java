package io.contextdb.backend.memory;

import io.contextdb.spi.graph.Edge;
import io.contextdb.spi.graph.Node;
import io.contextdb.spi.graph.Source;
import io.contextdb.spi.value.CodePointOrder;
import io.contextdb.spi.value.UuidOrder;
import java.time.Instant;
import java.util.Comparator;
import java.util.UUID;
import org.pcollections.HashPMap;
import org.pcollections.HashTreePMap;
import org.pcollections.TreePMap;
import org.pcollections.TreePSet;

/**
 * The graph of a snapshot.
 *
 * @param nodes nodes that are not erased
 * @param erased when nodes were erased
 * @param formerlyErased the same of lives of the namespace that were dropped, by the instant until which it counts
 * @param nodeVersions versions of the nodes
 * @param edges edges
 * @param outgoing edges by the node they leave
 * @param incoming edges by the node they enter
 * @param fingerprints nodes by the fingerprint of their current version
 * @param sources sources by external id
 */
record GraphState(
        TreePMap<UUID, Chain<Node>> nodes,
        TreePMap<UUID, Instant> erased,
        TreePMap<Instant, TreePMap<UUID, Instant>> formerlyErased,
        long nodeVersions,
        TreePMap<UUID, Chain<Edge>> edges,
        HashPMap<UUID, TreePSet<UUID>> outgoing,
        HashPMap<UUID, TreePSet<UUID>> incoming,
        HashPMap<String, TreePSet<UUID>> fingerprints,
        TreePMap<String, Source> sources) {
    static final TreePSet<UUID> NO_IDS = TreePSet.empty(UuidOrder.INSTANCE);

    static final GraphState EMPTY = new GraphState(
            TreePMap.empty(UuidOrder.INSTANCE),
            TreePMap.empty(UuidOrder.INSTANCE),
            TreePMap.empty(Comparator.<Instant>naturalOrder()),
            0,
            TreePMap.empty(UuidOrder.INSTANCE),
            HashTreePMap.empty(),
            HashTreePMap.empty(),
            HashTreePMap.empty(),
            TreePMap.empty(CodePointOrder.INSTANCE));

    /** Returns an empty graph in which the ids that were erased count as such until an instant. */
    GraphState dropped(Instant until) {
        return new GraphState(
                EMPTY.nodes,
                EMPTY.erased,
                erased.isEmpty() ? formerlyErased : formerlyErased.plus(until, erased),
                0,
                EMPTY.edges,
                EMPTY.outgoing,
                EMPTY.incoming,
                EMPTY.fingerprints,
                EMPTY.sources);
    }
}
