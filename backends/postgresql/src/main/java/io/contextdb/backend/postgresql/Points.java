package io.contextdb.backend.postgresql;

import io.contextdb.spi.vector.Vector;
import io.contextdb.spi.vector.VectorPoint;
import java.sql.ResultSet;
import java.sql.SQLException;

/** Columns of points, and how they are read. */
final class Points {
    /** Everything but the vector, which is large. */
    static final String PAYLOAD = "p.id, p.valid_from, p.valid_to, p.labels, p.source, p.subject, p.properties, p.text";

    static final String VECTOR = "p.embedding::float4[]";
    static final int PAYLOAD_COLUMNS = 8;

    private Points() {}

    /** Reads a point; its vector stands in a column after the payload. */
    static VectorPoint whole(ResultSet row) throws SQLException {
        Vector vector = Columns.vector(row, PAYLOAD_COLUMNS + 1);
        VectorPoint.Builder point = payload(row);
        return vector == null ? point.build() : point.vector(vector).build();
    }

    /** Reads a point without its vector. */
    static VectorPoint bare(ResultSet row) throws SQLException {
        VectorPoint.Builder point = payload(row);
        // A payload without text is one whose vector was not read: a stand-in makes it a point, and is dropped again.
        return row.getString(PAYLOAD_COLUMNS).isEmpty()
                ? point.vector(1f).build().withoutVector()
                : point.build();
    }

    private static VectorPoint.Builder payload(ResultSet row) throws SQLException {
        return VectorPoint.builder(Columns.uuid(row, 1))
                .validity(Columns.interval(row.getLong(2), row.getLong(3)))
                .labels(Columns.labels(row, 4))
                .source(row.getString(5))
                .subject(row.getString(6))
                .properties(Columns.properties(row, 7))
                .text(row.getString(8));
    }
}
