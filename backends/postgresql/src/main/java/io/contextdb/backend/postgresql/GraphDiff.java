package io.contextdb.backend.postgresql;

import io.contextdb.spi.graph.Node;
import io.contextdb.spi.graph.NodeChange;
import io.contextdb.spi.value.Page;
import io.contextdb.spi.value.PageRequest;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;

/** What changed between two instants of transaction time, by id (contract N11). */
final class GraphDiff {
    /**
     * So many changes are read by their time and put in order; among more, a page is soon found in the order of ids. Either way
     * reads about as many rows at most where a namespace has a million nodes.
     */
    private static final int FEW = 30_000;

    private static final String WITHIN = "n.ns = ? AND n.tx_from > ? AND n.tx_from <= ?";

    /**
     * The version held at the second instant, if it came after the first, and what was held at the first. Of the two ways to
     * find them the server takes one, by a count that ends where it knows enough.
     */
    private static final String CHANGED = """
            WITH few AS MATERIALIZED (
              SELECT count(*) <= %1$d AS so FROM (SELECT FROM cdb.node n WHERE %2$s LIMIT %1$d + 1) counted),
            changed AS (
              (SELECT * FROM (SELECT n.* FROM cdb.node n WHERE %2$s AND n.tx_to > ? AND n.id > ? OFFSET 0) by_time
                WHERE (SELECT so FROM few) ORDER BY id LIMIT ?)
              UNION ALL
              (SELECT n.* FROM cdb.node n
                WHERE NOT (SELECT so FROM few) AND %2$s AND n.tx_to > ? AND n.id > ? ORDER BY n.id LIMIT ?))
            SELECT %3$s, first.version, first.retraction
              FROM changed n
              LEFT JOIN cdb.node first
                ON first.ns = n.ns AND first.id = n.id AND first.tx_from <= ? AND first.tx_to > ?
             ORDER BY n.id
            """.formatted(FEW, WITHIN, Rows.NODE);

    private static final String ERASED = """
            SELECT id FROM cdb.erased
             WHERE ns = ? AND id > ? AND erased_at > ? AND erased_at <= ? AND kept_until = 9223372036854775807
             ORDER BY id LIMIT ?
            """;
    private static final String FROM_START = " n.id > ?";

    private GraphDiff() {}

    static Page<NodeChange> read(Snapshot snapshot, long from, long to, PageRequest page) throws SQLException {
        boolean start = page.cursor().isEmpty();
        UUID after = start ? new UUID(0, 0) : Cursor.id("diff", page.cursor());
        int limit = page.limit() + 1;
        int namespace = snapshot.namespace();
        List<NodeChange> changes = new ArrayList<>();
        snapshot.send(new Script()
                .rows(
                        row -> changes.add(change(row)),
                        start ? CHANGED.replace(FROM_START, " n.id >= ?") : CHANGED,
                        namespace,
                        from,
                        to,
                        namespace,
                        from,
                        to,
                        to,
                        after,
                        limit,
                        namespace,
                        from,
                        to,
                        to,
                        after,
                        limit,
                        from,
                        from)
                .rows(
                        row -> changes.add(NodeChange.erased(Columns.uuid(row, 1))),
                        start ? ERASED.replace("id > ?", "id >= ?") : ERASED,
                        namespace,
                        after,
                        from,
                        to,
                        limit));
        changes.sort(Comparator.comparing(NodeChange::id, io.contextdb.spi.value.UuidOrder.INSTANCE));
        List<NodeChange> read = changes.subList(0, Math.min(limit, changes.size()));
        return Page.of(read, page.limit(), last -> Cursor.of("diff", last.id()));
    }

    private static NodeChange change(ResultSet row) throws SQLException {
        Node now = Rows.node(row);
        boolean added = row.getString(Rows.NODE_COLUMNS + 1) == null;
        boolean wasRetracted = !added && !row.getString(Rows.NODE_COLUMNS + 2).isEmpty();
        NodeChange.Kind kind = now.revision().retracted() && !wasRetracted
                ? NodeChange.Kind.RETRACTED
                : added ? NodeChange.Kind.ADDED : NodeChange.Kind.CHANGED;
        return NodeChange.of(kind, now);
    }
}
