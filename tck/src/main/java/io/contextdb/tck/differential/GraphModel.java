package io.contextdb.tck.differential;

import io.contextdb.spi.filter.Field;
import io.contextdb.spi.filter.Filter;
import io.contextdb.spi.graph.Direction;
import io.contextdb.spi.graph.Edge;
import io.contextdb.spi.graph.EdgeContent;
import io.contextdb.spi.graph.EdgeDraft;
import io.contextdb.spi.graph.EdgeQuery;
import io.contextdb.spi.graph.NodeContent;
import io.contextdb.spi.graph.NodeDraft;
import io.contextdb.spi.graph.NodeQuery;
import io.contextdb.spi.graph.WalkQuery;
import io.contextdb.spi.graph.WalkStrategy;
import io.contextdb.spi.value.AsOf;
import io.contextdb.spi.value.Page;
import io.contextdb.spi.value.PageRequest;
import io.contextdb.spi.value.PropertyMap;
import io.contextdb.spi.write.Condition;
import io.contextdb.spi.write.GraphMutation;
import io.contextdb.spi.write.Mutation;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;

/** Nodes, edges and sources, on both axes of time. */
final class GraphModel implements Model {
    private static final List<String> TYPES = List.of("knows", "knows2", "é");
    private static final List<String> FINGERPRINTS = List.of("", "f1", "f2");
    private static final List<UUID> EDGES = List.of(
            UUID.fromString("10000000-0000-7000-8000-000000000001"),
            UUID.fromString("10000000-0000-7000-8000-000000000002"),
            UUID.fromString("7fffffff-0000-7000-8000-000000000003"),
            UUID.fromString("80000000-0000-7000-8000-000000000004"),
            UUID.fromString("f0000000-0000-7000-8000-000000000005"),
            UUID.fromString("ffffffff-0000-7000-8000-000000000006"));
    private static final List<Field> FIELDS =
            List.of(Field.id(), Field.labels(), Field.source(), Field.validFrom(), Field.validTo());

    private final Pool pool;
    private final boolean erasure;

    GraphModel(Pool pool, boolean erasure) {
        this.pool = pool;
        this.erasure = erasure;
    }

    @Override
    public List<Symbol<Mutation>> opening() {
        List<Symbol<Mutation>> all = new ArrayList<>();
        Pool.IDS.subList(0, 5).forEach(id -> all.add(putNode(id, GraphMutation.Fingerprints.SHARED)));
        EDGES.forEach(id -> all.add(putEdge(id)));
        return all;
    }

    @Override
    public Symbol<Mutation> mutation() {
        UUID node = pool.one(Pool.IDS);
        UUID edge = pool.one(EDGES);
        return switch (pool.below(erasure ? 44 : 39)) {
            case 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11 ->
                putNode(node, pool.one(List.of(GraphMutation.Fingerprints.values())));
            case 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23 -> putEdge(edge);
            case 24, 25, 26, 27 -> retract("RetractNode", node, GraphMutation.RetractNode::new);
            case 28, 29, 30, 31 -> retract("RetractEdge", edge, GraphMutation.RetractEdge::new);
            case 32, 33, 34 -> putSource();
            case 35, 36, 37, 38 -> addEvidence();
            // Mostly one that no edge needs: what was erased does not come back, and the rest of the script would be
            // refusals.
            case 39 -> erase(List.of(node, pool.one(Pool.IDS)));
            default -> erase(List.of(Pool.IDS.get(5)));
        };
    }

    private Symbol<Mutation> putNode(UUID id, GraphMutation.Fingerprints fingerprints) {
        NodeContent content = new NodeContent(
                new TreeSet<>(pool.some(Pool.LABELS)),
                pool.properties(),
                pool.oneIn(2) ? "" : pool.one(Pool.SOURCES),
                pool.one(List.of(0.0, 0.5, 1.0, 0.123456789012345)),
                pool.one(FINGERPRINTS));
        NodeDraft draft = NodeDraft.of(id, content);
        String text = ".of(" + JavaText.of(id) + ", new NodeContent(new TreeSet<>("
                + JavaText.of(List.copyOf(content.labels())) + "), "
                + JavaText.arguments(
                        content.properties(), content.source(), content.confidence(), content.fingerprint())
                + "))";
        if (pool.oneIn(6)) {
            var validity = pool.interval();
            draft = draft.valid(validity);
            text += ".valid(" + JavaText.of(validity) + ")";
        } else if (pool.oneIn(5)) {
            Instant end = pool.instant();
            draft = draft.validTo(end);
            text += ".validTo(" + JavaText.of(end) + ")";
        }
        NodeDraft made = draft;
        String java = "NodeDraft" + text;
        Symbol<Condition> condition = pool.condition();
        return Symbol.of(
                side -> new GraphMutation.PutNode(made, condition.on(side), fingerprints),
                side -> "new GraphMutation.PutNode(" + java + ", " + condition.java(side)
                        + ", GraphMutation.Fingerprints." + fingerprints + ")");
    }

