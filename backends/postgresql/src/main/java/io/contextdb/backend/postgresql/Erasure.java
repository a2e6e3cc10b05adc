package io.contextdb.backend.postgresql;

import io.contextdb.backend.postgresql.Script.Many;
import io.contextdb.spi.write.GraphMutation;
import io.contextdb.spi.write.MutationResult;
import java.sql.SQLException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.UUID;

/** Removes all that belongs to nodes, from every table, in one round trip (contract N6). */
final class Erasure {
    private static final String NODES = """
            WITH gone AS (DELETE FROM cdb.node WHERE ns = ? AND id = ANY (?) RETURNING id),
                 tombstone AS (INSERT INTO cdb.erased (ns, id, erased_at) SELECT DISTINCT ?::int4, id, ?::int8 FROM gone
                               ON CONFLICT DO NOTHING)
            SELECT count(DISTINCT id) FROM gone
            """;
    private static final String CURRENT_EDGES = """
            DELETE FROM cdb.edge WHERE ns = ? AND (from_id = ANY (?) OR to_id = ANY (?)) AND tx_to = 9223372036854775807
            """;
    private static final String PAST_EDGES = """
            DELETE FROM cdb.edge WHERE ns = ? AND (from_id = ANY (?) OR to_id = ANY (?)) AND tx_to < 9223372036854775807
            """;
    private static final String POINTS = """
            DELETE FROM cdb.point p USING cdb.space s
             WHERE s.ns = ? AND p.space = s.id AND (p.id = ANY (?) OR (p.subject = ANY (?) AND p.subject <> ''))
            RETURNING p.space, p.id, p.text
            """;
    private static final String KEYS = """
            WITH gone AS (DELETE FROM cdb.entry WHERE ns = ? AND subject = ANY (?) AND subject <> '' RETURNING version)
            UPDATE cdb.namespace SET key_floor = greatest(key_floor, (SELECT max(version) FROM gone))
             WHERE id = ? AND EXISTS (SELECT FROM gone)
            """;
    private static final String DOCUMENTS = """
            WITH gone AS (DELETE FROM cdb.document WHERE ns = ? AND subject = ANY (?) AND subject <> '' RETURNING version)
            UPDATE cdb.namespace SET document_floor = greatest(document_floor, (SELECT max(version) FROM gone))
             WHERE id = ? AND EXISTS (SELECT FROM gone)
            """;
    private static final String PAYLOADS = """
            UPDATE cdb.event SET kind = 2, body = NULL, bytes = NULL
             WHERE ns = ? AND subject = ANY (?) AND subject <> '' AND kind <> 2
            """;
    private static final String DEAD_LETTERS = """
            UPDATE cdb.dead_letter SET kind = 2, body = NULL, bytes = NULL
             WHERE consumer IN (SELECT id FROM cdb.consumer_group WHERE ns = ?)
               AND subject = ANY (?) AND subject <> '' AND kind <> 2
            """;

    private Erasure() {}

    static MutationResult apply(Snapshot transaction, GraphMutation.Erase erase, Step step, Script after)
            throws SQLException {
        List<UUID> distinct = List.copyOf(new LinkedHashSet<>(erase.ids()));
        Many ids = Many.uuids(distinct);
        Many subjects = Many.texts(distinct, UUID::toString);
        int namespace = transaction.namespace();
        long[] erased = {0};
        Postings postings = new Postings();
        transaction.send(new Script()
                .rows(row -> erased[0] = row.getLong(1), NODES, namespace, ids, namespace, step.time())
                .run(CURRENT_EDGES, namespace, ids, ids)
                .run(PAST_EDGES, namespace, ids, ids)
                .rows(
                        row -> {
                            postings.remove(row.getInt(1), Columns.uuid(row, 2), row.getString(3));
                            step.entry().changed(row.getInt(1), Columns.uuid(row, 2));
                        },
                        POINTS,
                        namespace,
                        ids,
                        subjects)
                .run(KEYS, namespace, subjects, namespace)
                .run(DOCUMENTS, namespace, subjects, namespace)
                .run(PAYLOADS, namespace, subjects)
                .run(DEAD_LETTERS, namespace, subjects));
        postings.flush(after);
        return new MutationResult.Removed(erased[0]);
    }
}
