package io.contextdb.bench.embedded;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.UUID;

/** Reads of the embedded store's own file by prepared statements, every column taken; checks and keeps nothing. Not thread-safe. */
final class BareRecords implements AutoCloseable {
    private final Connection connection;
    private final PreparedStatement key;
    private final PreparedStatement node;

    BareRecords(Path file) throws SQLException {
        connection = DriverManager.getConnection("jdbc:sqlite:" + file);
        key = connection.prepareStatement("SELECT key, version, expires_at, value FROM entry WHERE ns = 1 AND key = ?");
        node = connection.prepareStatement("""
                SELECT version, valid_from, valid_to, tx_from, confidence, labels, source, fingerprint, properties
                  FROM node WHERE ns = 1 AND id = ?
                """);
    }

    long key(String name) throws SQLException {
        key.setString(1, name);
        return read(key, 4);
    }

    long node(UUID id) throws SQLException {
        node.setBytes(
                1,
                ByteBuffer.allocate(16)
                        .putLong(id.getMostSignificantBits())
                        .putLong(id.getLeastSignificantBits())
                        .array());
        return read(node, 9);
    }

    private static long read(PreparedStatement statement, int columns) throws SQLException {
        try (ResultSet row = statement.executeQuery()) {
            if (!row.next()) {
                throw new IllegalStateException("what was written is not there");
            }
            long read = 0;
            for (int column = 1; column <= columns; column++) {
                read += row.getObject(column) == null ? 0 : 1;
            }
            return read;
        }
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}
