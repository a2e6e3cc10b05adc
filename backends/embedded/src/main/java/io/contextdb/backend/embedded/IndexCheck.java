package io.contextdb.backend.embedded;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.FilterLeafReader;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.index.SegmentReader;
import org.apache.lucene.search.IndexSearcher;
import org.jspecify.annotations.Nullable;

/**
 * Compares the index's files with their checksums in the background: after open where that took too long to do before, once a day, and
 * when a search failed in a way that damage could explain. It takes at most half of one core and of the disk's time.
 */
final class IndexCheck implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(IndexCheck.class.getName());
    private static final long AGAIN_AFTER = TimeUnit.DAYS.toNanos(1);
    /** A search that fails again and again has the files read once in so long. */
    private static final long SUSPECTED_AT_MOST_EVERY = TimeUnit.MINUTES.toNanos(1);

    private static final long RETRY_AFTER = TimeUnit.SECONDS.toNanos(10);

    private final PointIndex index;
    private final Thread thread;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    /** When the next check is due; guarded by the lock. */
    private long due;
    /** When the last one for a suspicion was; guarded by the lock. */
    private long lastSuspected = System.nanoTime() - SUSPECTED_AT_MOST_EVERY;

    private volatile boolean closed;

    /** Creates it; the first check is due at once, or after a day where all was checked at open. */
    IndexCheck(PointIndex index, String name, boolean checked) {
        this.index = index;
        this.due = System.nanoTime() + (checked ? AGAIN_AFTER : 0);
        this.thread = new Thread(this::run, "contextdb-index-check-" + name);
        thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    /** Told of a failure that damage could explain: the files are checked soon. */
    void suspect(Throwable failure) {
        lock.lock();
        try {
            long now = System.nanoTime();
            if (now - lastSuspected < SUSPECTED_AT_MOST_EVERY) {
                return;
            }
            lastSuspected = now;
            due = now;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        LOG.log(
                System.Logger.Level.WARNING,
                "A search of the index failed; its files are compared with their checksums.",
                failure);
    }

    private void run() {
        while (awaitDue()) {
            IndexSearcher searcher = index.acquire();
            try {
                List<String> problems = problems(searcher, () -> closed, true);
                if (!problems.isEmpty()) {
                    index.failed(
                            new org.apache.lucene.index.CorruptIndexException(problems.toString(), "index"), searcher);
                } else if (!closed) {
                    index.checked(searcher);
                }
            } catch (IOException | RuntimeException | Error failed) {
                // Out of memory or files, or the index was replaced meanwhile: looked at again.
                dueIn(RETRY_AFTER);
            } finally {
                release(searcher);
            }
        }
    }

    /** Gives a searcher back that may have been closed meanwhile. */
    static void release(IndexSearcher searcher) {
        try {
            PointIndex.release(searcher);
        } catch (IOException | RuntimeException closedAlready) {
            // Nothing of it is used any more.
        }
    }

    private boolean awaitDue() {
        lock.lock();
        try {
            for (long left = due - System.nanoTime(); !closed && left > 0; left = due - System.nanoTime()) {
                changed.awaitNanos(left);
            }
            due = System.nanoTime() + AGAIN_AFTER;
        } catch (InterruptedException wakened) {
            // Nobody interrupts it but to end it.
            closed = true;
        } finally {
            lock.unlock();
        }
        return !closed;
    }

    private void dueIn(long nanos) {
        lock.lock();
        try {
            long soon = System.nanoTime() + nanos;
            due = due - soon < 0 ? due : soon;
        } finally {
            lock.unlock();
        }
    }

    /** Returns what is wrong with the files that a searcher reads, which stay as long as it is not released. */
    static List<String> problems(IndexSearcher searcher, java.util.function.BooleanSupplier stop, boolean gently)
            throws IOException {
        List<String> problems = new ArrayList<>();
        var directory = ((DirectoryReader) searcher.getIndexReader()).directory();
        for (String file : files(searcher)) {
            long start = System.nanoTime();
            String problem = problem(directory, file, stop);
            if (problem != null) {
                problems.add(problem);
            }
            if (stop.getAsBoolean()) {
                break;
            }
            if (gently) {
                pause(System.nanoTime() - start, stop);
            }
        }
        return problems;
    }

    private static @Nullable String problem(
            org.apache.lucene.store.Directory directory, String file, java.util.function.BooleanSupplier stop)
            throws IOException {
        try {
            IndexChecksums.file(directory, file, stop);
            return null;
        } catch (IOException failed) {
            if (IndexFailure.of(failed) != IndexFailure.DAMAGE) {
                throw failed;
            }
            return String.valueOf(failed.getMessage());
        }
    }

    private static List<String> files(IndexSearcher searcher) throws IOException {
        List<String> files = new ArrayList<>();
        for (LeafReaderContext leaf : searcher.getLeafContexts()) {
            if (FilterLeafReader.unwrap(leaf.reader()) instanceof SegmentReader segment) {
                files.addAll(segment.getSegmentInfo().files());
            }
        }
        return files;
    }

    private static void pause(long nanos, java.util.function.BooleanSupplier stop) {
        long until = System.nanoTime() + nanos;
        while (!stop.getAsBoolean() && until - System.nanoTime() > 0) {
            java.util.concurrent.locks.LockSupport.parkNanos(
                    Math.min(TimeUnit.MILLISECONDS.toNanos(20), until - System.nanoTime()));
        }
    }

    /** Ends the thread, in the middle of a file if need be. */
    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException hurried) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
