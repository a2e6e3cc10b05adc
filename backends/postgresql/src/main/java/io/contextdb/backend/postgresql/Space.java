package io.contextdb.backend.postgresql;

import io.contextdb.spi.error.ErrorCode;
import io.contextdb.spi.error.InvalidRequestException;
import io.contextdb.spi.vector.Metric;
import io.contextdb.spi.vector.Vector;
import io.contextdb.spi.vector.VectorSpace;
import java.sql.ResultSet;
import java.sql.SQLException;

/**
 * A vector space as it is stored.
 *
 * @param id its interned id, never given twice
 * @param definition what it was created as
 * @param texts points that have a text
 * @param words words of all those texts
 */
record Space(int id, VectorSpace definition, long texts, long words) {
    static final String COLUMNS = "s.id, s.name, s.dimensions, s.metric, s.model, s.texts, s.words";
    static final int COLUMN_COUNT = 7;
    static final String BY_NAME = "SELECT " + COLUMNS + " FROM cdb.space s WHERE s.ns = ? AND s.name = ANY (?)";

    static Space read(ResultSet row) throws SQLException {
        return new Space(
                row.getInt(1),
                new VectorSpace(row.getString(2), row.getInt(3), Metric.valueOf(row.getString(4)), row.getString(5)),
                row.getLong(6),
                row.getLong(7));
    }

    /** Refuses a vector that the space cannot compare (contract V1). */
    void check(Vector vector, String field) {
        if (vector.dimensions() != definition.dimensions()) {
            throw new InvalidRequestException(
                    field,
                    "has " + vector.dimensions() + " dimensions, space \"" + definition.name() + "\" has "
                            + definition.dimensions()
                            + (definition.model().isEmpty() ? "" : " (model " + definition.model() + ")")
                            + "; create a space for it, or embed with the space's model");
        }
        if (definition.metric() == Metric.COSINE && vector.isZero()) {
            throw new InvalidRequestException(field, "must not be zero: cosine has no answer for it");
        }
    }

    static InvalidRequestException missing(String name) {
        return new InvalidRequestException(
                ErrorCode.NOT_FOUND, "space", "no vector space is named " + name + "; create it first");
    }
}
