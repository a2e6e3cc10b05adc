package io.contextdb.backend.postgresql;

import io.contextdb.backend.postgresql.Script.Many;
import io.contextdb.spi.graph.Direction;
import io.contextdb.spi.graph.Node;
import io.contextdb.spi.graph.WalkQuery;
import io.contextdb.spi.graph.WalkStep;
import io.contextdb.spi.graph.WalkStrategy;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;

/** A walk over what is known now (contract N8): the server goes level by level, in one round trip. */
final class GraphWalk {
    private static final String WALK = "SELECT " + Rows.NODE + ", " + Rows.EDGE + """
                    , w.depth, w.weight
                      FROM cdb.walk(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?::int8) w
                      JOIN cdb.node n ON n.ns = ? AND n.id = w.node AND n.version = w.node_version
                      LEFT JOIN cdb.edge e ON e.ns = ? AND e.id = w.edge AND e.version = w.edge_version
                     ORDER BY w.depth, w.weight DESC, w.node LIMIT ?
                    """;

    private GraphWalk() {}

    static List<WalkStep> steps(Snapshot snapshot, WalkQuery query) throws SQLException {
        int namespace = snapshot.namespace();
        return List.copyOf(snapshot.list(
                WALK,
                GraphWalk::step,
                namespace,
                Many.uuids(query.seeds()),
                query.direction() != Direction.INCOMING,
                query.direction() != Direction.OUTGOING,
                query.types().isEmpty() ? null : Many.texts(query.types()),
                query.minWeight(),
                query.maxDepth(),
                query.limit(),
                query.strategy() instanceof WalkStrategy.Beam beam ? beam.width() : Integer.MAX_VALUE,
                query.strategy() instanceof WalkStrategy.Decay decay ? decay.factor() : 1.0,
                query.asOf().validAt().map(Columns::of).orElse(null),
                namespace,
                namespace,
                query.limit()));
    }

    private static WalkStep step(ResultSet row) throws SQLException {
        int after = Rows.NODE_COLUMNS + Rows.EDGE_COLUMNS;
        Node node = Rows.node(row);
        return row.getString(Rows.NODE_COLUMNS + 1) == null
                ? WalkStep.seed(node)
                : WalkStep.reached(
                        node, row.getInt(after + 1), row.getDouble(after + 2), Rows.edge(row, Rows.NODE_COLUMNS));
    }
}
