package io.contextdb.backend.memory;

import io.contextdb.spi.error.InvalidRequestException;
import io.contextdb.spi.graph.Direction;
import io.contextdb.spi.graph.Edge;
import io.contextdb.spi.graph.EdgeContent;
import io.contextdb.spi.graph.EdgeQuery;
import io.contextdb.spi.graph.GraphReader;
import io.contextdb.spi.graph.Node;
import io.contextdb.spi.graph.NodeChange;
import io.contextdb.spi.graph.NodeQuery;
import io.contextdb.spi.graph.Revision;
import io.contextdb.spi.graph.Source;
import io.contextdb.spi.value.AsOf;
import io.contextdb.spi.value.Interval;
import io.contextdb.spi.value.Page;
import io.contextdb.spi.value.PageRequest;
import io.contextdb.spi.value.PropertyMap;
import io.contextdb.spi.value.ReadScope;
import io.contextdb.spi.value.UuidOrder;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Reads of one snapshot of the graph at one "now", so that even a walk of many steps sees a single state. */
record GraphSnapshot(GraphState state, Instant now) implements GraphReader {
    @Override
    public List<Node> get(ReadScope scope, Collection<UUID> ids) {
        return present(ids, id -> {
            Chain<Node> chain = state.nodes().get(id);
            return chain == null ? null : chain.current();
        });
    }

    @Override
    public List<Node> get(ReadScope scope, Collection<UUID> ids, AsOf asOf) {
        return present(ids, id -> held(state.nodes().get(id), asOf, Node::revision));
    }

    private <T> @Nullable T held(
            @Nullable Chain<T> chain, AsOf asOf, java.util.function.Function<T, Revision> revision) {
        if (chain == null) {
            return null;
        }
        T version = asOf.knownAt().isPresent() ? chain.heldAt(asOf.knownAt().get(), revision) : chain.current();
        return version != null
                        && revision.apply(version)
                                .validity()
                                .contains(asOf.validAt().orElse(now))
                ? version
                : null;
    }

    @Override
    public Page<Node> history(ReadScope scope, UUID id, PageRequest page) {
        return history(state.nodes().get(id), page, "history");
    }

    private static <T> Page<T> history(@Nullable Chain<T> chain, PageRequest page, String kind) {
        int from = 0;
        for (String part : Cursor.read(page, kind, 1)) {
            try {
                from = Math.max(0, Integer.parseInt(part));
            } catch (NumberFormatException notNumber) {
                throw Cursor.malformed();
            }
        }
        List<T> read = new ArrayList<>();
        int to = chain == null ? 0 : (int) Math.min(chain.size(), from + page.limit() + 1L);
        for (int i = from; chain != null && i < to; i++) {
            read.add(chain.get(i));
        }
        int next = from + page.limit();
        return Page.of(read, page.limit(), last -> Cursor.of(kind, next));
    }

    @Override
    public List<Edge> getEdges(ReadScope scope, Collection<UUID> ids) {
        return present(ids, id -> {
            Chain<Edge> chain = state.edges().get(id);
            return chain == null ? null : chain.current();
        });
    }

    @Override
    public Page<Edge> edgeHistory(ReadScope scope, UUID id, PageRequest page) {
        return history(state.edges().get(id), page, "edgeHistory");
    }

    @Override
    public Page<Edge> edges(ReadScope scope, EdgeQuery query) {
        Set<UUID> ids = new HashSet<>();
        for (UUID node : query.nodes()) {
            if (query.direction() != Direction.INCOMING) {
                ids.addAll(state.outgoing().getOrDefault(node, GraphState.NO_IDS));
            }
            if (query.direction() != Direction.OUTGOING) {
                ids.addAll(state.incoming().getOrDefault(node, GraphState.NO_IDS));
            }
        }
        Edge after = after(query.page());
        List<Edge> found = new ArrayList<>();
        for (UUID id : ids) {
            Edge edge = held(state.edges().get(id), query.asOf(), Edge::revision);
            if (edge != null
                    && (query.types().isEmpty() || query.types().contains(edge.type()))
                    && (after == null || Edge.ORDER.compare(edge, after) > 0)) {
                found.add(edge);
            }
        }
        scope.deadline().check("edges");
        found.sort(Edge.ORDER);
        return Page.of(found, query.page().limit(), last -> Cursor.of("edges", last.type(), last.weight(), last.id()));
    }

