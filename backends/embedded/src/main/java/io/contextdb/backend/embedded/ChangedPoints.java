package io.contextdb.backend.embedded;

import io.contextdb.spi.error.ContextException;
import io.contextdb.spi.value.Bytes;
import io.contextdb.spi.value.Deadline;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads from the records what changed in vector spaces since a commit, in pieces, so that no snapshot is held for long. */
final class ChangedPoints implements IndexSource {
    private static final int PIECE = 1_000;
    private static final Duration PATIENCE = Duration.ofHours(1);
    private static final String ANY = """
            SELECT EXISTS (SELECT 1 FROM point WHERE commit_no > ?1) OR EXISTS (SELECT 1 FROM point_gone WHERE commit_no > ?1)
            """;
    private static final String ACCEPTS = "SELECT count(*) FROM store WHERE ?1 BETWEEN gone_before AND last_commit";
    private static final String GONE = """
            SELECT commit_no, space, id FROM point_gone
             WHERE (commit_no, space, id) > (?, ?, ?) AND commit_no <= ?
             ORDER BY commit_no, space, id LIMIT ?
            """;
    private static final String PUT = "SELECT " + PointRows.COLUMNS + """
            , space, key FROM point
             WHERE (commit_no, key) > (?, ?) AND commit_no <= ? ORDER BY commit_no, key LIMIT ?
            """;

    private record Gone(long commit, long space, Bytes id) {}

    private record Put(long key, Touched.PointChange change) {}

    private final Readers readers;
    private final Lives lives;
    private final StoreFiles files;

    ChangedPoints(Readers readers, Lives lives, StoreFiles files) {
        this.readers = readers;
        this.lives = lives;
        this.files = files;
    }

    @Override
    public void check() {
        if (!files.areThere()) {
            files.check();
        }
    }

    @Override
    public boolean hasChanges(long from) {
        return readers.read(Deadline.after(PATIENCE), database -> database.number(ANY, from)) != 0;
    }

    @Override
    public long life(long commit) {
        return lives.of(commit);
    }

    /** An index of the same number but of another life is of another history: of a copy of this store, or from before a restore. */
    @Override
    public boolean accepts(long covered, long life) {
        return readers.read(
                Deadline.after(PATIENCE),
                database -> database.number(ACCEPTS, covered) == 1 && Lives.at(database, covered) == life);
    }

    /** Removals come first: a point that was removed and put again is put with a later commit, or in the same. */
    @Override
    public void changes(long from, long to, Each each) throws IOException {
        try {
            removals(from, to, each);
            puts(from, to, each);
        } catch (ContextException failed) {
            throw new IOException("the records cannot be read", failed);
        }
    }

    private void removals(long from, long to, Each each) throws IOException {
        Gone after = new Gone(from, Long.MAX_VALUE, Bytes.EMPTY);
        List<Gone> piece;
        do {
            Gone last = after;
            piece = readers.read(
                    Deadline.after(PATIENCE),
                    database -> database.list(
                            GONE,
                            row -> new Gone(row.getLong(1), row.getLong(2), Bytes.of(EmbeddedKeys.bytes(row, 3))),
                            last.commit(),
                            last.space(),
                            last.id().toArray(),
                            to,
                            PIECE));
            for (Gone gone : piece) {
                IndexedSpace space = IndexedSpace.unknown(gone.space());
                each.take(new Touched.PointChange(
                        space,
                        gone.id().size() == 0 ? null : Columns.uuid(gone.id().toArray()),
                        null,
                        gone.commit()));
                after = gone;
            }
        } while (piece.size() == PIECE);
    }

    private void puts(long from, long to, Each each) throws IOException {
        long commit = from;
        long key = Long.MAX_VALUE;
        List<Put> piece;
        do {
            long afterCommit = commit;
            long afterKey = key;
            piece = readers.read(Deadline.after(PATIENCE), database -> piece(database, afterCommit, afterKey, to));
            for (Put put : piece) {
                each.take(put.change());
                commit = put.change().commit();
                key = put.key();
            }
        } while (piece.size() == PIECE);
    }

    private static List<Put> piece(Database database, long commit, long key, long to) throws SQLException {
        Map<Long, Optional<IndexedSpace>> spaces = new HashMap<>();
        List<Put> piece = new ArrayList<>();
        record Row(long key, long space, PointRows.Stored stored) {}
        for (Row row : database.list(
                PUT,
                read -> new Row(read.getLong(12), read.getLong(11), PointRows.stored(read)),
                commit,
                key,
                to,
                PIECE)) {
            Optional<IndexedSpace> space = spaces.get(row.space());
            if (space == null) {
                space = IndexedSpace.find(database, row.space());
                spaces.put(row.space(), space);
            }
            IndexedSpace known = space.orElse(IndexedSpace.unknown(row.space()));
            piece.add(new Put(
                    row.key(),
                    new Touched.PointChange(
                            known,
                            row.stored().point().id(),
                            row.stored().point(),
                            row.stored().commit())));
        }
        return piece;
    }
}
