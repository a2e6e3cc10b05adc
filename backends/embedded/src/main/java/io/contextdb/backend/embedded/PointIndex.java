package io.contextdb.backend.embedded;

import io.contextdb.spi.error.ContextException;
import io.contextdb.spi.error.ContextUnavailableException;
import io.contextdb.spi.error.Outcome;
import io.contextdb.spi.value.Deadline;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.Term;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.store.Directory;
import org.jspecify.annotations.Nullable;

/**
 * The index of points and texts: a projection of the records, kept by one thread. Changes come from the writer, commit by
 * commit, wait in the {@link Overlay}, are added to Lucene, and leave the overlay when a refresh shows them.
 *
 * <p>While it is behind (at open after a crash, after damage) it is not {@link #ready}: changes are not queued but read
 * from the records until it has caught up, and searches look at the records instead.
 *
 * <p>What fails is judged in one place, {@link IndexFailure}: damage has the index made anew, a shortage has it opened again as
 * its files are, and what was too much to ask changes nothing. Each time that this fails again it rests longer.
 */
final class PointIndex implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(PointIndex.class.getName());

    private static final int REFRESH_AT = 3_000;
    private static final long REFRESH_AFTER = TimeUnit.SECONDS.toNanos(2);
    private static final long COMMIT_AFTER = TimeUnit.SECONDS.toNanos(20);
    private static final int MOST_PENDING = 20_000;

    /** What a failure leads to; the later the more. */
    private enum Repair {
        NONE,
        /** Go on from where it was. */
        CATCH_UP,
        /** Open the files again. */
        REOPEN,
        /** Make the index anew. */
        REBUILD
    }

    private final Path path;
    private final UUID store;
    private final IndexSource records;
    private final Overlay overlay = new Overlay();
    private final Thread thread;
    private final IndexCheck check;
    private final Rest rest = new Rest();
    private final long mostBytes;
    private final long checkedAtOpen;

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
    /** What must be done before it can catch up; guarded by the lock. */
    private Repair repair = Repair.NONE;

    private volatile IndexSearcher searcher;
    /** Whether all files were compared with their checksums since the index was opened. */
    private volatile boolean checked;
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

    PointIndex(Path path, UUID store, long lastCommitted, String name, IndexSource records) throws IOException {
        this(path, store, lastCommitted, name, records, LuceneFiles.CHECKED_AT_OPEN);
    }

    /** Opens one of which no more than so many bytes are checked at open, the others in the background. */
    PointIndex(Path path, UUID store, long lastCommitted, String name, IndexSource records, long checkedAtOpen)
            throws IOException {
        this.checkedAtOpen = checkedAtOpen;
        this.path = path;
        this.store = store;
        this.records = records;
        this.told = lastCommitted;
        this.mostBytes = Math.min(128L << 20, Runtime.getRuntime().maxMemory() / 8);
        this.files = LuceneFiles.open(path, store, records, checkedAtOpen);
        boolean current = isCurrent(lastCommitted);
        this.added = current ? lastCommitted : files.covered();
        this.shown = added;
        this.durable = added;
        this.ready = current;
        this.checked = files.checked();
        this.searcher = new IndexSearcher(files.reader());
        this.thread = new Thread(this::run, "contextdb-index-" + name);
        thread.setDaemon(true);
        this.check = new IndexCheck(this, name, checked);
    }

    private boolean isCurrent(long lastCommitted) throws IOException {
        try {
            return files.covered() == lastCommitted || !records.hasChanges(files.covered());
        } catch (RuntimeException failed) {
            files.reader().close();
            files.discard();
            throw failed;
        }
    }

    void start() {
        thread.start();
        check.start();
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

    /** Returns how often it failed, of late. */
    int failures() {
        return rest.failures();
    }

    /** Returns whether its files are known to be what was written: until then a count must not be taken from it. */
    boolean isChecked() {
        return checked;
    }

    /** Told that all files of a searcher are what was written. */
    void checked(IndexSearcher by) {
        lock.lock();
        try {
            checked |= isOfThis(by);
        } finally {
            lock.unlock();
        }
    }

    /** Returns what is wrong with the files, compared with their checksums now; empty if nothing is. */
    List<String> verify(Deadline deadline) throws IOException {
        IndexSearcher current = acquire();
        try {
            List<String> problems = IndexCheck.problems(current, deadline::passed, false);
            deadline.check("verify");
            return problems;
        } finally {
            release(current);
        }
    }

    /** Makes the index anew from the records, in the background. */
    void remake(Throwable why) {
        lock.lock();
        try {
            needs(Repair.REBUILD, why);
        } finally {
            lock.unlock();
        }
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
            boolean taken = ready && !changes.isEmpty();
            if (taken) {
                changes.forEach(overlay::add);
                queue.addAll(changes);
            }
            // Only now: where there was no memory for that, the thread must not take the commit for one that it has.
            told = commit;
            if (!taken) {
                return;
            }
            changed.signalAll();
            while (ready && !closed && (overlay.size() > MOST_PENDING || overlay.bytes() > mostBytes)) {
                changed.awaitUninterruptibly();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Told that what a commit changed was not taken, or not all of it: it is read from the records. */
    void missed(long commit, Throwable cause) {
        lock.lock();
        try {
            told = commit;
            needs(Repair.CATCH_UP, cause);
        } finally {
            lock.unlock();
        }
    }

    /** Waits until the overlay has what a commit that reads see already changed: the writer is about to add it. */
    boolean knows(long commit, Deadline deadline) {
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

    /**
     * Returns a searcher, to be released after use, that shows of a space exactly what there was at a commit; empty if there is
     * none, or if not all files are known to be what was written.
     */
    Optional<IndexSearcher> at(IndexedSpace space, long commit) {
        lock.lock();
        try {
            long last = overlay.lastChange(space);
            return ready && checked && told >= commit && last <= commit && shown >= last
                    ? Optional.of(acquire())
                    : Optional.empty();
        } finally {
            lock.unlock();
        }
    }

    static void release(IndexSearcher searcher) throws IOException {
        searcher.getIndexReader().decRef();
    }

    /** Waits until searches of Lucene see a commit, or the deadline passes: then it is unavailable. */
    void show(long commit, Deadline deadline) {
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

    /** Told by a search, with the searcher that it used, that Lucene failed it; returns what that means. */
    IndexFailure failed(Throwable cause, IndexSearcher by) {
        IndexFailure kind = IndexFailure.of(cause);
        switch (kind) {
            case DAMAGE -> {
                lock.lock();
                try {
                    // What was made anew since is not damaged by what was found in the one before.
                    if (isOfThis(by)) {
                        needs(Repair.REBUILD, cause);
                    }
                } finally {
                    lock.unlock();
                }
            }
            case UNCLEAR -> check.suspect(cause);
            case PASSING, REFUSED -> {}
        }
        return kind;
    }

    private boolean isOfThis(IndexSearcher by) {
        return directory(by).equals(directory(searcher));
    }

    private static Directory directory(IndexSearcher of) {
        return ((DirectoryReader) of.getIndexReader()).directory();
    }

    /** Called with the lock held. */
    private void needs(Repair what, Throwable cause) {
        if (ready || what.compareTo(repair) > 0) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "The index in " + path + " failed ("
                            + switch (what) {
                                case REBUILD -> "damaged: it is made anew from the records";
                                case REOPEN -> "it is opened again";
                                case CATCH_UP, NONE -> "it is caught up again";
                            }
                            + "): " + cause,
                    cause);
        }
        trouble = cause;
        ready = false;
        repair = what.compareTo(repair) > 0 ? what : repair;
        changed.signalAll();
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
        while (true) {
            try {
                if (!ready) {
                    mend();
                    catchUp();
                    if (!ready && !isClosed()) {
                        continue;
                    }
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
                broken(failed);
            }
        }
    }

    /** The thread's own work failed: what it had taken is read again from the records. */
    private void broken(Throwable failed) {
        Repair needed = switch (IndexFailure.of(failed)) {
            case DAMAGE -> Repair.REBUILD;
            case PASSING -> isOfRecords(failed) ? Repair.CATCH_UP : Repair.REOPEN;
            case UNCLEAR, REFUSED -> isSound() ? Repair.REOPEN : Repair.REBUILD;
        };
        lock.lock();
        try {
            needs(needed, failed);
        } finally {
            lock.unlock();
        }
    }

    private static boolean isOfRecords(Throwable failed) {
        return failed.getCause() instanceof ContextException;
    }

    private boolean isSound() {
        IndexSearcher current = acquire();
        try {
            return IndexCheck.problems(current, this::isClosed, false).isEmpty();
        } catch (IOException | RuntimeException unreadable) {
            return false;
        } finally {
            IndexCheck.release(current);
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
        files.commit(added, records.life(added));
        durable = added;
        uncommitted = false;
        lastCommit = System.nanoTime();
    }

    /** Does what the last failure needs, after a rest if it was not the first. */
    private void mend() throws IOException {
        Repair needed;
        lock.lock();
        try {
            needed = repair;
            if (needed == Repair.NONE) {
                return;
            }
            for (long left = rest.failed(System.nanoTime()); left > 0 && !closed; ) {
                left = changed.awaitNanos(left);
            }
            needed = closed ? Repair.NONE : repair;
        } catch (InterruptedException wakened) {
            return;
        } finally {
            lock.unlock();
        }
        switch (needed) {
            case REBUILD -> restart(LuceneFiles::fresh);
            case REOPEN -> restart((directory, id) -> LuceneFiles.open(directory, id, records, checkedAtOpen));
            case CATCH_UP -> forgetPending();
            case NONE -> {}
        }
        lock.lock();
        try {
            repair = repair.compareTo(needed) > 0 ? repair : Repair.NONE;
        } finally {
            lock.unlock();
        }
    }

    private void forgetPending() {
        lock.lock();
        try {
            queue.clear();
            overlay.remove(Long.MAX_VALUE);
        } finally {
            lock.unlock();
        }
    }

    /** Reads from the records what Lucene lacks, until the writer has told of nothing more. */
    private void catchUp() throws IOException {
        while (!isClosed()) {
            long target = toldSoFar();
            records.changes(added, target, this::take);
            added = target;
            refresh();
            lock.lock();
            try {
                if (repair != Repair.NONE) {
                    // A search found damage meanwhile.
                    return;
                }
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

    private interface Opening {
        LuceneFiles open(Path directory, UUID id) throws IOException;
    }

    private void restart(Opening opening) throws IOException {
        records.check();
        files.discard();
        files = opening.open(path, store);
        IndexSearcher old = searcher;
        added = files.covered();
        durable = added;
        uncommitted = false;
        unrefreshed = 0;
        lock.lock();
        try {
            searcher = new IndexSearcher(files.reader());
            checked = files.checked();
            shown = added;
            queue.clear();
            overlay.remove(Long.MAX_VALUE);
        } finally {
            lock.unlock();
        }
        old.getIndexReader().decRef();
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
        check.close();
        try {
            release(searcher);
        } finally {
            end();
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void end() throws IOException {
        boolean keep = ready;
        try {
            if (keep && uncommitted) {
                commit();
            }
        } catch (IOException | RuntimeException failed) {
            // The records have it all: the next open catches up, or makes it anew.
            keep = false;
            LOG.log(System.Logger.Level.WARNING, "The index in " + path + " was not committed: " + failed, failed);
        } finally {
            if (keep) {
                files.close();
            } else {
                files.discard();
            }
        }
    }
}
