package io.contextdb.backend.embedded;

import io.contextdb.spi.vector.Vector;
import io.contextdb.spi.vector.VectorPoint;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.UUID;

/** Columns of points, and how they are read. */
final class PointRows {
    static final String COLUMNS =
            "id, valid_from, valid_to, labels, source, subject, properties, text, vector, commit_no";
    static final String BY_ID = "SELECT " + COLUMNS + " FROM point WHERE space = ? AND id = ?";
    static final String AFTER = "SELECT " + COLUMNS + " FROM point WHERE space = ? AND id > ? ORDER BY id";
    /** The vector is left out, so that its pages are not read where a row needs several. */
    static final String PAYLOADS =
            "SELECT id, valid_from, valid_to, labels, source, subject, properties, text, NULL, commit_no"
                    + " FROM point WHERE space = ? AND id > ? ORDER BY id";

    /** Reads a point, and the vector apart: hits leave it out. */
    record Stored(VectorPoint point, long commit) {}

    private PointRows() {}

    static VectorPoint point(ResultSet row) throws SQLException {
        return stored(row).point();
    }

    static Stored stored(ResultSet row) throws SQLException {
        UUID id = Columns.uuid(row, 1);
        Vector vector = Columns.vector(row, 9);
        String text = row.getString(8);
        VectorPoint.Builder point = VectorPoint.builder(id)
                .validity(Columns.interval(row.getLong(2), row.getLong(3)))
                .labels(Columns.labels(row, 4))
                .source(row.getString(5))
                .subject(row.getString(6))
                .properties(Columns.properties(row, 7))
                .text(text);
        if (vector != null) {
            return new Stored(point.vector(vector).build(), row.getLong(10));
        }
        // A payload without text is one whose vector was not read: a stand-in makes it a point, and is dropped again.
        return new Stored(text.isEmpty() ? point.vector(1f).build().withoutVector() : point.build(), row.getLong(10));
    }
}
