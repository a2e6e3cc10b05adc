package io.contextdb.backend.postgresql;

import static io.contextdb.backend.postgresql.ItemColumns.column;

import io.contextdb.backend.postgresql.Script.Many;
import io.contextdb.spi.graph.EdgeDraft;
import io.contextdb.spi.graph.NodeDraft;
import io.contextdb.spi.value.UuidOrder;
import io.contextdb.spi.write.GraphMutation;
import io.contextdb.spi.write.MutationResult;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Nodes and edges that a batch adds. They go in the order of their ids, by which the server finds their places in its indexes
 * sooner. A start of validity that is null stands for the commit. Not thread-safe.
 */
final class AddedGraph {
    /** Has the index look for all ids itself, which takes less than to join them; since PostgreSQL 17 it does so in one pass. */
    private static final String NEW_NODES = """
             AND NOT EXISTS (SELECT FROM cdb.node n WHERE n.ns = ? AND n.id = ANY (?))
             AND NOT EXISTS (SELECT FROM cdb.erased e WHERE e.ns = ? AND e.id = ANY (?))
            """;

    private static final String NEW_FINGERPRINTS = """
             AND NOT EXISTS (SELECT FROM cdb.node n WHERE n.ns = ? AND n.fingerprint = ANY (?) AND n.fingerprint <> ''
                                AND n.tx_to = 9223372036854775807)
            """;
    private static final String ADD_NODES = """
            , n AS (INSERT INTO cdb.node (ns, id, version, valid_from, valid_to, tx_from, tx_to, confidence, labels, source,
                                          fingerprint, retraction, properties)
              SELECT ?, r.id, 1, coalesce(r.valid_from, c.now), greatest(r.valid_to, coalesce(r.valid_from, c.now)), c.now,
                     9223372036854775807, r.confidence, r.labels::text[], r.source, r.fingerprint, '', r.properties::jsonb
                FROM c, (SELECT
            """;
    private static final ItemColumns<NodeDraft> NODES = ItemColumns.of("id", "uuid", NodeDraft::id)
            .and("labels", "text", node -> Columns.array(node.content().labels()))
            .and("properties", "text", node -> JsonColumn.write(node.content().properties()))
            .unlessUsual(
                    column("valid_from", "int8", null, node -> micros(node.validFrom())),
                    column("valid_to", "int8", Columns.OPEN, node -> Columns.of(node.validTo())))
            .unlessUsual(
                    column("confidence", "float8", 1.0, node -> node.content().confidence()))
            .unlessUsual(
                    column("source", "text", "", node -> node.content().source()),
                    column("fingerprint", "text", "", node -> node.content().fingerprint()));
    private static final String NEW_EDGES = """
             AND NOT EXISTS (SELECT FROM cdb.edge e WHERE e.ns = ? AND e.id = ANY (?))
            """;
    private static final String ENDS = """
             AND (SELECT count(*) FROM cdb.node n
                   WHERE n.ns = ? AND n.id = ANY (?) AND n.tx_to = 9223372036854775807) = ?
            """;
    private static final String ADD_EDGES = """
            , e AS (INSERT INTO cdb.edge (ns, id, version, from_id, to_id, type, weight, valid_from, valid_to, tx_from, tx_to,
                                          retraction, properties)
              SELECT ?, r.id, 1, r.from_id, r.to_id, r.type, r.weight, coalesce(r.valid_from, c.now),
                     greatest(r.valid_to, coalesce(r.valid_from, c.now)), c.now, 9223372036854775807, '', r.properties::jsonb
                FROM c, (SELECT
            """;
    private static final ItemColumns<EdgeDraft> EDGES = ItemColumns.of("id", "uuid", EdgeDraft::id)
            .and("from_id", "uuid", edge -> edge.content().from())
            .and("to_id", "uuid", edge -> edge.content().to())
            .and("type", "text", edge -> edge.content().type())
            .unlessUsual(column("weight", "float8", 1.0, edge -> edge.content().weight()))
            .unlessUsual(column(
                    "properties",
                    "text",
                    "{}",
                    edge -> JsonColumn.write(edge.content().properties())))
            .unlessUsual(
                    column("valid_from", "int8", null, edge -> micros(edge.validFrom())),
                    column("valid_to", "int8", Columns.OPEN, edge -> Columns.of(edge.validTo())));
    private static final MutationResult FIRST = new MutationResult.Written(1);

    private final List<NodeDraft> nodes = new ArrayList<>();
    private final Set<UUID> nodeIds = new HashSet<>();
    private final List<EdgeDraft> edges = new ArrayList<>();
    private final Set<UUID> edgeIds = new HashSet<>();
    /** Ends of edges that were not put before in the batch. */
    private final Set<UUID> ends = new LinkedHashSet<>();

    private final Set<String> fingerprints = new HashSet<>();
    /** Those that only one node may carry. */
    private final Set<String> unique = new LinkedHashSet<>();

    /** Takes a mutation, and returns its result if all is new; empty if it is not for us. */
    Optional<MutationResult> take(GraphMutation mutation) {
        boolean taken = switch (mutation) {
            case GraphMutation.PutNode put -> put.condition().holds(0) && node(put);
            case GraphMutation.PutEdge put -> put.condition().holds(0) && edge(put.draft());
            default -> false;
        };
        return taken ? Optional.of(FIRST) : Optional.empty();
    }

    private boolean node(GraphMutation.PutNode put) {
        String fingerprint = put.draft().content().fingerprint();
        boolean first = fingerprints.add(fingerprint);
        boolean shared = put.fingerprints() == GraphMutation.Fingerprints.SHARED || fingerprint.isEmpty();
        if (!shared) {
            unique.add(fingerprint);
        }
        nodes.add(put.draft());
        return nodeIds.add(put.draft().id()) && (shared || first);
    }

    private boolean edge(EdgeDraft draft) {
        for (UUID end : List.of(draft.content().from(), draft.content().to())) {
            if (!nodeIds.contains(end)) {
                ends.add(end);
            }
        }
        edges.add(draft);
        return edgeIds.add(draft.id());
    }

    /** Adds on which conditions it is written, and how. */
    void addTo(int namespace, Parts conditions, Parts inserts) {
        nodes.sort(Comparator.comparing(NodeDraft::id, UuidOrder.INSTANCE));
        edges.sort(Comparator.comparing(EdgeDraft::id, UuidOrder.INSTANCE));
        if (!nodes.isEmpty()) {
            Many ids = Many.uuids(nodes, NodeDraft::id);
            conditions.add(NEW_NODES, namespace, ids, namespace, ids);
            inserts.add(ADD_NODES, namespace).add(NODES.list(nodes)).add(ItemColumns.END);
        }
        if (!unique.isEmpty()) {
            conditions.add(NEW_FINGERPRINTS, namespace, Many.texts(List.copyOf(unique)));
        }
        if (!edges.isEmpty()) {
            conditions.add(NEW_EDGES, namespace, Many.uuids(edges, EdgeDraft::id));
            inserts.add(ADD_EDGES, namespace).add(EDGES.list(edges)).add(ItemColumns.END);
        }
        if (!ends.isEmpty()) {
            conditions.add(ENDS, namespace, Many.uuids(List.copyOf(ends)), ends.size());
        }
    }

    private static @Nullable Long micros(Optional<Instant> instant) {
        return instant.map(Columns::of).orElse(null);
    }
}
