package io.contextdb.backend.embedded;

import io.contextdb.spi.graph.Edge;
import io.contextdb.spi.graph.EdgeQuery;
import io.contextdb.spi.value.Bytes;
import io.contextdb.spi.value.Page;
import io.contextdb.spi.value.PageRequest;
import java.sql.SQLException;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;

/** Pages of the edges at some nodes, ordered by type, weight descending, id (contract N7). */
final class EdgeList {
    /** In this order, or the planner may look at every node of the namespace to find the few that are asked for. */
    private static final String SEEDS = """
            WITH seed AS MATERIALIZED
                 (SELECT s.key FROM json_each(?1) j CROSS JOIN node s ON s.ns = ?2 AND s.id = unhex(j.value))
            SELECT * FROM (
            """;

    private static final String HOLDS_NOW = """
               AND e.valid_from <= ?3 AND e.valid_to > ?3 AND e.tx_from <= ?4
               AND (?5 = '[]' OR e.type IN (SELECT value FROM json_each(?5)))
               AND (e.type, -e.weight, e.id) > (?6, ?7, ?8)
            """;
    private static final String HELD_THEN = """
               AND p.valid_from <= ?3 AND p.valid_to > ?3 AND p.tx_from <= ?4 AND p.tx_to > ?4
               AND (?5 = '[]' OR p.type IN (SELECT value FROM json_each(?5)))
               AND (p.type, -p.weight, p.id) > (?6, ?7, ?8)
            """;
    private static final String ORDER = ") ORDER BY 4, 5 DESC, 1 LIMIT ?9";

    private record Key(String type, double weight, Bytes id) {}

    private EdgeList() {}

    static Page<Edge> read(Snapshot snapshot, EdgeQuery query) throws SQLException {
        PageRequest page = query.page();
        Key after = page.cursor().isEmpty()
                ? new Key("", 2, Bytes.EMPTY)
                : Cursor.parse(
                        "edges",
                        3,
                        page.cursor(),
                        parts -> new Key(
                                parts.get(0),
                                Double.parseDouble(parts.get(1)),
                                Bytes.of(Columns.of(UUID.fromString(parts.get(2))))));
        List<Edge> read = snapshot.database()
                .list(
                        sql(query),
                        GraphRows::edge,
                        StoredJson.write(query.nodes().stream()
                                .distinct()
                                .map(id -> HexFormat.of().formatHex(Columns.of(id)))
                                .toList()),
                        snapshot.namespace(),
                        Columns.of(EmbeddedGraph.validAt(snapshot, query.asOf())),
                        query.asOf().knownAt().map(Columns::of).orElse(Columns.OPEN),
                        StoredJson.write(query.types()),
                        after.type(),
                        -after.weight(),
                        after.id().toArray(),
                        page.limit() + 1);
        return Page.of(read, page.limit(), last -> Cursor.of("edges", last.type(), last.weight(), last.id()));
    }

    static String sql(EdgeQuery query) {
        String at = switch (query.direction()) {
            case OUTGOING -> " WHERE e.from_node IN seed ";
            case INCOMING -> " WHERE e.to_node IN seed ";
            case BOTH -> " WHERE (e.from_node IN seed OR e.to_node IN seed) ";
        };
        String now = SEEDS + GraphRows.EDGE_NOW + at + HOLDS_NOW;
        return query.asOf().knownAt().isEmpty()
                ? now + ORDER
                : now + " UNION ALL " + GraphRows.EDGE_PAST + at + HELD_THEN + ORDER;
    }
}
