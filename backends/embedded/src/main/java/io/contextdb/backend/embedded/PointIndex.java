package io.contextdb.backend.embedded;

import io.contextdb.spi.error.ContextUnavailableException;
import io.contextdb.spi.error.Outcome;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.IndexReader;
import org.apache.lucene.index.Term;
import org.apache.lucene.search.IndexSearcher;
import org.jspecify.annotations.Nullable;

/**
 * The index of points and texts: a projection of the records, kept by one thread. Changes come from the writer, commit by
 * commit, wait in the {@link Overlay}, are added to Lucene, and leave the overlay when a refresh shows them.
 *
 * <p>While it is behind (at open after a crash, after damage) it is not {@link #ready}: changes are not queued but read
 * from the records until it has caught up, and searches look at the records instead.
 */
final class PointIndex implements AutoCloseable {
    private static final int REFRESH_AT = 3_000;
    private static final long REFRESH_AFTER = TimeUnit.SECONDS.toNanos(2);
    private static final long COMMIT_AFTER = TimeUnit.SECONDS.toNanos(20);
    private static final int MOST_PENDING = 20_000;
    private static final long FIRST_REST = TimeUnit.MILLISECONDS.toNanos(100);
    private static final long LONGEST_REST = TimeUnit.SECONDS.toNanos(30);

    /** Reads from the records what an index lacks that covers them up to a commit. */
    interface Records {
        /** Refuses to go on if the store's files, and so the index's, are not the store's any more. */
        void check();

        /** Returns the oldest commit that an index may cover and still catch up from. */
        long since();

        boolean hasChanges(long from);

        void changes(long from, long to, Each each) throws IOException;
    }

    /** Takes one change. */
    interface Each {
        void take(Touched.PointChange change) throws IOException;
    }

    private final Path path;
    private final UUID store;
    private final Records records;
    private final Overlay overlay = new Overlay();
    private final Thread thread;
    private final long mostBytes;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    /** Changes that are in the overlay but not in Lucene; guarded by the lock. */
    private List<Touched.PointChange> queue = new ArrayList<>();
    /** Last commit that the writer told of; guarded by the lock. */
    private long told;
    /** Set when someone waits for a refresh; guarded by the lock. */
    private boolean wanted;
    /** Guarded by the lock. */
    private boolean closed;

    private volatile boolean ready;
    private volatile @Nullable Throwable trouble;
    private volatile IndexSearcher searcher;
    /** Commit up to which searches of Lucene see everything. */
    private volatile long shown;
    /** Commit up to which Lucene's files hold everything. */
    private volatile long durable;

    // The thread's own.
    private LuceneFiles files;
    private long added;
    private int unrefreshed;
    private boolean uncommitted;
    private long lastRefresh = System.nanoTime();
    private long lastCommit = System.nanoTime();

