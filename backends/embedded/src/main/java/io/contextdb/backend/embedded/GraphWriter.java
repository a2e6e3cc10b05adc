package io.contextdb.backend.embedded;

import io.contextdb.spi.error.ErrorCode;
import io.contextdb.spi.error.InvalidRequestException;
import io.contextdb.spi.graph.EdgeContent;
import io.contextdb.spi.graph.EdgeDraft;
import io.contextdb.spi.graph.NodeContent;
import io.contextdb.spi.graph.NodeDraft;
import io.contextdb.spi.value.Interval;
import io.contextdb.spi.write.GraphMutation;
import io.contextdb.spi.write.MutationResult;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;
import java.util.UUID;

/** Applies changes of the graph (contract N). The version that a write supersedes moves to the table of past ones. */
final class GraphWriter {
    private static final String NODE = "SELECT key, version, valid_from, valid_to FROM node WHERE ns = ?1 AND id = ?2";
    private static final String NODE_OR_ERASED =
            NODE + " UNION ALL SELECT 0, 0, 0, 0 FROM erased WHERE ns = ?1 AND id = ?2 LIMIT 1";
    /** Ordered by "+id" for the same reason as {@link EmbeddedGraph#BY_FINGERPRINT}. */
    static final String HOLDER = """
            SELECT id, version FROM node
             WHERE ns = ? AND fingerprint = ? AND fingerprint <> '' AND id <> ?
               AND valid_from <= ? AND valid_to > ?
             ORDER BY +id LIMIT 1
            """;

    private static final String INSERT_NODE = """
            INSERT INTO node (ns, id, version, valid_from, valid_to, tx_from, confidence,
                              labels, source, fingerprint, retraction, properties)
            VALUES (?, ?, 1, ?, ?, ?, ?, ?, ?, ?, '', ?)
            """;
    private static final String SUPERSEDE_NODE = """
            INSERT INTO node_past
            SELECT key, version, valid_from, valid_to, tx_from, ?, confidence, labels, source, fingerprint,
                   retraction, properties
              FROM node WHERE key = ?
            """;
    private static final String UPDATE_NODE = """
            UPDATE node SET version = version + 1, valid_from = ?, valid_to = ?, tx_from = ?, confidence = ?,
                            labels = ?, source = ?, fingerprint = ?, retraction = '', properties = ?
             WHERE key = ?
            """;
    private static final String RETRACT_NODE =
            "UPDATE node SET version = version + 1, valid_to = ?, tx_from = ?, retraction = ? WHERE key = ?";

    private static final String EDGE = """
            SELECT from_node, version, valid_from, valid_to, from_id, to_id FROM edge WHERE ns = ? AND id = ?
            """;
    private static final String INSERT_EDGE = """
            INSERT INTO edge (from_node, id, to_node, ns, from_id, to_id, type, weight, version, valid_from, valid_to,
                              tx_from, retraction, properties)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, 1, ?, ?, ?, '', ?)
            """;
    private static final String SUPERSEDE_EDGE = """
            INSERT INTO edge_past
            SELECT ns, id, version, type, weight, valid_from, valid_to, tx_from, ?, retraction, properties
              FROM edge WHERE from_node = ? AND id = ?
            """;
    private static final String UPDATE_EDGE = """
            UPDATE edge SET version = version + 1, type = ?, weight = ?, valid_from = ?, valid_to = ?, tx_from = ?,
                            retraction = '', properties = ?
             WHERE from_node = ? AND id = ?
            """;
    private static final String RETRACT_EDGE = """
            UPDATE edge SET version = version + 1, valid_to = ?, tx_from = ?, retraction = ?
             WHERE from_node = ? AND id = ?
            """;

    private static final String PUT_SOURCE = """
            INSERT INTO source (ns, external_id, labels, properties, alpha, beta) VALUES (?, ?, ?, ?, 1, 1)
            ON CONFLICT (ns, external_id) DO UPDATE SET labels = excluded.labels, properties = excluded.properties
            """;
    private static final String ADD_EVIDENCE = """
            INSERT INTO source (ns, external_id, labels, properties, alpha, beta) VALUES (?, ?, '[]', '{}', 1 + ?, 1 + ?)
            ON CONFLICT (ns, external_id) DO UPDATE SET alpha = alpha + (excluded.alpha - 1),
                                                        beta = beta + (excluded.beta - 1)
            """;

    private static final MutationResult DONE = new MutationResult.Done();

    /** A node or edge as it stands: for an edge, the key is that of the node it leaves. */
    private record Current(long key, long version, long validFrom, long validTo) {}

    private record Ends(Current edge, UUID from, UUID to) {}

    private GraphWriter() {}

