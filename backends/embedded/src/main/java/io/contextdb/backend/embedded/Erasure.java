package io.contextdb.backend.embedded;

import io.contextdb.spi.write.GraphMutation;
import io.contextdb.spi.write.MutationResult;
import java.sql.SQLException;
import java.util.List;
import java.util.UUID;

/**
 * Removes all that belongs to nodes, from every table (contract N6). The writer's connection overwrites what it frees
 * (secure_delete); copies in the write-ahead log last until its next reset, those in the index until its next merge.
 */
final class Erasure {
    private static final String KEY = "SELECT key FROM node WHERE ns = ? AND id = ?";
    private static final String NEIGHBOURS = """
            SELECT to_id FROM edge WHERE from_node = ?1 UNION SELECT from_id FROM edge WHERE to_node = ?1
            """;
    /** Where the planner would take an index of the namespace, "+ns" keeps it from that. */
    static final List<String> OF_NODE = List.of(
            "DELETE FROM edge_past WHERE ns = ?2 AND id IN (SELECT id FROM edge WHERE from_node = ?1)",
            "DELETE FROM edge_past WHERE ns = ?2 AND id IN (SELECT id FROM edge WHERE to_node = ?1)",
            "DELETE FROM edge WHERE from_node = ?1 AND +ns = ?2",
            "DELETE FROM edge WHERE to_node = ?1 AND +ns = ?2",
            "DELETE FROM node_past WHERE node = ?1 AND ?2 = ?2",
            "DELETE FROM node WHERE key = ?1 AND ns = ?2");

    private static final String TOMBSTONE = "INSERT OR IGNORE INTO erased (ns, id, erased_at) VALUES (?, ?, ?)";
    private static final String KEYS = "SELECT key FROM entry WHERE ns = ? AND subject = ? AND subject <> ''";
    private static final String DOCUMENTS =
            "SELECT collection, id FROM document WHERE ns = ? AND subject = ? AND subject <> ''";
    static final String PAYLOADS = """
            UPDATE event INDEXED BY event_subject SET kind = 2, payload = x''
             WHERE ns = ? AND subject = ? AND subject <> '' AND kind <> 2
            """;
    private static final String DEAD_LETTERS = """
            UPDATE dead_letter SET kind = 2, payload = x''
             WHERE consumer IN (SELECT id FROM consumer_group WHERE ns = ?) AND subject = ? AND subject <> ''
            """;

    private Erasure() {}

    static MutationResult apply(BatchTransaction batch, GraphMutation.Erase erase) throws SQLException {
        long erased = 0;
        for (UUID id : erase.ids()) {
            erased += node(batch, id) ? 1 : 0;
            subject(batch, id.toString());
            for (IndexedSpace space : IndexedSpace.all(batch.database(), batch.namespace())) {
                PointWriter.erase(batch, space, id);
            }
        }
        return new MutationResult.Removed(erased);
    }

    private static boolean node(BatchTransaction batch, UUID id) throws SQLException {
        Database database = batch.database();
        long key = database.number(KEY, batch.namespace(), Columns.of(id));
        if (key == 0) {
            return false;
        }
        for (UUID neighbour : database.list(NEIGHBOURS, row -> Columns.uuid(row, 1), key)) {
            batch.touched().node(batch.namespace(), neighbour);
        }
        for (String delete : OF_NODE) {
            database.update(delete, key, batch.namespace());
        }
        database.update(TOMBSTONE, batch.namespace(), Columns.of(id), batch.time());
        batch.touched().node(batch.namespace(), id);
        return true;
    }

    private static void subject(BatchTransaction batch, String subject) throws SQLException {
        Database database = batch.database();
        for (String key : database.list(KEYS, row -> row.getString(1), batch.namespace(), subject)) {
            KeyWriter.remove(batch, key);
        }
        record Place(String collection, String id) {}
        for (Place place : database.list(
                DOCUMENTS, row -> new Place(row.getString(1), row.getString(2)), batch.namespace(), subject)) {
            DocumentWriter.remove(batch, place.collection(), place.id());
        }
        database.update(PAYLOADS, batch.namespace(), subject);
        database.update(DEAD_LETTERS, batch.namespace(), subject);
    }
}
