package io.contextdb.backend.embedded;

import io.contextdb.spi.error.ContextClosedException;
import io.contextdb.spi.error.ContextTimeoutException;
import io.contextdb.spi.error.Outcome;
import io.contextdb.spi.value.Deadline;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** A bounded pool of connections that read. Each use is one read transaction: a snapshot of what is committed. */
final class Readers implements AutoCloseable {
    /** Reads from a snapshot. */
    interface Read<T> {
        T from(Database snapshot) throws SQLException;
    }

    private final Records records;
    private final StoreFiles files;
    private final int size;
    private final Semaphore permits;
    private final Deque<Database> idle = new ConcurrentLinkedDeque<>();
    private volatile boolean closed;

    Readers(Records records, StoreFiles files, int size) {
        this.records = records;
        this.files = files;
        this.size = size;
        this.permits = new Semaphore(size);
    }

    <T> T read(Deadline deadline, Read<T> read) {
        acquire(deadline);
        try {
            if (closed) {
                throw new ContextClosedException("the embedded store");
            }
            files.check();
            Database database = idle.pollFirst();
            if (database == null) {
                database = opened();
            }
            return inSnapshot(database, deadline, read);
        } catch (SQLException failed) {
            throw StoreErrors.of(failed, Outcome.NOT_APPLIED);
        } finally {
            permits.release();
        }
    }

    /** Opens a connection by the file's name, which another store's file may have by now. */
    private Database opened() throws SQLException {
        Database database = records.reader();
        if (!files.areThere()) {
            database.close();
            throw files.error(Outcome.NOT_APPLIED);
        }
        return database;
    }

    private <T> T inSnapshot(Database database, Deadline deadline, Read<T> read) throws SQLException {
        boolean reusable = false;
        try {
            database.until(deadline);
            database.begin();
            T result;
            try {
                result = read.from(database);
            } finally {
                database.until(null);
                database.commit();
            }
            reusable = true;
            return result;
        } catch (RuntimeException refused) {
            // The statement was refused by us; the connection is as good as before.
            reusable = true;
            throw refused;
        } finally {
            if (reusable) {
                idle.addFirst(database);
            } else {
                database.close();
            }
        }
    }

    private void acquire(Deadline deadline) {
        try {
            if (!permits.tryAcquire(deadline.remaining().toNanos(), TimeUnit.NANOSECONDS)) {
                throw new ContextTimeoutException(
                        "all " + size
                                + " readers of the embedded store were busy until the deadline; the option readers allows more");
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new ContextTimeoutException("the thread was interrupted", Outcome.NOT_APPLIED, interrupted);
        }
    }

    /** Waits for reads under way, which end with their deadlines, and closes every connection. */
    @Override
    public void close() throws SQLException {
        closed = true;
        permits.acquireUninterruptibly(size);
        for (Database database : new ArrayDeque<>(idle)) {
            database.close();
        }
        idle.clear();
        permits.release(size);
    }
}