    private Symbol<Mutation> putEdge(UUID id) {
        // End points belong to the edge, or most writes would be refused: a ring with a short cut.
        int n = EDGES.indexOf(id);
        UUID from = pool.oneIn(20) ? pool.one(Pool.IDS) : Pool.IDS.get(n % 5);
        UUID to = Pool.IDS.get(n == 5 ? 2 : (n + 1) % 5);
        EdgeContent content = new EdgeContent(
                from,
                to,
                pool.one(TYPES),
                pool.one(List.of(0.0, 0.5, 0.5, 1.0, 1.0)),
                pool.oneIn(2) ? PropertyMap.empty() : pool.properties());
        EdgeDraft draft = EdgeDraft.of(id, content);
        String text = "EdgeDraft.of(" + JavaText.of(id) + ", new EdgeContent("
                + JavaText.arguments(from, to, content.type(), content.weight(), content.properties()) + "))";
        if (pool.oneIn(6)) {
            var validity = pool.interval();
            draft = draft.valid(validity);
            text += ".valid(" + JavaText.of(validity) + ")";
        }
        EdgeDraft made = draft;
        String java = text;
        Symbol<Condition> condition = pool.condition();
        return Symbol.of(
                side -> new GraphMutation.PutEdge(made, condition.on(side)),
                side -> "new GraphMutation.PutEdge(" + java + ", " + condition.java(side) + ")");
    }

    private interface Retracting {
        Mutation of(UUID id, String reason, Condition condition);
    }

    private Symbol<Mutation> retract(String name, UUID id, Retracting retracting) {
        Symbol<Condition> condition = pool.condition();
        return Symbol.of(
                side -> retracting.of(id, "wrong", condition.on(side)),
                side -> "new GraphMutation." + name + "(" + JavaText.arguments(id, "wrong") + ", "
                        + condition.java(side) + ")");
    }

    private Symbol<Mutation> putSource() {
        String source = pool.one(Pool.SOURCES);
        List<String> labels = pool.some(Pool.LABELS);
        PropertyMap properties = pool.properties();
        return Symbol.of(
                side -> new GraphMutation.PutSource(source, new TreeSet<>(labels), properties),
                side -> "new GraphMutation.PutSource(" + JavaText.of(source) + ", new TreeSet<>(" + JavaText.of(labels)
                        + "), " + JavaText.of(properties) + ")");
    }

    private Symbol<Mutation> addEvidence() {
        String source = pool.one(Pool.SOURCES);
        double alpha = pool.one(List.of(0.0, 1.0, 0.5));
        double beta = pool.one(List.of(0.0, 1.0, 0.25));
        return Symbol.of(
                side -> new GraphMutation.AddEvidence(source, alpha, beta),
                side -> "new GraphMutation.AddEvidence(" + JavaText.arguments(source, alpha, beta) + ")");
    }

    private Symbol<Mutation> erase(List<UUID> ids) {
        return Symbol.of(
                side -> new GraphMutation.Erase(ids), side -> "new GraphMutation.Erase(" + JavaText.of(ids) + ")");
    }

    @Override
    public Action read() {
        List<UUID> ids = pool.some(Pool.IDS);
        List<UUID> edges = pool.some(EDGES);
        UUID id = pool.one(Pool.IDS);
        UUID edge = pool.one(EDGES);
        Symbol<AsOf> asOf = pool.asOf();
        return switch (pool.below(13)) {
            case 0 ->
                new Read(
                        side -> "graph().get(" + JavaText.of(ids) + ")",
                        side -> side.view().all(side.namespace().graph().get(ids), side.view()::node));
            case 1, 2 ->
                new Read(
                        side -> "graph().get(" + JavaText.of(ids) + ", " + asOf.java(side) + ")",
                        side -> side.view().all(side.namespace().graph().get(ids, asOf.on(side)), side.view()::node));
            case 3 ->
                new Read(
                        side -> "graph().history(" + JavaText.of(id) + ").toList()",
                        side -> side.view().all(side.namespace().graph().history(id), side.view()::node));
            case 4 ->
                new Read(
                        side -> "graph().getEdges(" + JavaText.of(edges) + ")",
                        side -> side.view().all(side.namespace().graph().getEdges(edges), side.view()::edge));
            case 5 ->
                new Read(
                        side -> "graph().edgeHistory(" + JavaText.of(edge) + ").toList()",
                        side -> side.view().all(side.namespace().graph().edgeHistory(edge), side.view()::edge));
            case 6 -> edgesOf(ids, asOf);
            case 7, 12 -> walk(ids, asOf);
            case 8 -> sources();
            case 9 -> fingerprints();
            case 10 -> diff();
            default -> scan(asOf);
        };
    }

