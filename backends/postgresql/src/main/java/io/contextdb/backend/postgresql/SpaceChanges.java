package io.contextdb.backend.postgresql;

import io.contextdb.backend.postgresql.Script.Many;
import io.contextdb.spi.error.InvalidRequestException;
import io.contextdb.spi.vector.VectorSpace;
import io.contextdb.spi.write.MutationResult;
import io.contextdb.spi.write.VectorMutation;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/** Changes of whole spaces, and of points by filter (contract V1, V5a). */
final class SpaceChanges {
    private static final String CREATE =
            "INSERT INTO cdb.space (ns, name, dimensions, metric, model) VALUES (?, ?, ?, ?, ?)";
    private static final List<String> DROP = List.of(
            "DELETE FROM cdb.posting WHERE space = ?",
            "DELETE FROM cdb.point WHERE space = ?",
            "DELETE FROM cdb.space WHERE id = ?");

    private SpaceChanges() {}

    static MutationResult apply(Snapshot transaction, VectorMutation mutation, Step step, Script after)
            throws SQLException {
        return switch (mutation) {
            case VectorMutation.CreateSpace create -> create(transaction, create.space(), after);
            case VectorMutation.DropSpace drop -> {
                Optional<Space> space = find(transaction, drop.space());
                space.ifPresent(found -> {
                    DROP.forEach(sql -> after.run(sql, found.id()));
                    step.entry().dropped(found.id());
                });
                yield new MutationResult.Removed(space.isPresent() ? 1 : 0);
            }
            case VectorMutation.DeletePoints delete -> delete(transaction, delete, step, after);
            case VectorMutation.PutPoint put -> throw new IllegalStateException("applied in memory");
            case VectorMutation.DeletePoint delete -> throw new IllegalStateException("applied in memory");
        };
    }

    private static Optional<Space> find(Snapshot transaction, String name) throws SQLException {
        return transaction.first(Space.BY_NAME, Space::read, transaction.namespace(), Many.texts(List.of(name)));
    }

    private static MutationResult create(Snapshot transaction, VectorSpace space, Script after) throws SQLException {
        Optional<Space> existing = find(transaction, space.name());
        if (existing.isPresent() && !existing.get().definition().equals(space)) {
            throw new InvalidRequestException(
                    "createSpace.space",
                    "exists and differs: is " + existing.get().definition() + ", asked for " + space);
        }
        if (existing.isEmpty()) {
            after.run(
                    CREATE,
                    transaction.namespace(),
                    space.name(),
                    space.dimensions(),
                    space.metric().name(),
                    space.model());
        }
        return new MutationResult.Done();
    }

    private static MutationResult delete(
            Snapshot transaction, VectorMutation.DeletePoints delete, Step step, Script after) throws SQLException {
        Space space = find(transaction, delete.space()).orElseThrow(() -> Space.missing(delete.space()));
        FilterSql filter = FilterSql.of(delete.filter(), PostgresVectors.POINTS);
        String sql = "WITH doomed AS (SELECT p.id FROM cdb.point p WHERE p.space = ? AND " + filter.sql()
                + " ORDER BY p.id LIMIT ?) DELETE FROM cdb.point p USING doomed d WHERE p.space = ? AND p.id = d.id"
                + " RETURNING p.space, p.id, p.text";
        Postings postings = new Postings();
        long[] count = {0};
        transaction.send(new Script()
                .rows(
                        row -> {
                            count[0]++;
                            postings.remove(row.getInt(1), Columns.uuid(row, 2), row.getString(3));
                            step.entry().changed(row.getInt(1), Columns.uuid(row, 2));
                        },
                        sql,
                        filter.values(List.of(space.id()), delete.limit(), space.id())));
        postings.flush(after);
        return new MutationResult.Removed(count[0]);
    }
}
