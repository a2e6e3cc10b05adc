package io.contextdb.backend.postgresql;

import io.contextdb.spi.error.ContextException;
import io.contextdb.spi.value.Deadline;
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
    /** How often it is looked for indexes that other processes have built or dropped. */
    private static final long LOOK = TimeUnit.SECONDS.toNanos(30);

    private final Store store;
    private final VectorIndexes indexes;
    private final PathIndexes paths;
    private final Removal removal;
    private final Statistics statistics;
    private final Job removing = new Job("upkeep", this::keepTables);
    /** Apart, as an index may take days to build. */
    private final Job indexing = new Job("indexes", this::keepIndexes);

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
            while (!closed) {
                long rest = PAUSE;
                long start = System.nanoTime();
                try {
                    if (work.getAsBoolean()) {
                        rest = System.nanoTime() - start;
                    }
                    trouble.set(null);
                } catch (ContextException failed) {
                    // It is tried again; health tells of it meanwhile.
                    trouble.set(failed.getMessage());
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
        removing.thread.start();
        indexing.thread.start();
    }

    /** Returns what went wrong the last time, or null. */
    @Nullable
    String trouble() {
        String first = removing.trouble.get();
        return first == null ? indexing.trouble.get() : first;
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
        store.background().read(Deadline.after(Removal.LIMIT), connection -> {
            store.look(connection);
            return true;
        });
        statistics.keepUp();
        return removal.portion();
    }

    /** Does all that is due now. */
    void run() {
        boolean more = true;
        while (more) {
            more = keepTables();
        }
        indexes.keepUp();
        paths.keepUp();
    }

    @Override
    public void close() {
        closed = true;
        LockSupport.unpark(removing.thread);
        LockSupport.unpark(indexing.thread);
    }
}