    PointIndex(Path path, UUID store, long lastCommitted, String name, Records records) throws IOException {
        this.path = path;
        this.store = store;
        this.records = records;
        this.told = lastCommitted;
        this.mostBytes = Math.min(128L << 20, Runtime.getRuntime().maxMemory() / 8);
        this.files = LuceneFiles.open(path, store, records.since(), lastCommitted);
        boolean current = files.covered() == lastCommitted || !records.hasChanges(files.covered());
        this.added = current ? lastCommitted : files.covered();
        this.shown = added;
        this.durable = added;
        this.ready = current;
        this.searcher = new IndexSearcher(DirectoryReader.open(files.writer()));
        this.thread = new Thread(this::run, "contextdb-index-" + name);
        thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    Overlay overlay() {
        return overlay;
    }

    boolean ready() {
        return ready;
    }

    /** Returns what went wrong last, until it is repaired. */
    @Nullable
    Throwable trouble() {
        return trouble;
    }

    /** Returns how many commits the index's files are behind. */
    long behind() {
        lock.lock();
        try {
            return told - durable;
        } finally {
            lock.unlock();
        }
    }

    /** Returns the commit up to which removed points need not be remembered. */
    long durable() {
        return durable;
    }

    /** Takes what a commit changed; waits while too much is pending, so that memory stays bounded. */
    void add(List<Touched.PointChange> changes, long commit) {
        lock.lock();
        try {
            told = commit;
            if (!ready || changes.isEmpty()) {
                return;
            }
            changes.forEach(overlay::add);
            queue.addAll(changes);
            changed.signalAll();
            while (ready && !closed && (overlay.size() > MOST_PENDING || overlay.bytes() > mostBytes)) {
                changed.awaitUninterruptibly();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Waits until the overlay has what a commit that reads see already changed: the writer is about to add it. */
    boolean knows(long commit, io.contextdb.spi.value.Deadline deadline) {
        lock.lock();
        try {
            while (told < commit && ready && !closed && !deadline.passed()) {
                changed.awaitNanos(TimeUnit.MILLISECONDS.toNanos(1));
            }
            return told >= commit;
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return false;
        } finally {
            lock.unlock();
        }
    }

    /** Returns a searcher, to be released after use. */
    IndexSearcher acquire() {
        while (true) {
            IndexSearcher current = searcher;
            if (current.getIndexReader().tryIncRef()) {
                return current;
            }
            Thread.onSpinWait();
        }
    }

    static void release(IndexSearcher searcher) throws IOException {
        searcher.getIndexReader().decRef();
    }

    /** Waits until searches of Lucene see a commit, or the deadline passes: then it is unavailable. */
    void show(long commit, io.contextdb.spi.value.Deadline deadline) {
        lock.lock();
        try {
            while (shown < commit || !ready) {
                if (ready && queue.isEmpty() && overlay.size() == 0) {
                    return;
                }
                wanted = true;
                changed.signalAll();
                long left = deadline.remaining().toNanos();
                if (left <= 0 || closed || !thread.isAlive() || changed.awaitNanos(left) <= 0) {
                    throw new ContextUnavailableException(
                            "the text index is " + (told - shown) + " commits behind and being caught up",
                            Outcome.NOT_APPLIED,
                            trouble);
                }
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new ContextUnavailableException("the thread was interrupted", Outcome.NOT_APPLIED, interrupted);
        } finally {
            lock.unlock();
        }
    }

    /** Told by a search that Lucene failed it: the index is made anew from the records. */
    void damaged(Throwable cause) {
        lock.lock();
        try {
            trouble = cause;
            ready = false;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void run() {
        try {
            work();
        } finally {
            lock.lock();
            try {
                if (!closed) {
                    // Whatever ended it: nobody is to wait for this thread any more.
                    ready = false;
                }
                changed.signalAll();
            } finally {
                lock.unlock();
            }
        }
    }

    private void work() {
        long rest = FIRST_REST;
        while (true) {
            try {
                if (!ready) {
                    catchUp();
                    rest = FIRST_REST;
                }
                List<Touched.PointChange> changes = next();
                for (Touched.PointChange change : changes) {
                    take(change);
                }
                settle();
                if (isClosed() && changes.isEmpty()) {
                    return;
                }
            } catch (IOException | RuntimeException | Error failed) {
                if (isClosed()) {
                    return;
                }
                damaged(failed);
                rest(rest);
                rest = Math.min(LONGEST_REST, 2 * rest);
            }
        }
    }

    /** Rests before it is tried again, unless the store closes meanwhile. */
    private void rest(long nanos) {
        lock.lock();
        try {
            for (long left = nanos; left > 0 && !closed; ) {
                left = changed.awaitNanos(left);
            }
        } catch (InterruptedException wakened) {
            // It is tried again sooner.
        } finally {
            lock.unlock();
        }
    }

    private boolean isClosed() {
        lock.lock();
        try {
            return closed;
        } finally {
            lock.unlock();
        }
    }

    private List<Touched.PointChange> next() {
        lock.lock();
        try {
            long left = unrefreshed > 0 ? REFRESH_AFTER - (System.nanoTime() - lastRefresh) : REFRESH_AFTER;
            while (queue.isEmpty() && !closed && !wanted && ready && left > 0) {
                left = changed.awaitNanos(left);
            }
            List<Touched.PointChange> taken = queue;
            queue = new ArrayList<>();
            if (ready) {
                // What the writer told of until now is in Lucene, once the changes just taken are.
                added = told;
            }
            return taken;
        } catch (InterruptedException wakened) {
            return List.of();
        } finally {
            lock.unlock();
        }
    }

    private void take(Touched.PointChange change) throws IOException {
        long space = change.space().id();
        UUID id = change.id();
        if (id == null) {
            files.writer().deleteDocuments(PointDocument.space(space));
        } else if (change.point() == null) {
            files.writer().deleteDocuments(PointDocument.key(space, id));
        } else {
            Term key = PointDocument.key(space, id);
            files.writer().updateDocument(key, PointDocument.of(change.space(), change.point()));
        }
        uncommitted = true;
        unrefreshed++;
    }

    /** Refreshes and commits when it is time, or when someone waits. */
    private void settle() throws IOException {
        long now = System.nanoTime();
        boolean asked;
        lock.lock();
        try {
            asked = wanted || closed;
            wanted = false;
        } finally {
            lock.unlock();
        }
        if (asked || unrefreshed >= REFRESH_AT || (unrefreshed > 0 && now - lastRefresh >= REFRESH_AFTER)) {
            refresh();
        } else if (unrefreshed == 0) {
            shown = added;
        }
        if (uncommitted && now - lastCommit >= COMMIT_AFTER) {
            commit();
        }
    }

    private void refresh() throws IOException {
        IndexSearcher old = searcher;
        DirectoryReader next = DirectoryReader.openIfChanged((DirectoryReader) old.getIndexReader(), files.writer());
        lock.lock();
        try {
            if (next != null) {
                searcher = new IndexSearcher(next);
            }
            shown = added;
            overlay.remove(added);
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        if (next != null) {
            release(old);
        }
        unrefreshed = 0;
        lastRefresh = System.nanoTime();
    }

    private void commit() throws IOException {
        records.check();
        files.commit(added);
        durable = added;
        uncommitted = false;
        lastCommit = System.nanoTime();
    }

    /** Reads from the records what Lucene lacks, until the writer has told of nothing more. */
    private void catchUp() throws IOException {
        if (trouble != null) {
            restart();
        }
        while (!isClosed()) {
            long target = toldSoFar();
            records.changes(added, target, this::take);
            added = target;
            refresh();
            lock.lock();
            try {
                if (told <= added) {
                    queue.clear();
                    ready = true;
                    trouble = null;
                    changed.signalAll();
                    return;
                }
            } finally {
                lock.unlock();
            }
        }
    }

    private long toldSoFar() {
        lock.lock();
        try {
            return told;
        } finally {
            lock.unlock();
        }
    }

    private void restart() throws IOException {
        records.check();
        IndexReader old = searcher.getIndexReader();
        files.discard();
        files = LuceneFiles.fresh(path, store);
        added = 0;
        durable = 0;
        IndexSearcher empty = new IndexSearcher(DirectoryReader.open(files.writer()));
        lock.lock();
        try {
            searcher = empty;
            shown = 0;
            queue.clear();
            overlay.remove(Long.MAX_VALUE);
        } finally {
            lock.unlock();
        }
        old.decRef();
    }

    /** Adds what is pending, commits, and ends the thread. */
    @Override
    public void close() throws IOException {
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
        try {
            release(searcher);
            if (ready && uncommitted) {
                commit();
            }
        } finally {
            if (ready) {
                files.close();
            } else {
                files.discard();
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
