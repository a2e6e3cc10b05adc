package io.contextdb;

import io.contextdb.internal.call.Arguments;
import io.contextdb.internal.call.Paging;
import io.contextdb.internal.call.Session;
import io.contextdb.spi.capability.Capability;
import io.contextdb.spi.graph.Edge;
import io.contextdb.spi.graph.EdgeContent;
import io.contextdb.spi.graph.EdgeDraft;
import io.contextdb.spi.graph.EdgeQuery;
import io.contextdb.spi.graph.GraphReader;
import io.contextdb.spi.graph.Node;
import io.contextdb.spi.graph.NodeChange;
import io.contextdb.spi.graph.NodeDraft;
import io.contextdb.spi.graph.NodeQuery;
import io.contextdb.spi.graph.Source;
import io.contextdb.spi.graph.WalkQuery;
import io.contextdb.spi.graph.WalkStep;
import io.contextdb.spi.value.AsOf;
import io.contextdb.spi.value.NamespaceName;
import io.contextdb.spi.value.Page;
import io.contextdb.spi.value.PropertyMap;
import io.contextdb.spi.value.ReadScope;
import io.contextdb.spi.write.Condition;
import io.contextdb.spi.write.GraphMutation;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.BiFunction;
import java.util.stream.Stream;

/**
 * The temporal knowledge graph of a namespace (contract N). Each writing method is a batch of its own; {@link Batch}
 * groups them. Streams read page by page as they are consumed. Thread-safe.
 */
public final class Graph {
    private final Session session;
    private final NamespaceName namespace;

    Graph(Session session, NamespaceName namespace) {
        this.session = session;
        this.namespace = namespace;
    }

    /** Appends a version of a node and returns its number (N1). */
    public long put(NodeDraft draft) {
        return put(draft, Condition.none());
    }

    /** Appends a version of a node under a condition and returns its number, or 0 if it was skipped as asked. */
    public long put(NodeDraft draft, Condition condition) {
        return Results.version(one(new GraphMutation.PutNode(draft, condition, GraphMutation.Fingerprints.SHARED)));
    }

    /**
     * Appends a version of a node unless another current, valid node has its fingerprint, and returns the id of the node
     * that has it now: this one or the other (N10).
     */
    public UUID putUnique(NodeDraft draft) {
        return Results.idOr(
                one(new GraphMutation.PutNode(draft, Condition.none(), GraphMutation.Fingerprints.UNIQUE_OR_EXISTING)),
                draft.id());
    }

    /** Appends a version of an edge and returns its number (N7). */
    public long put(EdgeDraft draft) {
        return Results.version(one(new GraphMutation.PutEdge(draft, Condition.none())));
    }

    /** Appends a version of an edge under a condition and returns its number, or 0 if it was skipped as asked. */
    public long put(EdgeDraft draft, Condition condition) {
        return Results.version(one(new GraphMutation.PutEdge(draft, condition)));
    }

    /** Creates an edge of weight 1 between two nodes and returns its id. */
    public UUID connect(UUID from, String type, UUID to) {
        EdgeDraft draft = EdgeDraft.of(EdgeContent.of(from, type, to));
        put(draft);
        return draft.id();
    }

    /** Ends the validity of a node now and returns the version that says so (N5). */
    public long retract(UUID id, String reason) {
        return Results.version(one(new GraphMutation.RetractNode(id, reason, Condition.none())));
    }

    /** Ends the validity of an edge now and returns the version that says so. */
    public long retractEdge(UUID id, String reason) {
        return Results.version(one(new GraphMutation.RetractEdge(id, reason, Condition.none())));
    }

    /** Creates a source, or replaces its labels and properties; its evidence stays (N9). */
    public void putSource(String externalId, Collection<String> labels, PropertyMap properties) {
        session.apply(
                namespace,
                List.of(new GraphMutation.PutSource(externalId, Arguments.labels("labels", labels), properties)));
    }

    /** Adds evidence for (α) and against (β) a source, atomically (N9). */
    public void addEvidence(String externalId, double alpha, double beta) {
        session.apply(namespace, List.of(new GraphMutation.AddEvidence(externalId, alpha, beta)));
    }

    /** Returns the current version of a node, be it retracted (N3). */
    public Optional<Node> get(UUID id) {
        List<UUID> one = List.of(Arguments.required("id", id));
        return Results.only(read("graph.get", (graph, scope) -> graph.get(scope, one)));
    }