    private Action edgesOf(List<UUID> ids, Symbol<AsOf> asOf) {
        Direction direction = pool.one(List.of(Direction.OUTGOING, Direction.INCOMING));
        List<String> types = pool.oneIn(2) ? List.of() : List.of(pool.one(TYPES));
        int size = pool.pageSize();
        return new Read(
                side -> "graph().edges(new EdgeQuery(" + JavaText.arguments(ids, direction, types) + ", "
                        + asOf.java(side) + ", PageRequest.first(" + size + "))); // and the pages that follow",
                side -> {
                    EdgeQuery query = new EdgeQuery(ids, direction, types, asOf.on(side), PageRequest.first(size));
                    List<String> all = new ArrayList<>();
                    Page<Edge> page;
                    do {
                        page = side.namespace().graph().edges(query);
                        all.add(page.items().size() + " edges");
                        all.addAll(side.view().all(page.items(), side.view()::edge));
                        query = query.page(query.page().after(page.next()));
                    } while (page.hasNext());
                    return all;
                });
    }

    private Action walk(List<UUID> seeds, Symbol<AsOf> asOf) {
        WalkStrategy strategy = pool.one(List.of(
                new WalkStrategy.BreadthFirst(),
                new WalkStrategy.Beam(1),
                new WalkStrategy.Beam(2),
                new WalkStrategy.Decay(0.5)));
        Direction direction = pool.one(List.of(Direction.values()));
        List<String> types = pool.oneIn(2) ? List.of() : List.of(pool.one(TYPES));
        double least = pool.one(List.of(0.0, 0.1, 0.5));
        int depth = pool.below(5);
        int limit = 1 + pool.below(8);
        return new Read(
                side -> "graph().walk(new WalkQuery("
                        + JavaText.arguments(seeds, direction, types, least, depth, limit) + ", " + asOf.java(side)
                        + ", " + java(strategy) + "))",
                side -> side.view()
                        .all(
                                side.namespace()
                                        .graph()
                                        .walk(new WalkQuery(
                                                seeds, direction, types, least, depth, limit, asOf.on(side), strategy)),
                                side.view()::step));
    }

    private static String java(WalkStrategy strategy) {
        return switch (strategy) {
            case WalkStrategy.BreadthFirst all -> "new WalkStrategy.BreadthFirst()";
            case WalkStrategy.Beam beam -> "new WalkStrategy.Beam(" + beam.width() + ")";
            case WalkStrategy.Decay decay -> "new WalkStrategy.Decay(" + decay.factor() + ")";
        };
    }

    private Action sources() {
        List<String> asked = pool.some(Pool.SOURCES);
        return pool.oneIn(2)
                ? new Read(
                        side -> "graph().sources().toList()",
                        side -> side.view().all(side.namespace().graph().sources(), side.view()::source))
                : new Read(
                        side -> "graph().sources(" + JavaText.of(asked) + ")",
                        side -> side.view().all(side.namespace().graph().sources(asked), side.view()::source));
    }

    private Action fingerprints() {
        List<String> asked = pool.some(FINGERPRINTS);
        return new Read(side -> "graph().findByFingerprint(" + JavaText.of(asked) + ")", side -> {
            Map<String, String> found = new TreeMap<>();
            side.namespace()
                    .graph()
                    .findByFingerprint(asked)
                    .forEach((fingerprint, node) ->
                            found.put(fingerprint, side.view().node(node)));
            return found;
        });
    }

    private Action diff() {
        Symbol<Instant> from = pool.oneIn(3) ? Symbol.constant(Pool.FIRST) : pool.moment();
        Symbol<Instant> to = pool.moment();
        return new Read(
                side -> "graph().diff(" + from.java(side) + ", " + to.java(side) + ").toList()",
                side -> side.view()
                        .all(side.namespace().graph().diff(from.on(side), to.on(side)), side.view()::change));
    }

    private Action scan(Symbol<AsOf> asOf) {
        Filter filter = pool.filter(FIELDS, 3);
        int size = pool.pageSize();
        return new Read(
                side -> "graph().scanAll(new NodeQuery(" + JavaText.of(filter) + ", " + asOf.java(side)
                        + ", PageRequest.first(" + size + "))).toList()",
                side -> side.view()
                        .all(
                                side.namespace()
                                        .graph()
                                        .scanAll(new NodeQuery(filter, asOf.on(side), PageRequest.first(size))),
                                side.view()::node));
    }
}
