package io.contextdb.backend.embedded;

import io.contextdb.spi.vector.VectorSpace;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/**
 * A vector space with its interned id, which is never given again.
 *
 * @param id interned
 * @param space the space
 */
record IndexedSpace(long id, VectorSpace space) {
    private static final String COLUMNS = "SELECT id, name, dimensions, metric, model FROM space ";
    private static final String BY_NAME = COLUMNS + "WHERE ns = ? AND name = ?";
    private static final String BY_ID = COLUMNS + "WHERE id = ?";
    private static final String ALL = COLUMNS + "WHERE ns = ? ORDER BY name";

    static Optional<IndexedSpace> find(Database database, long namespace, String name) throws SQLException {
        return database.first(BY_NAME, IndexedSpace::read, namespace, name);
    }

    static Optional<IndexedSpace> find(Database database, long id) throws SQLException {
        return database.first(BY_ID, IndexedSpace::read, id);
    }

    static List<IndexedSpace> all(Database database, long namespace) throws SQLException {
        return database.list(ALL, IndexedSpace::read, namespace);
    }

    /** Returns what stands for a space that was dropped: enough to remove what the index has of it. */
    static IndexedSpace unknown(long id) {
        return new IndexedSpace(id, VectorSpace.cosine("dropped", 0));
    }

    private static IndexedSpace read(java.sql.ResultSet row) throws SQLException {
        return new IndexedSpace(
                row.getLong(1),
                new VectorSpace(
                        row.getString(2),
                        row.getInt(3),
                        io.contextdb.spi.vector.Metric.valueOf(row.getString(4)),
                        row.getString(5)));
    }
}
