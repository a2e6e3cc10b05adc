package io.contextdb.backend.embedded;

import io.contextdb.spi.error.ErrorCode;
import io.contextdb.spi.error.InvalidRequestException;
import io.contextdb.spi.vector.Metric;
import io.contextdb.spi.vector.Vector;
import io.contextdb.spi.vector.VectorPoint;
import io.contextdb.spi.vector.VectorSpace;
import io.contextdb.spi.write.MutationResult;
import io.contextdb.spi.write.VectorMutation;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** Applies changes of vector spaces (contract V) to the records; the index learns of them after the commit. */
final class PointWriter {
    private static final String CREATE =
            "INSERT INTO space (ns, name, dimensions, metric, model) VALUES (?, ?, ?, ?, ?)";
    private static final String DROP_POINTS = "DELETE FROM point WHERE space = ?";
    private static final String DROP = "DELETE FROM space WHERE id = ?";
    private static final String PUT = """
            INSERT INTO point (space, id, commit_no, valid_from, valid_to, labels, source, subject, properties, text, vector)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            ON CONFLICT (space, id) DO UPDATE SET commit_no = excluded.commit_no, valid_from = excluded.valid_from,
                valid_to = excluded.valid_to, labels = excluded.labels, source = excluded.source,
                subject = excluded.subject, properties = excluded.properties, text = excluded.text,
                vector = excluded.vector
            """;
    private static final String DELETE = "DELETE FROM point WHERE space = ? AND id = ?";
    private static final String ABOUT = "SELECT id FROM point WHERE space = ? AND subject = ? AND subject <> ''";
    private static final String GONE = "INSERT OR IGNORE INTO point_gone (commit_no, space, id) VALUES (?, ?, ?)";
    private static final byte[] WHOLE_SPACE = {};

    private PointWriter() {}

    static MutationResult apply(BatchTransaction batch, VectorMutation mutation) throws SQLException {
        return switch (mutation) {
            case VectorMutation.CreateSpace create -> create(batch, create.space());
            case VectorMutation.DropSpace drop -> drop(batch, drop.space());
            case VectorMutation.PutPoint put -> put(batch, put);
            case VectorMutation.DeletePoint delete ->
                new MutationResult.Removed(remove(batch, space(batch, delete.space()), delete.id()) ? 1 : 0);
            case VectorMutation.DeletePoints delete -> delete(batch, delete);
        };
    }

    private static MutationResult create(BatchTransaction batch, VectorSpace space) throws SQLException {
        Optional<IndexedSpace> existing = IndexedSpace.find(batch.database(), batch.namespace(), space.name());
        if (existing.isPresent() && !existing.get().space().equals(space)) {
            throw new InvalidRequestException(
                    "createSpace.space",
                    "exists and differs: is " + existing.get().space() + ", asked for " + space);
        }
        if (existing.isEmpty()) {
            batch.database()
                    .update(
                            CREATE,
                            batch.namespace(),
                            space.name(),
                            space.dimensions(),
                            space.metric().name(),
                            space.model());
        }
        return new MutationResult.Done();
    }

    private static MutationResult drop(BatchTransaction batch, String name) throws SQLException {
        Optional<IndexedSpace> space = IndexedSpace.find(batch.database(), batch.namespace(), name);
        if (space.isEmpty()) {
            return new MutationResult.Removed(0);
        }
        drop(batch, space.get());
        return new MutationResult.Removed(1);
    }

    static void drop(BatchTransaction batch, IndexedSpace space) throws SQLException {
        batch.database().update(DROP_POINTS, space.id());
        batch.database().update(DROP, space.id());
        batch.database().update(GONE, batch.commit(), space.id(), WHOLE_SPACE);
        batch.touched().point(new Touched.PointChange(space, null, null, batch.commit()));
    }

    private static MutationResult put(BatchTransaction batch, VectorMutation.PutPoint put) throws SQLException {
        IndexedSpace space = space(batch, put.space());
        VectorPoint point = put.point();
        point.vector().ifPresent(vector -> check(space.space(), vector, "putPoint.vector"));
        batch.database()
                .update(
                        PUT,
                        space.id(),
                        Columns.of(point.id()),
                        batch.commit(),
                        Columns.of(point.validity().from()),
                        Columns.of(point.validity().to()),
                        StoredJson.write(point.labels()),
                        point.source(),
                        point.subject(),
                        StoredJson.write(point.properties()),
                        point.text(),
                        Columns.of(point.vector().orElse(null)));
        batch.touched().point(new Touched.PointChange(space, point.id(), point, batch.commit()));
        return new MutationResult.Done();
    }

    /** Refuses a vector that the space cannot compare (contract V1). */
    static void check(VectorSpace space, Vector vector, String field) {
        if (vector.dimensions() != space.dimensions()) {
            throw new InvalidRequestException(
                    field,
                    "has " + vector.dimensions() + " dimensions, space \"" + space.name() + "\" has "
                            + space.dimensions()
                            + (space.model().isEmpty() ? "" : " (model " + space.model() + ")")
                            + "; create a space for it, or embed with the space's model");
        }
        if (space.metric() == Metric.COSINE && vector.isZero()) {
            throw new InvalidRequestException(field, "must not be zero: cosine has no answer for it");
        }
    }

    private static boolean remove(BatchTransaction batch, IndexedSpace space, UUID id) throws SQLException {
        byte[] key = Columns.of(id);
        if (batch.database().update(DELETE, space.id(), key) == 0) {
            return false;
        }
        batch.database().update(GONE, batch.commit(), space.id(), key);
        batch.touched().point(new Touched.PointChange(space, id, null, batch.commit()));
        return true;
    }

    private static MutationResult delete(BatchTransaction batch, VectorMutation.DeletePoints delete)
            throws SQLException {
        IndexedSpace space = space(batch, delete.space());
        List<UUID> matching = new ArrayList<>();
        RowFields fields = new RowFields(RowFields.Layout.POINTS);
        batch.database()
                .each(
                        PointRows.PAYLOADS,
                        row -> {
                            if (delete.filter().matches(fields.at(row))) {
                                matching.add(Columns.uuid(row, 1));
                            }
                            return matching.size() < delete.limit();
                        },
                        space.id(),
                        new byte[0]);
        for (UUID id : matching) {
            remove(batch, space, id);
        }
        return new MutationResult.Removed(matching.size());
    }

    /** Removes the node's own point of a space, and those about it (contract N6). */
    static void erase(BatchTransaction batch, IndexedSpace space, UUID node) throws SQLException {
        remove(batch, space, node);
        for (UUID id : batch.database().list(ABOUT, row -> Columns.uuid(row, 1), space.id(), node.toString())) {
            remove(batch, space, id);
        }
    }

    private static IndexedSpace space(BatchTransaction batch, String name) throws SQLException {
        return IndexedSpace.find(batch.database(), batch.namespace(), name).orElseThrow(() -> missing(name));
    }

    static InvalidRequestException missing(String name) {
        return new InvalidRequestException(
                ErrorCode.NOT_FOUND, "space", "no vector space is named " + name + "; create it first");
    }
}
