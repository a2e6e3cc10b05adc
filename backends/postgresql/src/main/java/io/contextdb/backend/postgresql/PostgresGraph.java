package io.contextdb.backend.postgresql;

import io.contextdb.backend.postgresql.Script.Many;
import io.contextdb.spi.error.InvalidRequestException;
import io.contextdb.spi.filter.Field;
import io.contextdb.spi.graph.Direction;
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
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.ToLongFunction;

/** Reads of the graph (contract N), one statement each. */
final class PostgresGraph implements GraphReader {
    private static final FilterSql.Table NODES = new FilterSql.Table(
            Map.of(
                    Field.Kind.ID, "n.id",
                    Field.Kind.LABELS, "n.labels",
                    Field.Kind.PROPERTY, "n.properties",
                    Field.Kind.SOURCE, "n.source",
                    Field.Kind.VALID_FROM, "n.valid_from",
                    Field.Kind.VALID_TO, "n.valid_to"),
            true);
    private static final Lookup BY_ID = Lookup.by(
            "SELECT " + Rows.NODE + " FROM cdb.node n WHERE n.ns = ? AND n.id = ANY (?) AND n.tx_to = " + Columns.OPEN);
    private static final String HISTORY = "SELECT " + Rows.NODE
            + " FROM cdb.node n WHERE n.ns = ? AND n.id = ? AND n.version > ? ORDER BY n.version LIMIT ?";
    private static final String BY_FINGERPRINT = "SELECT DISTINCT ON (n.fingerprint) " + Rows.NODE
            + " FROM cdb.node n WHERE n.ns = ? AND n.fingerprint = ANY (?) AND n.fingerprint <> '' AND n.tx_to = "
            + Columns.OPEN + " AND n.valid_from <= " + Snapshot.NOW + " AND n.valid_to > " + Snapshot.NOW
            + " ORDER BY n.fingerprint, n.id";
    private static final Lookup EDGE_BY_ID = Lookup.by(
            "SELECT " + Rows.EDGE + " FROM cdb.edge e WHERE e.ns = ? AND e.id = ANY (?) AND e.tx_to = " + Columns.OPEN);
    private static final String EDGE_HISTORY = "SELECT " + Rows.EDGE
            + " FROM cdb.edge e WHERE e.ns = ? AND e.id = ? AND e.version > ? ORDER BY e.version LIMIT ?";
    private static final Lookup SOURCE_BY_ID =
            Lookup.by("SELECT " + Rows.SOURCE + " FROM cdb.source s WHERE s.ns = ? AND s.external_id = ANY (?)");
    private static final String SOURCES = "SELECT " + Rows.SOURCE
            + " FROM cdb.source s WHERE s.ns = ? AND s.external_id > ? ORDER BY s.external_id LIMIT ?";

    private final Store store;

    PostgresGraph(Store store) {
        this.store = store;
    }

    @Override
    public List<Node> get(ReadScope scope, Collection<UUID> ids) {
        List<UUID> asked = Asked.of("graph.ids", ids);
        return store.read(
                scope, snapshot -> ordered(asked, Node::id, BY_ID.read(snapshot, Rows::node, Many.uuids(asked))));
    }

    /** Puts what was read into the order in which it was asked for. */
    static <K, T> List<T> ordered(List<K> asked, Function<T, K> key, List<T> read) {
        if (asked.size() == 1) {
            return List.copyOf(read);
        }
        Map<K, T> byKey = new HashMap<>();
        read.forEach(item -> byKey.put(key.apply(item), item));
        List<T> ordered = new ArrayList<>(read.size());
        for (K wanted : asked) {
            T item = byKey.get(wanted);
            if (item != null) {
                ordered.add(item);
            }
        }
        return List.copyOf(ordered);
    }

    @Override
    public List<Node> get(ReadScope scope, Collection<UUID> ids, AsOf asOf) {
        List<UUID> asked = Asked.of("graph.ids", ids);
        store.promise(scope, asOf);
        return store.read(scope, snapshot -> {
            Held held = Held.at(asOf, "n", snapshot.namespace());
            List<Node> read = snapshot.list(
                    "SELECT " + Rows.NODE + " FROM cdb.node n WHERE n.ns = ? AND n.id = ANY (?)" + held.sql(),
                    Rows::node,
                    held.values(snapshot.namespace(), Many.uuids(asked)));
            return ordered(asked, Node::id, read);
        });
    }

    @Override
    public Page<Node> history(ReadScope scope, UUID id, PageRequest page) {
        return versions(scope, id, page, HISTORY, Rows::node, Node::version);
    }

    @Override
    public Page<Edge> edgeHistory(ReadScope scope, UUID id, PageRequest page) {
        return versions(scope, id, page, EDGE_HISTORY, Rows::edge, Edge::version);
    }

    private <T> Page<T> versions(
            ReadScope scope, UUID id, PageRequest page, String sql, Script.Row<T> row, ToLongFunction<T> version) {
        long after = page.cursor().isEmpty()
                ? 0
                : Cursor.parse("versions", 1, page.cursor(), parts -> Long.parseLong(parts.get(0)));
        return store.readOnReplica(
                scope,
                snapshot -> Page.of(
                        snapshot.list(sql, row, snapshot.namespace(), id, after, page.limit() + 1),
                        page.limit(),
                        last -> Cursor.of("versions", version.applyAsLong(last))));
    }

