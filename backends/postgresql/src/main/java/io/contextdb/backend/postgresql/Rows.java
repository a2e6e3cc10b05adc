package io.contextdb.backend.postgresql;

import io.contextdb.spi.graph.Edge;
import io.contextdb.spi.graph.EdgeContent;
import io.contextdb.spi.graph.Node;
import io.contextdb.spi.graph.NodeContent;
import io.contextdb.spi.graph.Revision;
import io.contextdb.spi.graph.Source;
import java.sql.ResultSet;
import java.sql.SQLException;

/** Columns of nodes, edges and sources, and how they are read. */
final class Rows {
    static final String NODE = "n.id, n.version, n.valid_from, n.valid_to, n.tx_from, n.tx_to, n.confidence, n.labels,"
            + " n.source, n.fingerprint, n.retraction, n.properties";
    static final String EDGE = "e.id, e.version, e.valid_from, e.valid_to, e.tx_from, e.tx_to, e.from_id, e.to_id,"
            + " e.type, e.weight, e.retraction, e.properties";
    static final String SOURCE = "s.external_id, s.labels, s.properties, s.alpha, s.beta";
    static final int NODE_COLUMNS = 12;
    static final int EDGE_COLUMNS = 12;

    private Rows() {}

    static Node node(ResultSet row) throws SQLException {
        return node(row, 0);
    }

    /** Reads a node from the columns that follow {@code before} others. */
    static Node node(ResultSet row, int before) throws SQLException {
        return new Node(
                Columns.uuid(row, before + 1),
                new NodeContent(
                        Columns.labels(row, before + 8),
                        Columns.properties(row, before + 12),
                        row.getString(before + 9),
                        row.getDouble(before + 7),
                        row.getString(before + 10)),
                revision(row, before, before + 11));
    }

    static Edge edge(ResultSet row) throws SQLException {
        return edge(row, 0);
    }

    /** Reads an edge from the columns that follow {@code before} others. */
    static Edge edge(ResultSet row, int before) throws SQLException {
        return new Edge(
                Columns.uuid(row, before + 1),
                new EdgeContent(
                        Columns.uuid(row, before + 7),
                        Columns.uuid(row, before + 8),
                        row.getString(before + 9),
                        row.getDouble(before + 10),
                        Columns.properties(row, before + 12)),
                revision(row, before, before + 11));
    }

    private static Revision revision(ResultSet row, int before, int retraction) throws SQLException {
        return new Revision(
                row.getLong(before + 2),
                Columns.interval(row.getLong(before + 3), row.getLong(before + 4)),
                Columns.interval(row.getLong(before + 5), row.getLong(before + 6)),
                row.getString(retraction));
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
