package io.contextdb.spi.graph;

import io.contextdb.spi.value.AsOf;
import io.contextdb.spi.value.Page;
import io.contextdb.spi.value.PageRequest;
import io.contextdb.spi.value.ReadScope;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * Reads of the graph. Every method takes and returns many; absent ones are left out. An erased node is absent from all of
 * them, except as {@link NodeChange.Kind#ERASED}. Thread-safe.
 */
public interface GraphReader {
    /** Returns the current versions, retracted ones included, in the order asked; at most 10,000 ids (contract N3). */
    List<Node> get(ReadScope scope, Collection<UUID> ids);

    /**
     * Returns the versions that the system held at {@code asOf.knownAt()} and whose validity contains
     * {@code asOf.validAt()}, in the order asked; at most 10,000 ids (N3).
     */
    List<Node> get(ReadScope scope, Collection<UUID> ids, AsOf asOf);

    /** Returns every version of a node, oldest first (N4). */
    Page<Node> history(ReadScope scope, UUID id, PageRequest page);

    /** Returns the current versions of edges, retracted ones included, in the order asked; at most 10,000 ids. */
    List<Edge> getEdges(ReadScope scope, Collection<UUID> ids);

    /** Returns every version of an edge, oldest first. */
    Page<Edge> edgeHistory(ReadScope scope, UUID id, PageRequest page);

    /** Returns the edges at some nodes that hold at a time, ordered by {@link Edge#ORDER} (N7). */
    Page<Edge> edges(ReadScope scope, EdgeQuery query);

    /** Returns the nodes that a walk reaches, ordered by {@link WalkStep#ORDER} (N8). */
    default List<WalkStep> walk(ReadScope scope, WalkQuery query) {
        return LevelWalk.walk(this, scope, query);
    }

    /** Returns sources by external id, in the order asked (N9). */
    List<Source> sources(ReadScope scope, Collection<String> externalIds);

    /** Returns all sources, ordered by external id. */
    Page<Source> sources(ReadScope scope, PageRequest page);

    /** Returns, by fingerprint, the current node that is valid now and carries it; of several, the smallest id (N10). */
    Map<String, Node> findByFingerprint(ReadScope scope, Collection<String> fingerprints);

    /**
     * Returns what changed in the transaction time {@code (from, to]}, ordered by id (N11).
     *
     * @throws io.contextdb.spi.error.InvalidRequestException if {@code to} is before {@code from}
     */
    Page<NodeChange> diff(ReadScope scope, Instant from, Instant to, PageRequest page);

    /** Returns the nodes that hold at a time and match a filter, ordered by id (N11). */
    Page<Node> scan(ReadScope scope, NodeQuery query);
}
