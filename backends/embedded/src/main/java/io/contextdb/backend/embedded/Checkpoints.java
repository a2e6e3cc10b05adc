package io.contextdb.backend.embedded;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.concurrent.TimeUnit;

/**
 * Brings what stands in SQLite's log into the file of records, and notes the checksums of the pages before. SQLite's own checkpoints
 * are off: they would change pages of which nobody knows. Used by the writer's thread, and by who opens and closes the store.
 */
final class Checkpoints {
    /** Frames of the log from which on it is brought in: 16 MB. */
    private static final long FRAMES = 4_000;

    /** So often the log is asked for its length, at least, in transactions and in bytes of batches. */
    private static final int TRANSACTIONS = 64;

    private static final long BYTES = 4L << 20;
    private static final System.Logger LOG = System.getLogger(Checkpoints.class.getName());

    private record State(boolean busy, long frames, long done) {}

    private final Database database;
    private final Path wal;
    private final PageSums sums;
    private final boolean force;
    private int transactions;
    private long bytes;
    private long next = FRAMES;
    private long quietUntil = System.nanoTime();

    /**
     * Creates them.
     *
     * @param force whether the checksums must be on the disk before the pages are written
     */
    Checkpoints(Database database, Path wal, PageSums sums, boolean force) {
        this.database = database;
        this.wal = wal;
        this.sums = sums;
        this.force = force;
    }

    /** Brings the log in if it has grown long; what fails is tried again later, and shows in the length of the log until then. */
    void committed(long commit, long batchBytes) {
        transactions++;
        bytes += batchBytes;
        boolean early = transactions < TRANSACTIONS && bytes < BYTES;
        if (early || System.nanoTime() - quietUntil < 0) {
            return;
        }
        transactions = 0;
        bytes = 0;
        try {
            long frames = state("NOOP").frames();
            if (frames < FRAMES) {
                next = FRAMES;
            } else if (frames >= next) {
                // Where a long read keeps the log from being begun anew, it is looked at again when it has grown as
                // much again.
                next = bringIn("PASSIVE", commit) ? FRAMES : frames + FRAMES;
            }
        } catch (SQLException | IOException failed) {
            quietUntil = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
            LOG.log(
                    System.Logger.Level.WARNING,
                    "The log of " + wal + " cannot be brought into the records yet: " + failed);
        }
    }

    /** Brings all in and empties the log; nobody may read meanwhile. */
    void finish(long commit) throws SQLException, IOException {
        if (!bringIn("TRUNCATE", commit)) {
            throw new IOException(wal + " cannot be emptied while it is read");
        }
    }

    private boolean bringIn(String mode, long commit) throws SQLException, IOException {
        sums.lock().lock();
        try {
            long frames = state("NOOP").frames();
            if (frames > 0) {
                sums.expect(WalFile.pages(wal, Records.PAGE_SIZE, frames), commit, force);
            }
            State after = state(mode);
            boolean all = !after.busy() && after.done() == after.frames();
            if (all && frames > 0) {
                sums.reached(commit);
            }
            return all;
        } finally {
            sums.lock().unlock();
        }
    }

    private State state(String mode) throws SQLException {
        return database.first(
                        "PRAGMA wal_checkpoint(" + mode + ")",
                        row -> new State(row.getInt(1) != 0, row.getLong(2), row.getLong(3)))
                .orElseThrow(() -> new SQLException("SQLite says nothing of its log"));
    }
}
