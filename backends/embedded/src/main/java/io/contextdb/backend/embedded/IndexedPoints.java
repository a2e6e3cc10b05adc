package io.contextdb.backend.embedded;

import io.contextdb.spi.error.ContextException;
import io.contextdb.spi.filter.Filter;
import io.contextdb.spi.vector.VectorPoint;
import java.io.IOException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.apache.lucene.search.IndexSearcher;

/**
 * Counts and lists the points of a space that match a filter. Small spaces and dense matches are read from the records; of large
 * ones the index names the points, if it shows exactly what the snapshot has and its files were checked.
 */
final class IndexedPoints {
    static final String COUNT = "SELECT count(*) FROM point WHERE space = ?";
    private static final String COUNT_SOME = "SELECT count(*) FROM (SELECT 1 FROM point WHERE space = ? LIMIT ?)";
    private static final int SMALL = 2_000;
    /** So many rows are looked at, besides as many as are asked for, before the index is asked where the others are. */
    private static final int LOOKED_AT = 500;

    private final PointIndex index;
    private final Snapshot snapshot;
    private final IndexedSpace space;
    private final Filter filter;
    private final boolean last;
    private boolean behind;

    /**
     * Creates the reader of one snapshot.
     *
     * @param last whether the records are read where the index is behind; else that is told by an empty answer
     */
    IndexedPoints(PointIndex index, Snapshot snapshot, IndexedSpace space, Filter filter, boolean last) {
        this.last = last;
        this.index = index;
        this.snapshot = snapshot;
        this.space = space;
        this.filter = filter;
    }

    /** Returns how many match; empty if it is worth while to wait until the index shows what was written last. */
    Optional<Long> count() throws SQLException {
        if (filter instanceof Filter.Everything) {
            return Optional.of(snapshot.database().number(COUNT, space.id()));
        }
        if (snapshot.database().number(COUNT_SOME, space.id(), SMALL + 1) > SMALL) {
            Optional<Long> counted = inIndex(
                    (search, query) -> query.exact() ? Optional.of(search.count(space.id(), query)) : Optional.empty());
            if (counted.isPresent() || behind) {
                return counted;
            }
        }
        long[] count = {0};
        RowFields fields = new RowFields(RowFields.Layout.POINTS);
        snapshot.database()
                .each(
                        PointRows.PAYLOADS,
                        row -> {
                            count[0] += filter.matches(fields.at(row)) ? 1 : 0;
                            return true;
                        },
                        space.id(),
                        new byte[0]);
        return Optional.of(count[0]);
    }

    /** Returns those after an id, ordered by id, one more than the limit if there are; empty as {@link #count}. */
    Optional<List<VectorPoint>> after(byte[] id, int limit) throws SQLException {
        List<VectorPoint> read = new ArrayList<>();
        if (filter instanceof Filter.Everything) {
            snapshot.database()
                    .each(
                            PointRows.AFTER,
                            row -> {
                                read.add(PointRows.point(row));
                                return read.size() <= limit;
                            },
                            space.id(),
                            id);
            return Optional.of(read);
        }
        byte[] from = rows(id, limit, LOOKED_AT + limit, read);
        if (from.length > 0 && read.size() <= limit) {
            boolean indexed = inIndex((search, query) -> indexed(search, query, from, limit, read))
                    .isPresent();
            if (behind) {
                return Optional.empty();
            }
            if (!indexed) {
                byte[] rest = read.isEmpty()
                        ? from
                        : later(from, Columns.of(read.getLast().id()));
                rows(rest, limit, Integer.MAX_VALUE, read);
            }
        }
        return Optional.of(read);
    }

    private static byte[] later(byte[] a, byte[] b) {
        return java.util.Arrays.compareUnsigned(a, b) > 0 ? a : b;
    }

    /** Looks at so many rows; returns the id of the last, or nothing if there are no more. */
    private byte[] rows(byte[] after, int limit, int most, List<VectorPoint> read) throws SQLException {
        RowFields fields = new RowFields(RowFields.Layout.POINTS);
        int[] left = {most};
        byte[][] last = {new byte[0]};
        snapshot.database()
                .each(
                        PointRows.PAYLOADS,
                        row -> {
                            if (filter.matches(fields.at(row))) {
                                add(row.getBytes(1), read);
                            }
                            boolean more = --left[0] > 0 && read.size() <= limit;
                            last[0] = more ? last[0] : row.getBytes(1);
                            return more;
                        },
                        space.id(),
                        after);
        return last[0];
    }

    private void add(byte[] id, List<VectorPoint> read) throws SQLException {
        snapshot.database()
                .first(PointRows.BY_ID, PointRows::point, space.id(), id)
                .filter(filter::matches)
                .ifPresent(read::add);
    }

    private Optional<Boolean> indexed(
            PointSearch search, FilterQuery query, byte[] from, int limit, List<VectorPoint> read)
            throws IOException, SQLException {
        UUID after = Columns.uuid(from);
        while (read.size() <= limit) {
            snapshot.deadline().check("scroll");
            int count = query.exact() ? limit + 1 - read.size() : 4 * limit + 8;
            List<UUID> ids = search.after(
                    space.id(), query, after, count, () -> snapshot.deadline().check("scroll"));
            for (UUID id : ids) {
                if (read.size() <= limit) {
                    add(Columns.of(id), read);
                }
            }
            if (ids.size() < count) {
                break;
            }
            after = ids.getLast();
        }
        return Optional.of(true);
    }

    private interface Look<T> {
        Optional<T> at(PointSearch search, FilterQuery query) throws IOException, SQLException;
    }

    /** Asks the index, if it can be relied on; a failure of it leaves the records. */
    private <T> Optional<T> inIndex(Look<T> look) throws SQLException {
        Optional<IndexSearcher> acquired = index.at(space, snapshot.commit());
        if (acquired.isEmpty()) {
            behind = !last && index.ready() && index.isChecked();
            return Optional.empty();
        }
        IndexSearcher searcher = acquired.get();
        try {
            try {
                PointSearch search = new PointSearch(searcher);
                return look.at(
                        search, FilterQuery.of(filter, new FilterQuery.Scope(space.id(), search.hasTruncated())));
            } finally {
                PointIndex.release(searcher);
            }
        } catch (ContextException | SQLException known) {
            throw known;
        } catch (IOException | RuntimeException | InternalError failed) {
            index.failed(failed, searcher);
            return Optional.empty();
        }
    }
}
