package io.contextdb.backend.embedded;

import io.contextdb.spi.graph.Node;
import io.contextdb.spi.graph.NodeChange;
import io.contextdb.spi.value.Page;
import io.contextdb.spi.value.PageRequest;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** What changed between two instants of transaction time, by id (contract N11). */
final class GraphDiff {
    /** Nodes of all namespaces, and some that are gone. */
    private static final String ALL = "SELECT ifnull(max(key), 0) FROM node";

    static final String RECENT = "SELECT count(*) FROM (SELECT 1 FROM node WHERE ns = ?1 AND tx_from > ?2 LIMIT ?3)";
    /** Nodes that were written after the first instant, and ids that were erased in between. A plus keeps an index out. */
    static final String BY_TIME = candidates("+id > ?2 AND tx_from > ?3");

    static final String BY_ID = candidates("id > ?2 AND +tx_from > ?3");

    private GraphDiff() {}

    private static String candidates(String written) {
        return """
                SELECT id, 0 FROM node WHERE ns = ?1 AND %s
                 UNION ALL
                SELECT id, 1 FROM erased WHERE ns = ?1 AND id > ?2 AND erased_at > ?3 AND erased_at <= ?4
                   AND kept_until = 9223372036854775807
                 ORDER BY 1
                """.formatted(written);
    }

    static Page<NodeChange> read(Snapshot snapshot, long from, long to, PageRequest page) throws SQLException {
        byte[] after = page.cursor().isEmpty() ? new byte[0] : Columns.of(Cursor.id("diff", page.cursor()));
        List<NodeChange> changes = new ArrayList<>();
        Database database = snapshot.database();
        boolean few = areFew(database, snapshot.namespace(), from, page.limit());
        database.each(
                few ? BY_TIME : BY_ID,
                row -> {
                    UUID id = Columns.uuid(row, 1);
                    if (row.getInt(2) == 1) {
                        changes.add(NodeChange.erased(id));
                    } else {
                        change(snapshot, id, from, to).ifPresent(changes::add);
                    }
                    return changes.size() <= page.limit();
                },
                snapshot.namespace(),
                after,
                from,
                to);
        return Page.of(changes, page.limit(), last -> Cursor.of("diff", last.id()));
    }

    /**
     * Returns whether to sort all that was written since for each page takes less than to go through all nodes by id until a page
     * is full: c nodes are sorted c / limit times, and the other way all are gone through once.
     */
    private static boolean areFew(Database database, long namespace, long from, int limit) throws SQLException {
        long few = (long) Math.sqrt((double) database.number(ALL) * limit);
        return database.number(RECENT, namespace, from, few + 1) <= few;
    }

    private static Optional<NodeChange> change(Snapshot snapshot, UUID id, long from, long to) throws SQLException {
        Optional<Node> second = EmbeddedGraph.held(snapshot, id, to);
        if (second.isEmpty()) {
            return Optional.empty();
        }
        Node now = second.get();
        Optional<Node> first = EmbeddedGraph.held(snapshot, id, from);
        boolean wasRetracted = first.map(node -> node.revision().retracted()).orElse(false);
        if (first.isPresent() && first.get().version() == now.version()) {
            return Optional.empty();
        }
        NodeChange.Kind kind = now.revision().retracted() && !wasRetracted
                ? NodeChange.Kind.RETRACTED
                : first.isPresent() ? NodeChange.Kind.CHANGED : NodeChange.Kind.ADDED;
        return Optional.of(NodeChange.of(kind, now));
    }
}
