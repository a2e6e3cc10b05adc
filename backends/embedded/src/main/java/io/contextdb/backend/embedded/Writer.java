package io.contextdb.backend.embedded;

import io.contextdb.spi.error.ContextClosedException;
import io.contextdb.spi.error.ContextException;
import io.contextdb.spi.error.ContextTimeoutException;
import io.contextdb.spi.error.ContextUnavailableException;
import io.contextdb.spi.error.Outcome;
import io.contextdb.spi.value.Deadline;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The one thread that writes. It takes what waits, applies it in one transaction and commits once: concurrent callers share an
 * fsync, and one that fails harms no other.
 */
final class Writer implements AutoCloseable {
    private static final int QUEUE = 1024;
    /** Most batches in one transaction, and one for upkeep. */
    static final int GROUP = 256;

    /** How often who waits looks whether the thread is there. */
    private static final long LOOK = TimeUnit.SECONDS.toNanos(1);

    private static final long GROUP_BYTES = 32L << 20;
    private static final String RELEASE = "RELEASE batch";
    private static final String SAVEPOINT = "SAVEPOINT batch";
    private static final String UNDO = "ROLLBACK TO batch";
    private static final String REMEMBER = "UPDATE store SET last_commit = ?, last_time = ?, seal = ?";

    private enum Applied {
        APPLIED,
        /** The transaction is as it was before the batch. */
        REFUSED,
        /** Part of the batch stands in the transaction, which must be rolled back. */
        REFUSED_WITH_CHANGES
    }

    /** What a caller asks for. */
    interface Work<T> {
        T apply(Database database, long commit, long time, Touched touched) throws SQLException;
    }

    /** What the writer does now and then of its own accord. */
    interface Upkeep {
        boolean due(Database database) throws SQLException;

        void run(Database database) throws SQLException;

        /** Called in the first transaction of this process that is committed, with its first commit. */
        void first(Database database, long commit) throws SQLException;

        /** Told once the callers of a transaction have their answers. */
        void committed(long commit, long bytes);
    }

    private static final class Waiting<T> {
        final Work<T> work;
        final long bytes;
        final CompletableFuture<T> outcome = new CompletableFuture<>();
        /** Set once, by the writer when it starts, or by the caller that gives up before. */
        final AtomicBoolean taken = new AtomicBoolean();

        Touched touched = new Touched();
        Runnable acknowledge = () -> {};

        Waiting(Work<T> work, long bytes) {
            this.work = work;
            this.bytes = bytes;
        }

        void apply(Database database, long commit, long time) throws SQLException {
            touched = new Touched();
            T result = work.apply(database, commit, time, touched);
            acknowledge = () -> outcome.complete(result);
        }
    }

    private final Database database;
    private final UUID incarnation;
    private final StoreFiles files;
    private final StoreClock clock;
    private final Upkeep upkeep;
    private final BiConsumer<Touched, Long> beforeCommit;
    private final BiConsumer<Touched, Long> afterCommit;
    private final BlockingQueue<Waiting<?>> queue = new ArrayBlockingQueue<>(QUEUE);
    private final AtomicLong transactions = new AtomicLong();
    private final Thread thread;
    private volatile long visible;
    private volatile boolean closed;
    /** What ended the thread before its time. */
    private volatile @Nullable Throwable broken;

    private long lastUpkeep = System.nanoTime();

