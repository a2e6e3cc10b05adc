package io.contextdb.backend.embedded;

import io.contextdb.spi.graph.Edge;
import io.contextdb.spi.graph.EdgeContent;
import io.contextdb.spi.graph.Revision;
import java.nio.ByteBuffer;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;

/**
 * The current edges at a node, in one direction, in arrays: a cache holds several times as many as of {@link Edge}, and a
 * walk makes objects only of those that it follows.
 */
final class Adjacency {
    private static final String COLUMNS =
            " e.type, e.weight, e.version, e.valid_from, e.valid_to, e.tx_from, e.retraction, e.properties, n.id ";
    // The order of joins is given: the ids that are asked for, their nodes, the edges there. So the edges of a node
    // come
    // one after the other.
    private static final String NODES =
            " FROM json_each(?) j CROSS JOIN node n ON n.ns = ? AND n.id = unhex(j.value) CROSS JOIN edge e ";
    private static final String OUTGOING = "SELECT e.id, e.to_id," + COLUMNS + NODES + "ON e.from_node = n.key";
    private static final String INCOMING = "SELECT e.id, e.from_id," + COLUMNS + NODES + "ON e.to_node = n.key";

    private static final int WORDS = 8;
    private static final int VALID_FROM = 4;
    private static final int VALID_TO = 5;
    private static final int TX_FROM = 6;
    private static final int VERSION = 7;

    private final UUID node;
    private final boolean out;
    private int size;
    /** Of each edge: its id, the other end's id, validity, start of transaction time, version. */
    private long[] words = new long[WORDS * 8];

    private double[] weights = new double[8];
    /** Of each edge: type, retraction, properties. */
    private String[] texts = new String[3 * 8];

    private long textBytes;

    private Adjacency(UUID node, boolean out) {
        this.node = node;
        this.out = out;
    }

    /** Reads the edges at each of some nodes, at once. */
    static Map<UUID, Adjacency> read(Snapshot snapshot, Collection<UUID> nodes, boolean out) throws SQLException {
        Map<UUID, Adjacency> read = new HashMap<>();
        nodes.forEach(node -> read.put(node, new Adjacency(node, out)));
        snapshot.database()
                .each(
                        out ? OUTGOING : INCOMING,
                        row -> {
                            // There is an entry for each id that was asked for.
                            Objects.requireNonNull(read.get(Columns.uuid(row, 11)))
                                    .add(row);
                            return true;
                        },
                        Columns.list(nodes),
                        snapshot.namespace());
        read.values().forEach(Adjacency::trim);
        return read;
    }

    private void add(ResultSet row) throws SQLException {
        if (size == weights.length) {
            resize(2 * size);
        }
        ByteBuffer id = ByteBuffer.wrap(row.getBytes(1));
        ByteBuffer other = ByteBuffer.wrap(row.getBytes(2));
        int at = WORDS * size;
        words[at] = id.getLong();
        words[at + 1] = id.getLong();
        words[at + 2] = other.getLong();
        words[at + 3] = other.getLong();
        words[at + VALID_FROM] = row.getLong(6);
        words[at + VALID_TO] = row.getLong(7);
        words[at + TX_FROM] = row.getLong(8);
        words[at + VERSION] = row.getLong(5);
        weights[size] = row.getDouble(4);
        text(3 * size, row.getString(3));
        text(3 * size + 1, row.getString(9));
        text(3 * size + 2, row.getString(10));
        size++;
    }

    /** Most edges of a node share their type, and have neither a retraction nor properties. */
    private void text(int at, String text) {
        boolean same = at >= 3 && texts[at - 3].equals(text);
        texts[at] = same ? texts[at - 3] : text;
        textBytes += same ? 0 : 48 + 2L * text.length();
    }

    private void trim() {
        resize(size);
    }

    private void resize(int edges) {
        words = Arrays.copyOf(words, WORDS * edges);
        weights = Arrays.copyOf(weights, edges);
        texts = Arrays.copyOf(texts, 3 * edges);
    }

    int size() {
        return size;
    }

    long bytes() {
        return 200 + (8L * WORDS + 8 + 12) * size + textBytes;
    }

    double weight(int edge) {
        return weights[edge];
    }

    String type(int edge) {
        return texts[3 * edge];
    }

    boolean validAt(int edge, long micros) {
        return words[WORDS * edge + VALID_FROM] <= micros && micros < words[WORDS * edge + VALID_TO];
    }

    UUID other(int edge) {
        return new UUID(words[WORDS * edge + 2], words[WORDS * edge + 3]);
    }

    UUID id(int edge) {
        return new UUID(words[WORDS * edge], words[WORDS * edge + 1]);
    }

    Edge edge(int edge) {
        int at = WORDS * edge;
        UUID other = other(edge);
        return new Edge(
                id(edge),
                new EdgeContent(
                        out ? node : other,
                        out ? other : node,
                        type(edge),
                        weights[edge],
                        StoredJson.properties(texts[3 * edge + 2])),
                new Revision(
                        words[at + VERSION],
                        Columns.interval(words[at + VALID_FROM], words[at + VALID_TO]),
                        Columns.interval(words[at + TX_FROM], Columns.OPEN),
                        texts[3 * edge + 1]));
    }
}
