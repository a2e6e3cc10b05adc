package io.contextdb.backend.embedded;

import io.contextdb.spi.graph.Edge;
import io.contextdb.spi.graph.EdgeContent;
import io.contextdb.spi.graph.Node;
import io.contextdb.spi.graph.NodeContent;
import io.contextdb.spi.graph.Revision;
import io.contextdb.spi.graph.Source;
import java.sql.ResultSet;
import java.sql.SQLException;

/** Columns of nodes, edges and sources, in one order for current and past versions, and how they are read. */
final class GraphRows {
    static final String NODE_NOW = """
            SELECT n.id, n.version, n.valid_from, n.valid_to, n.tx_from, 9223372036854775807,
                   n.confidence, n.labels, n.source, n.fingerprint, n.retraction, n.properties
              FROM node n
            """;

    static final String NODE_PAST = """
            SELECT n.id, p.version, p.valid_from, p.valid_to, p.tx_from, p.tx_to,
                   p.confidence, p.labels, p.source, p.fingerprint, p.retraction, p.properties
              FROM node n JOIN node_past p ON p.node = n.key
            """;

    static final String EDGE_NOW = """
            SELECT e.id, e.from_id, e.to_id, e.type, e.weight, e.version, e.valid_from, e.valid_to, e.tx_from,
                   9223372036854775807 AS tx_to, e.retraction, e.properties
              FROM edge e
            """;

    static final String EDGE_PAST = """
            SELECT e.id, e.from_id, e.to_id, p.type, p.weight, p.version, p.valid_from, p.valid_to, p.tx_from,
                   p.tx_to, p.retraction, p.properties
              FROM edge e JOIN edge_past p ON p.ns = e.ns AND p.id = e.id
            """;

    static final String SOURCE = "SELECT external_id, labels, properties, alpha, beta FROM source ";

    private GraphRows() {}

    static Node node(ResultSet row) throws SQLException {
        return new Node(
                Columns.uuid(row, 1),
                new NodeContent(
                        Columns.labels(row, 8),
                        Columns.properties(row, 12),
                        row.getString(9),
                        row.getDouble(7),
                        row.getString(10)),
                new Revision(
                        row.getLong(2),
                        Columns.interval(row.getLong(3), row.getLong(4)),
                        Columns.interval(row.getLong(5), row.getLong(6)),
                        row.getString(11)));
    }

    static Edge edge(ResultSet row) throws SQLException {
        return new Edge(
                Columns.uuid(row, 1),
                new EdgeContent(
                        Columns.uuid(row, 2),
                        Columns.uuid(row, 3),
                        row.getString(4),
                        row.getDouble(5),
                        Columns.properties(row, 12)),
                new Revision(
                        row.getLong(6),
                        Columns.interval(row.getLong(7), row.getLong(8)),
                        Columns.interval(row.getLong(9), row.getLong(10)),
                        row.getString(11)));
    }

    static Source source(ResultSet row) throws SQLException {
        return new Source(
                row.getString(1),
                Columns.labels(row, 2),
                Columns.properties(row, 3),
                row.getDouble(4),
                row.getDouble(5));
    }
}
