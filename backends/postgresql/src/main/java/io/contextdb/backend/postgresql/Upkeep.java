package io.contextdb.backend.postgresql;

import io.contextdb.spi.error.ContextException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What a store does of its own accord, whichever process does it first: it removes what is over, and keeps the indexes of vectors
 * and of declared paths, and the server's statistics of what was just loaded.
 */
final class Upkeep implements AutoCloseable {
    private static final long PAUSE = TimeUnit.SECONDS.toNanos(5);
    private static final long LONGEST_PAUSE_AFTER_FAILURE = TimeUnit.MINUTES.toNanos(1);
    /** How often it is looked for indexes that other processes have built or dropped. */
    private static final long LOOK = TimeUnit.SECONDS.toNanos(30);

    private final Store store;
    private final VectorIndexes indexes;
    private final PathIndexes paths;
    private final Removal removal;
    private final Statistics statistics;
    /** Apart, as a look at a table may take long or fail, and an index may take days to build. */
    private final List<Job> jobs = List.of(
            new Job("upkeep", this::keepTables),
            new Job("statistics", this::keepStatistics),
            new Job("indexes", this::keepIndexes));

    private volatile boolean closed;
    private long lastLook = System.nanoTime() - LOOK;

    /**
     * Something that is done again and again, by a thread of its own. While there is more to do it rests as long as it has worked:
     * so it keeps up with whatever is written, and has no connection for more than half of the time.
     */
    private final class Job {
        /** Returns whether there is more. */
        private final BooleanSupplier work;

        private final Thread thread;
        private final AtomicReference<@Nullable String> trouble = new AtomicReference<>();

        Job(String name, BooleanSupplier work) {
            this.work = work;
            this.thread =
                    Thread.ofVirtual().name("contextdb-postgresql-" + name).unstarted(this::loop);
        }

        private void loop() {
            long afterFailure = PAUSE;
            while (!closed) {
                long rest = PAUSE;
                long start = System.nanoTime();
                try {
                    if (work.getAsBoolean()) {
                        rest = System.nanoTime() - start;
                    }
                    trouble.set(null);
                    afterFailure = PAUSE;
                } catch (RuntimeException | Error failed) {
                    // It is tried again, an Error too; health tells of it meanwhile.
                    trouble.set(failed instanceof ContextException ? failed.getMessage() : failed.toString());
                    rest = afterFailure;
                    afterFailure = Math.min(LONGEST_PAUSE_AFTER_FAILURE, 2 * afterFailure);
                }
                if (!closed) {
                    LockSupport.parkNanos(rest);
                }
            }
        }
    }

    Upkeep(Store store, VectorIndexes indexes, PathIndexes paths) {
        this.store = store;
        this.removal = new Removal(store);
        this.statistics = new Statistics(store);
        this.indexes = indexes;
        this.paths = paths;
    }

    void start() {
        jobs.forEach(job -> job.thread.start());
    }

    /** Returns what went wrong the last time, or null. */
    @Nullable
    String trouble() {
        for (Job job : jobs) {
            String trouble = job.trouble.get();
            if (trouble != null) {
                return trouble;
            }
        }
        return null;
    }

    private boolean keepIndexes() {
        if (indexes.isAsked() || System.nanoTime() - lastLook > LOOK) {
            indexes.keepUp();
            paths.keepUp();
            lastLook = System.nanoTime();
        }
        return false;
    }

    private boolean keepTables() {
        store.inBackground(store::look);
        return removal.portion();
    }

    private boolean keepStatistics() {
        statistics.keepUp();
        return false;
    }

    /** Does all that is due now. */
    void run() {
        boolean more = true;
        while (more) {
            more = keepTables();
        }
        statistics.keepUp();
        indexes.keepUp();
        paths.keepUp();
    }

    /** Returns whether nothing of it runs any more, as some while after it was closed. */
    boolean hasEnded() {
        return jobs.stream().noneMatch(job -> job.thread.isAlive());
    }

    @Override
    public void close() {
        closed = true;
        jobs.forEach(job -> LockSupport.unpark(job.thread));
    }
}