    /**
     * Creates the writer.
     *
     * @param beforeCommit told what a transaction touches, and its last commit, before that is committed
     * @param afterCommit the same once it is visible, before callers learn of it
     */
    Writer(
            Database database,
            StoreFiles files,
            StoreClock clock,
            Records.Identity identity,
            String name,
            Upkeep upkeep,
            BiConsumer<Touched, Long> beforeCommit,
            BiConsumer<Touched, Long> afterCommit) {
        this.database = database;
        this.files = files;
        this.clock = clock;
        this.incarnation = identity.incarnation();
        this.visible = identity.lastCommit();
        this.upkeep = upkeep;
        this.beforeCommit = beforeCommit;
        this.afterCommit = afterCommit;
        this.thread = new Thread(this::run, "contextdb-writer-" + name);
        thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    /** Returns the number of the last commit that reads see. */
    long visible() {
        return visible;
    }

    /** Returns how many transactions were committed since the store was opened. */
    long transactions() {
        return transactions.get();
    }

    /** Returns how many wait to be taken. */
    int waiting() {
        return queue.size();
    }

    /** Hands work to the writer and waits for its outcome. */
    <T> T submit(Work<T> work, long bytes, Deadline deadline) {
        Waiting<T> waiting = new Waiting<>(work, bytes);
        try {
            checkWorks();
            while (!queue.offer(waiting, slice(deadline), TimeUnit.NANOSECONDS)) {
                checkWorks();
                if (deadline.passed()) {
                    throw new ContextTimeoutException("the writer was busy until the deadline");
                }
            }
            if ((closed || broken != null) && waiting.taken.compareAndSet(false, true)) {
                checkWorks();
            }
            return outcome(waiting, deadline);
        } catch (TimeoutException late) {
            throw givenUp(waiting, "the deadline passed", late);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw givenUp(waiting, "the thread was interrupted", interrupted);
        } catch (ExecutionException failed) {
            if (failed.getCause() instanceof ContextException known) {
                throw known;
            }
            throw new IllegalStateException("the writer failed", failed.getCause());
        }
    }

    private <T> T outcome(Waiting<T> waiting, Deadline deadline)
            throws InterruptedException, ExecutionException, TimeoutException {
        while (true) {
            try {
                return waiting.outcome.get(slice(deadline), TimeUnit.NANOSECONDS);
            } catch (TimeoutException late) {
                if (deadline.passed()) {
                    throw late;
                }
                if (broken != null && !thread.isAlive() && !waiting.outcome.isDone()) {
                    throw ended(waiting.taken.compareAndSet(false, true) ? Outcome.NOT_APPLIED : Outcome.UNKNOWN);
                }
            }
        }
    }

    private static long slice(Deadline deadline) {
        return Math.min(LOOK, deadline.remaining().toNanos());
    }

    private void checkWorks() {
        if (closed) {
            throw new ContextClosedException("the embedded store");
        }
        if (broken != null) {
            throw ended(Outcome.NOT_APPLIED);
        }
    }

    private ContextUnavailableException ended(Outcome outcome) {
        return new ContextUnavailableException(
                "the writer was ended by " + broken + "; close the store and open it again", outcome, broken);
    }

    /** Returns what ended the thread before its time, or null. */
    @Nullable
    Throwable broken() {
        return broken;
    }

    private static ContextTimeoutException givenUp(Waiting<?> waiting, String why, Exception cause) {
        return waiting.taken.compareAndSet(false, true)
                ? new ContextTimeoutException(
                        why + " before the writer took the batch; it was withdrawn", Outcome.NOT_APPLIED, cause)
                : new ContextTimeoutException(
                        why + " while the batch was written; repeat it with the same operation id to learn its outcome",
                        Outcome.UNKNOWN,
                        cause);
    }

    private void run() {
        List<Waiting<?>> group = new ArrayList<>();
        try {
            while (!closed || !queue.isEmpty()) {
                take(group);
                keepUp(group);
                if (!group.isEmpty()) {
                    write(group);
                    upkeep.committed(
                            visible, group.stream().mapToLong(one -> one.bytes).sum());
                }
                clock.settle();
                group.clear();
            }
        } catch (Throwable failed) {
            // What it knows of the database may be wrong from here on.
            broken = failed;
            clock.settle();
            fail(group, ended(Outcome.UNKNOWN));
            for (Waiting<?> waiting = queue.poll(); waiting != null; waiting = queue.poll()) {
                if (waiting.taken.compareAndSet(false, true)) {
                    waiting.outcome.completeExceptionally(ended(Outcome.NOT_APPLIED));
                }
            }
        }
    }

    private void take(List<Waiting<?>> group) {
        try {
            Waiting<?> first = queue.poll(100, TimeUnit.MILLISECONDS);
            long bytes = 0;
            for (Waiting<?> next = first; next != null; next = full(group, bytes) ? null : queue.poll()) {
                if (next.taken.compareAndSet(false, true)) {
                    group.add(next);
                    bytes += next.bytes;
                }
            }
        } catch (InterruptedException wakened) {
            // By close(), which has said so before.
        }
    }

    /** Adds the upkeep to what is written, once a second, if there is any. */
    private void keepUp(List<Waiting<?>> group) {
        if (closed || System.nanoTime() - lastUpkeep < TimeUnit.SECONDS.toNanos(1)) {
            return;
        }
        lastUpkeep = System.nanoTime();
        if (!files.areThere()) {
            return;
        }
        try {
            if (upkeep.due(database)) {
                group.add(new Waiting<>(
                        (connection, commit, time, touched) -> {
                            upkeep.run(connection);
                            return commit;
                        },
                        0));
            }
        } catch (SQLException | RuntimeException later) {
            // It will be due again; what is wrong shows in the calls of others.
        }
    }

    private static boolean full(List<Waiting<?>> group, long bytes) {
        return group.size() >= GROUP || bytes >= GROUP_BYTES;
    }

    /**
     * Commits a group. First without savepoints, which cost a copy of every page that is changed: they are needed only where a
     * batch is refused after it has changed something, and most are refused by what they find.
     */
    private void write(List<Waiting<?>> group) {
        if (!committed(group, false)) {
            group.removeIf(waiting -> waiting.outcome.isDone());
            committed(group, true);
        }
    }

    /** Returns whether the group is done with; if not, nothing of it was written, and it must be repeated with savepoints. */
    private boolean committed(List<Waiting<?>> group, boolean savepoints) {
        if (files.areLost()) {
            fail(group, files.error(Outcome.NOT_APPLIED));
            return true;
        }
        long commit = visible;
        Touched touched = new Touched();
        List<Waiting<?>> applied = new ArrayList<>();
        boolean committing = false;
        try {
            database.begin();
            long time = 0;
            for (Waiting<?> waiting : group) {
                time = clock.next();
                switch (apply(waiting, commit + 1, time, savepoints)) {
                    case APPLIED -> {
                        commit++;
                        touched.add(waiting.touched);
                        applied.add(waiting);
                    }
                    case REFUSED -> {}
                    case REFUSED_WITH_CHANGES -> {
                        database.rollback();
                        return false;
                    }
                }
            }
            if (applied.isEmpty()) {
                database.rollback();
                return true;
            }
            database.update(REMEMBER, commit, time, StoreRow.seal(incarnation, commit, time));
            if (transactions.get() == 0) {
                upkeep.first(database, visible + 1);
            }
            beforeCommit.accept(touched, commit);
            committing = true;
            database.commit();
        } catch (SQLException failed) {
            // A commit that failed may have reached the disk, unless it was for want of space.
            Outcome outcome = committing && !StoreErrors.isFull(failed) ? Outcome.UNKNOWN : Outcome.NOT_APPLIED;
            giveUp(group, StoreErrors.of(failed, outcome));
            return true;
        } catch (RuntimeException | Error failed) {
            ContextUnavailableException why = new ContextUnavailableException(
                    "the writer failed: " + failed, committing ? Outcome.UNKNOWN : Outcome.NOT_APPLIED, failed);
            giveUp(group, why);
            if (committing || why.getSuppressed().length > 0) {
                // It is not known what became of the transaction, and so what to go on from.
                throw failed;
            }
            // Nothing of it was written. What was wanting, memory most likely, may be there for the next.
            return true;
        }
        if (!files.holdCommit()) {
            fail(group, files.error(Outcome.UNKNOWN));
            return true;
        }
        transactions.incrementAndGet();
        visible = commit;
        clock.settle();
        try {
            afterCommit.accept(touched, commit);
        } finally {
            applied.forEach(waiting -> waiting.acknowledge.run());
        }
        return true;
    }

    /** Applies a batch; one that is refused is told so at once, and undone if there is a savepoint. */
    private Applied apply(Waiting<?> waiting, long commit, long time, boolean savepoint) throws SQLException {
        long before = database.changes();
        if (savepoint) {
            database.execute(SAVEPOINT);
        }
        ContextException why;
        try {
            waiting.apply(database, commit, time);
            if (savepoint) {
                database.execute(RELEASE);
            }
            return Applied.APPLIED;
        } catch (ContextException refused) {
            why = refused;
        } catch (SQLException failed) {
            if (StoreErrors.endsTransaction(failed)) {
                throw failed;
            }
            why = StoreErrors.of(failed, Outcome.NOT_APPLIED);
        } catch (RuntimeException defect) {
            why = new ContextUnavailableException("the batch failed: " + defect, Outcome.NOT_APPLIED, defect);
        }
        boolean changed = database.changes() != before;
        if (savepoint) {
            database.execute(UNDO);
            database.execute(RELEASE);
        }
        waiting.outcome.completeExceptionally(why);
        return changed && !savepoint ? Applied.REFUSED_WITH_CHANGES : Applied.REFUSED;
    }

    private void giveUp(List<Waiting<?>> group, ContextException why) {
        try {
            database.rollback();
        } catch (SQLException worse) {
            why.addSuppressed(worse);
        }
        fail(group, why);
    }

    private static void fail(List<Waiting<?>> group, ContextException why) {
        group.forEach(waiting -> waiting.outcome.completeExceptionally(why));
    }

    /** Applies what waits and ends the thread; the connection stays open, for the last checkpoint. */
    @Override
    public void close() {
        closed = true;
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException hurried) {
                interrupted = true;
            }
        }
        for (Waiting<?> late = queue.poll(); late != null; late = queue.poll()) {
            late.outcome.completeExceptionally(new ContextClosedException("the embedded store"));
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
