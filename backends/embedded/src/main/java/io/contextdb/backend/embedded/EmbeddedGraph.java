package io.contextdb.backend.embedded;

import io.contextdb.spi.error.InvalidRequestException;
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
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;

/** Reads of the graph. What was read before comes from the cache, if every part of the read does. */
final class EmbeddedGraph implements GraphReader {
    private static final String BY_ID = GraphRows.NODE_NOW + " WHERE n.ns = ? AND n.id = ?";
    private static final String BY_IDS =
            GraphRows.NODE_NOW + " WHERE n.ns = ? AND n.id IN (SELECT unhex(value) FROM json_each(?))";
    private static final String HELD_NOW = BY_ID + " AND n.tx_from <= ?";
    private static final String HELD_THEN =
            GraphRows.NODE_PAST + " WHERE n.ns = ? AND n.id = ? AND p.tx_from <= ? AND p.tx_to > ?";
    private static final String PAST_VERSIONS =
            GraphRows.NODE_PAST + " WHERE n.ns = ? AND n.id = ? AND p.version > ? ORDER BY p.version LIMIT ?";
    /** Ordered by "+n.id", or the planner takes the index that has that order, and looks at every node of the namespace. */
    static final String BY_FINGERPRINT = GraphRows.NODE_NOW + """
                     WHERE n.ns = ? AND n.fingerprint = ? AND n.fingerprint <> ''
                       AND n.valid_from <= ? AND n.valid_to > ?
                     ORDER BY +n.id LIMIT 1
                    """;

    private static final String SCAN_NOW = GraphRows.NODE_NOW
            + " WHERE n.ns = ?1 AND n.id > ?2 AND n.valid_from <= ?3 AND n.valid_to > ?3 AND n.tx_from <= ?4 ";
    private static final String SCAN_THEN = GraphRows.NODE_PAST + """
                     WHERE n.ns = ?1 AND n.id > ?2 AND p.valid_from <= ?3 AND p.valid_to > ?3
                       AND p.tx_from <= ?4 AND p.tx_to > ?4
                    """;
    private static final String EDGE_BY_ID = GraphRows.EDGE_NOW + " WHERE e.ns = ? AND e.id = ?";
    private static final String EDGE_PAST_VERSIONS =
            GraphRows.EDGE_PAST + " WHERE e.ns = ? AND e.id = ? AND p.version > ? ORDER BY p.version LIMIT ?";
    private static final String SOURCE_BY_ID = GraphRows.SOURCE + "WHERE ns = ? AND external_id = ?";
    private static final String SOURCES =
            GraphRows.SOURCE + "WHERE ns = ? AND external_id > ? ORDER BY external_id LIMIT ?";

    private final Store store;

    EmbeddedGraph(Store store) {
        this.store = store;
    }

    @Override
    public List<Node> get(ReadScope scope, Collection<UUID> ids) {
        List<UUID> asked = Asked.of("graph.ids", ids);
        Optional<List<Node>> cached = cached(scope, asked);
        return cached.isPresent() ? cached.get() : store.read(scope, snapshot -> current(snapshot, asked));
    }

    private Optional<List<Node>> cached(ReadScope scope, List<UUID> ids) {
        long namespace = store.check(scope);
        long commit = store.visible();
        List<Node> nodes = new ArrayList<>(ids.size());
        for (UUID id : ids) {
            Optional<Node> node = store.cache().node(RecordCache.Key.of(namespace, id), commit);
            if (node.isEmpty()) {
                return Optional.empty();
            }
            nodes.add(node.get());
        }
        return Optional.of(List.copyOf(nodes));
    }

    private List<Node> current(Snapshot snapshot, List<UUID> ids) throws SQLException {
        Map<UUID, Node> found = currentById(snapshot, ids);
        return ids.stream().map(found::get).filter(Objects::nonNull).toList();
    }

