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
    /** Nodes that were written after the first instant, and ids that were erased in between. */
    private static final String CANDIDATES = """
            SELECT id, 0 FROM node WHERE ns = ?1 AND id > ?2 AND tx_from > ?3
             UNION ALL
            SELECT id, 1 FROM erased WHERE ns = ?1 AND id > ?2 AND erased_at > ?3 AND erased_at <= ?4
             ORDER BY 1
            """;

    private GraphDiff() {}

    static Page<NodeChange> read(Snapshot snapshot, long from, long to, PageRequest page) throws SQLException {
        byte[] after = page.cursor().isEmpty() ? new byte[0] : Columns.of(Cursor.id("diff", page.cursor()));
        List<NodeChange> changes = new ArrayList<>();
        snapshot.database()
                .each(
                        CANDIDATES,
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