    /** Returns an edge that stands where the cursor does in {@link Edge#ORDER}. */
    private @Nullable Edge after(PageRequest page) {
        List<String> key = Cursor.read(page, "edges", 3);
        if (key.isEmpty()) {
            return null;
        }
        UUID id = Cursor.uuid(key.get(2));
        try {
            EdgeContent content =
                    new EdgeContent(id, id, key.get(0), Double.parseDouble(key.get(1)), PropertyMap.empty());
            return new Edge(id, content, new Revision(1, Interval.from(now), Interval.from(now), ""));
        } catch (NumberFormatException | InvalidRequestException notEdge) {
            throw Cursor.malformed();
        }
    }

    @Override
    public List<Source> sources(ReadScope scope, Collection<String> externalIds) {
        return present(externalIds, state.sources()::get);
    }

    @Override
    public Page<Source> sources(ReadScope scope, PageRequest page) {
        List<Source> read = new ArrayList<>();
        String after = Cursor.read(page, "sources", 1).stream().findFirst().orElse("");
        for (Source source : state.sources().tailMap(after, false).values()) {
            read.add(source);
            if (read.size() > page.limit()) {
                break;
            }
        }
        return Page.of(read, page.limit(), last -> Cursor.of("sources", last.externalId()));
    }

    @Override
    public Map<String, Node> findByFingerprint(ReadScope scope, Collection<String> fingerprints) {
        Map<String, Node> found = new HashMap<>();
        for (String fingerprint : fingerprints) {
            for (UUID id : state.fingerprints().getOrDefault(fingerprint, GraphState.NO_IDS)) {
                Node node = held(state.nodes().get(id), AsOf.now(), Node::revision);
                if (node != null) {
                    found.putIfAbsent(fingerprint, node);
                }
            }
        }
        return found;
    }

    @Override
    public Page<NodeChange> diff(ReadScope scope, Instant from, Instant to, PageRequest page) {
        if (to.isBefore(from)) {
            throw new InvalidRequestException("diff.to", "must not be before from (" + from + "), is " + to);
        }
        Set<UUID> ids = new TreeSet<>(UuidOrder.INSTANCE);
        UUID after = afterId(page, "diff");
        ids.addAll((after == null ? state.nodes() : state.nodes().tailMap(after, false)).keySet());
        ids.addAll((after == null ? state.erased() : state.erased().tailMap(after, false)).keySet());
        List<NodeChange> read = new ArrayList<>();
        for (UUID id : ids) {
            NodeChange change = change(id, from, to);
            if (change != null) {
                read.add(change);
            }
            if (read.size() > page.limit()) {
                break;
            }
        }
        return Page.of(read, page.limit(), last -> Cursor.of("diff", last.id()));
    }

    private @Nullable NodeChange change(UUID id, Instant from, Instant to) {
        Instant erased = state.erased().get(id);
        if (erased != null) {
            return erased.isAfter(from) && !erased.isAfter(to) ? NodeChange.erased(id) : null;
        }
        Chain<Node> chain = state.nodes().get(id);
        Node first = chain == null ? null : chain.heldAt(from, Node::revision);
        Node second = chain == null ? null : chain.heldAt(to, Node::revision);
        if (second == null || (first != null && first.version() == second.version())) {
            return null;
        }
        boolean retracted = second.revision().retracted()
                && !(first != null && first.revision().retracted());
        NodeChange.Kind kind =
                retracted ? NodeChange.Kind.RETRACTED : first == null ? NodeChange.Kind.ADDED : NodeChange.Kind.CHANGED;
        return NodeChange.of(kind, second);
    }

    @Override
    public Page<Node> scan(ReadScope scope, NodeQuery query) {
        UUID after = afterId(query.page(), "scan");
        List<Node> read = new ArrayList<>();
        int seen = 0;
        for (Chain<Node> chain : (after == null ? state.nodes() : state.nodes().tailMap(after, false)).values()) {
            if ((++seen & 0xFFF) == 0) {
                scope.deadline().check("scan");
            }
            Node node = held(chain, query.asOf(), Node::revision);
            if (node != null && query.filter().matches(node)) {
                read.add(node);
            }
            if (read.size() > query.page().limit()) {
                break;
            }
        }
        return Page.of(read, query.page().limit(), last -> Cursor.of("scan", last.id()));
    }

    private static @Nullable UUID afterId(PageRequest page, String kind) {
        List<String> key = Cursor.read(page, kind, 1);
        return key.isEmpty() ? null : Cursor.uuid(key.get(0));
    }

    private static <K, T> List<T> present(Collection<K> keys, Lookup<K, T> lookup) {
        List<T> found = new ArrayList<>();
        for (K key : new LinkedHashSet<>(keys)) {
            T value = lookup.find(key);
            if (value != null) {
                found.add(value);
            }
        }
        return found;
    }

    private interface Lookup<K, T> {
        @Nullable
        T find(K key);
    }
}