    /** Returns the current versions of nodes, in the order asked; absent ones are left out (N3). */
    public List<Node> get(Collection<UUID> ids) {
        List<UUID> all = Arguments.ids("ids", ids);
        return read("graph.get", (graph, scope) -> graph.get(scope, all));
    }

    /** Returns the versions of nodes at a point on both axes of time, in the order asked (N3). */
    public List<Node> get(Collection<UUID> ids, AsOf asOf) {
        List<UUID> all = Arguments.ids("ids", ids);
        Arguments.required("asOf", asOf);
        return read("graph.get", (graph, scope) -> graph.get(scope, all, asOf));
    }

    /** Returns every version of a node, oldest first (N4). */
    public Stream<Node> history(UUID id) {
        Arguments.required("id", id);
        return Paging.stream(page -> read("graph.history", (graph, scope) -> graph.history(scope, id, page)));
    }

    /** Returns the current version of an edge, be it retracted. */
    public Optional<Edge> getEdge(UUID id) {
        List<UUID> one = List.of(Arguments.required("id", id));
        return Results.only(read("graph.getEdges", (graph, scope) -> graph.getEdges(scope, one)));
    }

    /** Returns the current versions of edges, in the order asked; absent ones are left out. */
    public List<Edge> getEdges(Collection<UUID> ids) {
        List<UUID> all = Arguments.ids("ids", ids);
        return read("graph.getEdges", (graph, scope) -> graph.getEdges(scope, all));
    }

    /** Returns every version of an edge, oldest first. */
    public Stream<Edge> edgeHistory(UUID id) {
        Arguments.required("id", id);
        return Paging.stream(page -> read("graph.edgeHistory", (graph, scope) -> graph.edgeHistory(scope, id, page)));
    }

    /** Returns a page of the edges at some nodes (N7). */
    public Page<Edge> edges(EdgeQuery query) {
        Arguments.required("query", query);
        return read("graph.edges", (graph, scope) -> graph.edges(scope, query));
    }

    /** Returns the nodes that a walk reaches (N8). */
    public List<WalkStep> walk(WalkQuery query) {
        Arguments.required("walk", query);
        return read("graph.walk", (graph, scope) -> graph.walk(scope, query));
    }

    /** Returns a source (N9). */
    public Optional<Source> source(String externalId) {
        return Results.only(read(List.of(Arguments.externalId("externalId", externalId))));
    }

    /** Returns sources, in the order asked; absent ones are left out. */
    public List<Source> sources(Collection<String> externalIds) {
        return read(Arguments.externalIds(externalIds));
    }

    private List<Source> read(List<String> externalIds) {
        return read("graph.sources", (graph, scope) -> graph.sources(scope, externalIds));
    }

    /** Returns all sources, ordered by external id. */
    public Stream<Source> sources() {
        return Paging.stream(page -> read("graph.sources", (graph, scope) -> graph.sources(scope, page)));
    }

    /** Returns, by fingerprint, the current valid nodes that carry one (N10). */
    public Map<String, Node> findByFingerprint(Collection<String> fingerprints) {
        List<String> all = Arguments.fingerprints(fingerprints);
        return read("graph.findByFingerprint", (graph, scope) -> graph.findByFingerprint(scope, all));
    }

    /** Returns what changed in the transaction time {@code (from, to]}, ordered by id (N11). */
    public Stream<NodeChange> diff(Instant from, Instant to) {
        Instant after = Arguments.instant("from", from);
        Instant until = Arguments.instant("to", to);
        return Paging.stream(page -> read("graph.diff", (graph, scope) -> graph.diff(scope, after, until, page)));
    }

    /** Returns a page of the nodes that match (N11). */
    public Page<Node> scan(NodeQuery query) {
        Arguments.required("query", query);
        return read("graph.scan", (graph, scope) -> graph.scan(scope, query));
    }

    /** Returns all nodes that match, from the query's page on (N11). */
    public Stream<Node> scanAll(NodeQuery query) {
        Arguments.required("query", query);
        return Paging.stream(query.page(), page -> scan(query.page(page)));
    }

    private io.contextdb.spi.write.MutationResult one(GraphMutation mutation) {
        return session.apply(namespace, List.of(mutation)).results().get(0);
    }

    private <T> T read(String operation, BiFunction<GraphReader, ReadScope, T> call) {
        return session.read(
                namespace, Capability.GRAPH, operation, (backend, scope) -> call.apply(backend.graph(), scope));
    }
}
