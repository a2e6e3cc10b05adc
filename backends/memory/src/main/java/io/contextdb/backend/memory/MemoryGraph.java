package io.contextdb.backend.memory;

import io.contextdb.spi.graph.Edge;
import io.contextdb.spi.graph.EdgeQuery;
import io.contextdb.spi.graph.GraphReader;
import io.contextdb.spi.graph.Node;
import io.contextdb.spi.graph.NodeChange;
import io.contextdb.spi.graph.NodeQuery;
import io.contextdb.spi.graph.Source;
import io.contextdb.spi.graph.WalkQuery;
import io.contextdb.spi.graph.WalkStep;
import io.contextdb.spi.value.AsOf;
import io.contextdb.spi.value.Page;
import io.contextdb.spi.value.PageRequest;
import io.contextdb.spi.value.ReadScope;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** Reads of the graph: each call takes a snapshot and reads nothing else. */
record MemoryGraph(Session session) implements GraphReader {
    private GraphSnapshot now(ReadScope scope) {
        return session.graph(scope, AsOf.now());
    }

    @Override
    public List<Node> get(ReadScope scope, Collection<UUID> ids) {
        return now(scope).get(scope, ids);
    }

    @Override
    public List<Node> get(ReadScope scope, Collection<UUID> ids, AsOf asOf) {
        return session.graph(scope, asOf).get(scope, ids, asOf);
    }

    @Override
    public Page<Node> history(ReadScope scope, UUID id, PageRequest page) {
        return now(scope).history(scope, id, page);
    }

    @Override
    public List<Edge> getEdges(ReadScope scope, Collection<UUID> ids) {
        return now(scope).getEdges(scope, ids);
    }

    @Override
    public Page<Edge> edgeHistory(ReadScope scope, UUID id, PageRequest page) {
        return now(scope).edgeHistory(scope, id, page);
    }

    @Override
    public Page<Edge> edges(ReadScope scope, EdgeQuery query) {
        return session.graph(scope, query.asOf()).edges(scope, query);
    }

    @Override
    public List<WalkStep> walk(ReadScope scope, WalkQuery query) {
        return session.graph(scope, query.asOf()).walk(scope, query);
    }

    @Override
    public List<Source> sources(ReadScope scope, Collection<String> externalIds) {
        return now(scope).sources(scope, externalIds);
    }

    @Override
    public Page<Source> sources(ReadScope scope, PageRequest page) {
        return now(scope).sources(scope, page);
    }

    @Override
    public Map<String, Node> findByFingerprint(ReadScope scope, Collection<String> fingerprints) {
        return now(scope).findByFingerprint(scope, fingerprints);
    }

    @Override
    public Page<NodeChange> diff(ReadScope scope, Instant from, Instant to, PageRequest page) {
        return session.graph(scope, AsOf.at(to)).diff(scope, from, to, page);
    }

    @Override
    public Page<Node> scan(ReadScope scope, NodeQuery query) {
        return session.graph(scope, query.asOf()).scan(scope, query);
    }
}