    static MutationResult apply(BatchTransaction batch, GraphMutation mutation) throws SQLException {
        return switch (mutation) {
            case GraphMutation.PutNode put -> put(batch, put);
            case GraphMutation.RetractNode retract -> retract(batch, retract);
            case GraphMutation.PutEdge put -> put(batch, put);
            case GraphMutation.RetractEdge retract -> retract(batch, retract);
            case GraphMutation.PutSource put -> {
                batch.database()
                        .update(
                                PUT_SOURCE,
                                batch.namespace(),
                                put.externalId(),
                                StoredJson.write(put.labels()),
                                StoredJson.write(put.properties()));
                yield DONE;
            }
            case GraphMutation.AddEvidence add -> {
                batch.database().update(ADD_EVIDENCE, batch.namespace(), add.externalId(), add.alpha(), add.beta());
                yield DONE;
            }
            case GraphMutation.Erase erase -> Erasure.apply(batch, erase);
        };
    }

    private static MutationResult put(BatchTransaction batch, GraphMutation.PutNode put) throws SQLException {
        NodeDraft draft = put.draft();
        Optional<Current> current =
                batch.database().first(NODE_OR_ERASED, GraphWriter::current, batch.namespace(), Columns.of(draft.id()));
        if (current.isPresent() && current.get().version() == 0) {
            throw new InvalidRequestException("node.id", "was erased and cannot be written again: " + draft.id());
        }
        long version = current.map(Current::version).orElse(0L);
        Optional<MutationResult> unmet = batch.unmet(put.condition(), version, "node " + draft.id());
        if (unmet.isPresent()) {
            return unmet.get();
        }
        Optional<MutationResult> existing = holder(batch, put, version);
        if (existing.isPresent()) {
            return existing.get();
        }
        if (current.isPresent()) {
            update(batch, current.get().key(), draft);
        } else {
            insert(batch, draft);
        }
        batch.touched().node(batch.namespace(), draft.id());
        return new MutationResult.Written(version + 1);
    }

    private static Optional<MutationResult> holder(BatchTransaction batch, GraphMutation.PutNode put, long version)
            throws SQLException {
        String fingerprint = put.draft().content().fingerprint();
        if (fingerprint.isEmpty() || put.fingerprints() == GraphMutation.Fingerprints.SHARED) {
            return Optional.empty();
        }
        Optional<MutationResult.Existing> holder = batch.database()
                .first(
                        HOLDER,
                        row -> new MutationResult.Existing(Columns.uuid(row, 1), row.getLong(2)),
                        batch.namespace(),
                        fingerprint,
                        Columns.of(put.draft().id()),
                        batch.time(),
                        batch.time());
        if (holder.isPresent() && put.fingerprints() == GraphMutation.Fingerprints.UNIQUE_OR_FAIL) {
            UUID id = holder.get().id();
            throw batch.failed("node " + id + " carries the fingerprint already", version, id);
        }
        return holder.map(MutationResult.class::cast);
    }

    private static void insert(BatchTransaction batch, NodeDraft draft) throws SQLException {
        byte[] id = Columns.of(draft.id());
        NodeContent content = draft.content();
        Interval validity = draft.validityAt(batch.instant());
        batch.database()
                .update(
                        INSERT_NODE,
                        batch.namespace(),
                        id,
                        Columns.of(validity.from()),
                        Columns.of(validity.to()),
                        batch.time(),
                        content.confidence(),
                        StoredJson.write(content.labels()),
                        content.source(),
                        content.fingerprint(),
                        StoredJson.write(content.properties()));
    }

    private static void update(BatchTransaction batch, long key, NodeDraft draft) throws SQLException {
        NodeContent content = draft.content();
        Interval validity = draft.validityAt(batch.instant());
        batch.database().update(SUPERSEDE_NODE, batch.time(), key);
        batch.database()
                .update(
                        UPDATE_NODE,
                        Columns.of(validity.from()),
                        Columns.of(validity.to()),
                        batch.time(),
                        content.confidence(),
                        StoredJson.write(content.labels()),
                        content.source(),
                        content.fingerprint(),
                        StoredJson.write(content.properties()),
                        key);
    }

    private static MutationResult retract(BatchTransaction batch, GraphMutation.RetractNode retract)
            throws SQLException {
        Optional<Current> found = node(batch, retract.id());
        long version = found.map(Current::version).orElse(0L);
        Optional<MutationResult> unmet = batch.unmet(retract.condition(), version, "node " + retract.id());
        if (unmet.isPresent()) {
            return unmet.get();
        }
        Current current = found.orElseThrow(() -> absent("node", retract.id()));
        batch.database().update(SUPERSEDE_NODE, batch.time(), current.key());
        batch.database().update(RETRACT_NODE, end(batch, current), batch.time(), retract.reason(), current.key());
        batch.touched().node(batch.namespace(), retract.id());
        return new MutationResult.Written(current.version() + 1);
    }