    @Override
    public List<Edge> getEdges(ReadScope scope, Collection<UUID> ids) {
        List<UUID> asked = Asked.of("graph.ids", ids);
        return store.read(
                scope, snapshot -> ordered(asked, Edge::id, EDGE_BY_ID.read(snapshot, Rows::edge, Many.uuids(asked))));
    }

    @Override
    public Page<Edge> edges(ReadScope scope, EdgeQuery query) {
        PageRequest page = query.page();
        List<Object> bound = new ArrayList<>();
        StringBuilder sql = new StringBuilder("SELECT " + Rows.EDGE + " FROM cdb.edge e WHERE e.ns = ? AND ");
        Many nodes = Many.uuids(query.nodes());
        sql.append(
                switch (query.direction()) {
                    case OUTGOING -> "e.from_id = ANY (?)";
                    case INCOMING -> "e.to_id = ANY (?)";
                    case BOTH -> "(e.from_id = ANY (?) OR e.to_id = ANY (?))";
                });
        bound.add(nodes);
        if (query.direction() == Direction.BOTH) {
            bound.add(nodes);
        }
        if (!query.types().isEmpty()) {
            sql.append(" AND e.type = ANY (?)");
            bound.add(Many.texts(query.types()));
        }
        if (!page.cursor().isEmpty()) {
            sql.append(" AND (e.type > ? OR (e.type = ? AND (e.weight < ? OR (e.weight = ? AND e.id > ?))))");
            bound.addAll(Cursor.parse("edges", 3, page.cursor(), parts -> {
                double weight = Double.parseDouble(parts.get(1));
                return List.of(parts.get(0), parts.get(0), weight, weight, UUID.fromString(parts.get(2)));
            }));
        }
        return store.readOnReplica(scope, query.asOf(), snapshot -> {
            Held held = Held.at(query.asOf(), "e", snapshot.namespace());
            List<Object> all = new ArrayList<>(List.of(snapshot.namespace()));
            all.addAll(bound);
            List<Edge> read = snapshot.list(
                    sql + held.sql() + " ORDER BY e.type, e.weight DESC, e.id LIMIT " + (page.limit() + 1),
                    Rows::edge,
                    held.values(all.toArray()));
            return Page.of(read, page.limit(), last -> Cursor.of("edges", last.type(), last.weight(), last.id()));
        });
    }

    @Override
    public List<WalkStep> walk(ReadScope scope, WalkQuery query) {
        // What was known earlier goes level by level through the queries above.
        return query.asOf().knownAt().isPresent()
                ? GraphReader.super.walk(scope, query)
                : store.readOnReplica(scope, snapshot -> GraphWalk.steps(snapshot, query));
    }

    @Override
    public List<Source> sources(ReadScope scope, Collection<String> externalIds) {
        List<String> asked = Asked.of("graph.sources", externalIds);
        return store.read(
                scope,
                snapshot -> ordered(
                        asked, Source::externalId, SOURCE_BY_ID.read(snapshot, Rows::source, Many.texts(asked))));
    }

    @Override
    public Page<Source> sources(ReadScope scope, PageRequest page) {
        String after = page.cursor().isEmpty() ? "" : Cursor.parse("sources", 1, page.cursor(), parts -> parts.get(0));
        return store.readOnReplica(
                scope,
                snapshot -> Page.of(
                        snapshot.list(SOURCES, Rows::source, snapshot.namespace(), after, page.limit() + 1),
                        page.limit(),
                        last -> Cursor.of("sources", last.externalId())));
    }

    @Override
    public Map<String, Node> findByFingerprint(ReadScope scope, Collection<String> fingerprints) {
        List<String> asked = Asked.of("graph.fingerprints", fingerprints);
        return store.read(scope, snapshot -> {
            Map<String, Node> found = new HashMap<>();
            int namespace = snapshot.namespace();
            snapshot.list(BY_FINGERPRINT, Rows::node, namespace, Many.texts(asked), namespace, namespace)
                    .forEach(node -> found.put(node.content().fingerprint(), node));
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
        UUID after = page.cursor().isEmpty() ? null : Cursor.id("nodes", page.cursor());
        return store.readOnReplica(scope, query.asOf(), snapshot -> {
            Held held = Held.at(query.asOf(), "n", snapshot.namespace());
            FilterSql filter = FilterSql.of(query.filter(), NODES);
            List<Object> bound = new ArrayList<>(List.of(snapshot.namespace()));
            if (after != null) {
                bound.add(after);
            }
            List<Node> read = snapshot.list(
                    "SELECT " + Rows.NODE + " FROM cdb.node n WHERE n.ns = ?" + (after == null ? "" : " AND n.id > ?")
                            + " AND " + filter.sql() + held.sql() + " ORDER BY n.id LIMIT " + (page.limit() + 1),
                    Rows::node,
                    held.values(filter.values(bound)));
            return Page.of(read, page.limit(), last -> Cursor.of("nodes", last.id()));
        });
    }
}