    /** Returns the current nodes of those that exist; what the cache lacks is read at once. */
    Map<UUID, Node> currentById(Snapshot snapshot, Collection<UUID> ids) throws SQLException {
        Map<UUID, Node> found = new HashMap<>();
        List<UUID> missing = new ArrayList<>();
        for (UUID id : ids) {
            store.cache()
                    .node(RecordCache.Key.of(snapshot.namespace(), id), snapshot.commit())
                    .ifPresentOrElse(node -> found.put(id, node), () -> missing.add(id));
        }
        if (missing.size() == 1) {
            snapshot.database()
                    .first(BY_ID, GraphRows::node, snapshot.namespace(), Columns.of(missing.get(0)))
                    .ifPresent(node -> keep(snapshot, node, found));
        } else if (!missing.isEmpty()) {
            snapshot.database()
                    .list(BY_IDS, GraphRows::node, snapshot.namespace(), Columns.list(missing))
                    .forEach(node -> keep(snapshot, node, found));
        }
        return found;
    }

    private void keep(Snapshot snapshot, Node node, Map<UUID, Node> found) {
        store.cache().put(RecordCache.Key.of(snapshot.namespace(), node.id()), node, snapshot.commit());
        found.put(node.id(), node);
    }

    @Override
    public List<Node> get(ReadScope scope, Collection<UUID> ids, AsOf asOf) {
        List<UUID> asked = Asked.of("graph.ids", ids);
        store.promise(scope, asOf);
        return store.read(scope, snapshot -> {
            Instant validAt = validAt(snapshot, asOf);
            return held(snapshot, asked, asOf).stream()
                    .filter(node -> node.validity().contains(validAt))
                    .toList();
        });
    }

    private List<Node> held(Snapshot snapshot, List<UUID> ids, AsOf asOf) throws SQLException {
        if (asOf.knownAt().isEmpty()) {
            return current(snapshot, ids);
        }
        long knownAt = Columns.of(asOf.knownAt().get());
        List<Node> nodes = new ArrayList<>(ids.size());
        for (UUID id : ids) {
            held(snapshot, id, knownAt).ifPresent(nodes::add);
        }
        return nodes;
    }

    static Instant validAt(Snapshot snapshot, AsOf asOf) {
        return asOf.validAt().orElseGet(() -> Columns.instant(snapshot.now()));
    }

    static Optional<Node> held(Snapshot snapshot, UUID id, long knownAt) throws SQLException {
        byte[] key = Columns.of(id);
        Database database = snapshot.database();
        Optional<Node> now = database.first(HELD_NOW, GraphRows::node, snapshot.namespace(), key, knownAt);
        return now.isPresent()
                ? now
                : database.first(HELD_THEN, GraphRows::node, snapshot.namespace(), key, knownAt, knownAt);
    }

    @Override
    public Page<Node> history(ReadScope scope, UUID id, PageRequest page) {
        return versions(scope, id, page, PAST_VERSIONS, BY_ID, GraphRows::node, Node::version);
    }

    @Override
    public Page<Edge> edgeHistory(ReadScope scope, UUID id, PageRequest page) {
        return versions(scope, id, page, EDGE_PAST_VERSIONS, EDGE_BY_ID, GraphRows::edge, Edge::version);
    }

    private <T> Page<T> versions(
            ReadScope scope,
            UUID id,
            PageRequest page,
            String past,
            String now,
            Database.Row<T> row,
            java.util.function.ToLongFunction<T> version) {
        long after = page.cursor().isEmpty()
                ? 0
                : Cursor.parse("versions", 1, page.cursor(), parts -> Long.parseLong(parts.get(0)));
        return store.read(scope, snapshot -> {
            byte[] key = Columns.of(id);
            Database database = snapshot.database();
            List<T> read =
                    new ArrayList<>(database.list(past, row, snapshot.namespace(), key, after, page.limit() + 1));
            if (read.size() <= page.limit()) {
                database.first(now, row, snapshot.namespace(), key)
                        .filter(current -> version.applyAsLong(current) > after)
                        .ifPresent(read::add);
            }
            return Page.of(read, page.limit(), last -> Cursor.of("versions", version.applyAsLong(last)));
        });
    }

