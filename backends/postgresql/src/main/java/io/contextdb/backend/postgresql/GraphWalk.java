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
    /** Whole nodes and edges in the order of their columns, then depth and weight, in the order of the walk. */
    private static final String WALK =
            "SELECT w.* FROM cdb.walk_rows(?, ?, ?, ?, nullif(?, '{}'::text[]), ?, ?, ?, ?, ?, nullif(?, "
                    + Long.MIN_VALUE + ")) w";

    private GraphWalk() {}

    static List<WalkStep> steps(Snapshot snapshot, WalkQuery query) throws SQLException {
        return List.copyOf(snapshot.list(
                WALK,
                GraphWalk::step,
                snapshot.namespace(),
                Many.uuids(query.seeds()),
                query.direction() != Direction.INCOMING,
                query.direction() != Direction.OUTGOING,
                Many.texts(query.types()),
                query.minWeight(),
                query.maxDepth(),
                query.limit(),
                query.strategy() instanceof WalkStrategy.Beam beam ? beam.width() : Integer.MAX_VALUE,
                query.strategy() instanceof WalkStrategy.Decay decay ? decay.factor() : 1.0,
                query.asOf().validAt().map(Columns::of).orElse(Long.MIN_VALUE)));
    }

    private static WalkStep step(ResultSet row) throws SQLException {
        int after = Rows.NODE_COLUMNS + Rows.EDGE_COLUMNS;
        Node node = Rows.node(row);
        int depth = row.getInt(after + 1);
        return depth == 0
                ? WalkStep.seed(node)
                : WalkStep.reached(node, depth, row.getDouble(after + 2), Rows.edge(row, Rows.NODE_COLUMNS));
    }
}