    /** A retraction ends validity now; what ended before stays ended, what had not begun never begins. */
    private static long end(BatchTransaction batch, Current current) {
        return Math.max(current.validFrom(), Math.min(current.validTo(), batch.time()));
    }

    private static MutationResult put(BatchTransaction batch, GraphMutation.PutEdge put) throws SQLException {
        EdgeDraft draft = put.draft();
        EdgeContent content = draft.content();
        Optional<Ends> current = edge(batch, draft.id());
        long version = current.map(ends -> ends.edge().version()).orElse(0L);
        Optional<MutationResult> unmet = batch.unmet(put.condition(), version, "edge " + draft.id());
        if (unmet.isPresent()) {
            return unmet.get();
        }
        if (current.isPresent()) {
            update(batch, current.get(), draft);
        } else {
            insert(batch, draft);
        }
        batch.touched().node(batch.namespace(), content.from());
        batch.touched().node(batch.namespace(), content.to());
        return new MutationResult.Written(version + 1);
    }

    private static void insert(BatchTransaction batch, EdgeDraft draft) throws SQLException {
        EdgeContent content = draft.content();
        Interval validity = draft.validityAt(batch.instant());
        batch.database()
                .update(
                        INSERT_EDGE,
                        end(batch, "edge.from", content.from()),
                        Columns.of(draft.id()),
                        end(batch, "edge.to", content.to()),
                        batch.namespace(),
                        Columns.of(content.from()),
                        Columns.of(content.to()),
                        content.type(),
                        content.weight(),
                        Columns.of(validity.from()),
                        Columns.of(validity.to()),
                        batch.time(),
                        StoredJson.write(content.properties()));
    }

    private static void update(BatchTransaction batch, Ends current, EdgeDraft draft) throws SQLException {
        EdgeContent content = draft.content();
        if (!content.from().equals(current.from()) || !content.to().equals(current.to())) {
            throw new InvalidRequestException(
                    "edge.from, edge.to",
                    "must stay as they are: edge " + draft.id() + " leads from " + current.from() + " to "
                            + current.to() + "; retract it and put another");
        }
        Interval validity = draft.validityAt(batch.instant());
        byte[] id = Columns.of(draft.id());
        batch.database().update(SUPERSEDE_EDGE, batch.time(), current.edge().key(), id);
        batch.database()
                .update(
                        UPDATE_EDGE,
                        content.type(),
                        content.weight(),
                        Columns.of(validity.from()),
                        Columns.of(validity.to()),
                        batch.time(),
                        StoredJson.write(content.properties()),
                        current.edge().key(),
                        id);
    }

    private static long end(BatchTransaction batch, String field, UUID id) throws SQLException {
        return node(batch, id)
                .map(Current::key)
                .orElseThrow(() -> new InvalidRequestException(
                        ErrorCode.NOT_FOUND, field, "must be a node of the namespace or of the batch, is " + id));
    }

    private static MutationResult retract(BatchTransaction batch, GraphMutation.RetractEdge retract)
            throws SQLException {
        Optional<Ends> found = edge(batch, retract.id());
        long version = found.map(ends -> ends.edge().version()).orElse(0L);
        Optional<MutationResult> unmet = batch.unmet(retract.condition(), version, "edge " + retract.id());
        if (unmet.isPresent()) {
            return unmet.get();
        }
        Ends ends = found.orElseThrow(() -> absent("edge", retract.id()));
        Current current = ends.edge();
        byte[] id = Columns.of(retract.id());
        batch.database().update(SUPERSEDE_EDGE, batch.time(), current.key(), id);
        batch.database().update(RETRACT_EDGE, end(batch, current), batch.time(), retract.reason(), current.key(), id);
        batch.touched().node(batch.namespace(), ends.from());
        batch.touched().node(batch.namespace(), ends.to());
        return new MutationResult.Written(current.version() + 1);
    }

    private static InvalidRequestException absent(String kind, UUID id) {
        return new InvalidRequestException(ErrorCode.NOT_FOUND, kind + ".id", "no " + kind + " has the id " + id);
    }

    private static Optional<Current> node(BatchTransaction batch, UUID id) throws SQLException {
        return batch.database().first(NODE, GraphWriter::current, batch.namespace(), Columns.of(id));
    }

    private static Current current(ResultSet row) throws SQLException {
        return new Current(row.getLong(1), row.getLong(2), row.getLong(3), row.getLong(4));
    }

    private static Optional<Ends> edge(BatchTransaction batch, UUID id) throws SQLException {
        return batch.database()
                .first(
                        EDGE,
                        row -> new Ends(
                                new Current(row.getLong(1), row.getLong(2), row.getLong(3), row.getLong(4)),
                                Columns.uuid(row, 5),
                                Columns.uuid(row, 6)),
                        batch.namespace(),
                        Columns.of(id));
    }
}