    @Override
    public List<Edge> getEdges(ReadScope scope, Collection<UUID> ids) {
        List<UUID> asked = Asked.of("graph.ids", ids);
        return store.read(scope, snapshot -> {
            List<Edge> edges = new ArrayList<>(asked.size());
            for (UUID id : asked) {
                snapshot.database()
                        .first(EDGE_BY_ID, GraphRows::edge, snapshot.namespace(), Columns.of(id))
                        .ifPresent(edges::add);
            }
            return List.copyOf(edges);
        });
    }

    @Override
    public Page<Edge> edges(ReadScope scope, EdgeQuery query) {
        store.promise(scope, query.asOf());
        return store.read(scope, snapshot -> EdgeList.read(snapshot, query));
    }

    @Override
    public List<WalkStep> walk(ReadScope scope, WalkQuery query) {
        // History is not cached: such a walk goes level by level through the queries above.
        return query.asOf().knownAt().isPresent()
                ? GraphReader.super.walk(scope, query)
                : store.read(scope, snapshot -> new GraphWalk(this, store.cache(), snapshot, query).steps());
    }

    @Override
    public List<Source> sources(ReadScope scope, Collection<String> externalIds) {
        List<String> asked = Asked.of("graph.sources", externalIds);
        return store.read(scope, snapshot -> {
            List<Source> sources = new ArrayList<>(asked.size());
            for (String id : asked) {
                snapshot.database()
                        .first(SOURCE_BY_ID, GraphRows::source, snapshot.namespace(), id)
                        .ifPresent(sources::add);
            }
            return List.copyOf(sources);
        });
    }

    @Override
    public Page<Source> sources(ReadScope scope, PageRequest page) {
        String after = page.cursor().isEmpty() ? "" : Cursor.parse("sources", 1, page.cursor(), parts -> parts.get(0));
        return store.read(
                scope,
                snapshot -> Page.of(
                        snapshot.database()
                                .list(SOURCES, GraphRows::source, snapshot.namespace(), after, page.limit() + 1),
                        page.limit(),
                        last -> Cursor.of("sources", last.externalId())));
    }

    @Override
    public Map<String, Node> findByFingerprint(ReadScope scope, Collection<String> fingerprints) {
        List<String> asked = Asked.of("graph.fingerprints", fingerprints);
        return store.read(scope, snapshot -> {
            Map<String, Node> found = new HashMap<>();
            for (String fingerprint : asked) {
                snapshot.database()
                        .first(
                                BY_FINGERPRINT,
                                GraphRows::node,
                                snapshot.namespace(),
                                fingerprint,
                                snapshot.now(),
                                snapshot.now())
                        .ifPresent(node -> found.put(fingerprint, node));
            }
            return Map.copyOf(found);
        });
    }

    @Override
    public Page<NodeChange> diff(ReadScope scope, Instant from, Instant to, PageRequest page) {
        long after = Columns.of(from);
        long until = Columns.of(to);
        if (until < after) {
            throw new InvalidRequestException("diff.to", "must not be before from (" + from + "), is " + to);
        }
        store.promise(scope, AsOf.at(to));
        return store.read(scope, snapshot -> GraphDiff.read(snapshot, after, until, page));
    }

    @Override
    public Page<Node> scan(ReadScope scope, NodeQuery query) {
        PageRequest page = query.page();
        byte[] after = page.cursor().isEmpty() ? new byte[0] : Columns.of(Cursor.id("nodes", page.cursor()));
        store.promise(scope, query.asOf());
        return store.read(scope, snapshot -> {
            boolean past = query.asOf().knownAt().isPresent();
            List<Node> read = new ArrayList<>();
            RowFields fields = new RowFields(RowFields.Layout.NODES);
            snapshot.database()
                    .each(
                            (past ? SCAN_NOW + " UNION ALL " + SCAN_THEN : SCAN_NOW) + " ORDER BY 1",
                            row -> {
                                if (query.filter().matches(fields.at(row))) {
                                    read.add(GraphRows.node(row));
                                }
                                return read.size() <= page.limit();
                            },
                            snapshot.namespace(),
                            after,
                            Columns.of(validAt(snapshot, query.asOf())),
                            query.asOf().knownAt().map(Columns::of).orElse(Columns.OPEN));
            return Page.of(read, page.limit(), last -> Cursor.of("nodes", last.id()));
        });
    }
}
