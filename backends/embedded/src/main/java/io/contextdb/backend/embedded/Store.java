package io.contextdb.backend.embedded;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.contextdb.spi.error.ContextClosedException;
import io.contextdb.spi.error.ContextUnavailableException;
import io.contextdb.spi.error.InvalidRequestException;
import io.contextdb.spi.error.Outcome;
import io.contextdb.spi.value.AsOf;
import io.contextdb.spi.value.CommitToken;
import io.contextdb.spi.value.Deadline;
import io.contextdb.spi.value.NamespaceName;
import io.contextdb.spi.value.ReadScope;
import io.contextdb.spi.write.WriteBatch;
import io.contextdb.spi.write.WriteReceipt;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/** One open directory: its records, writer, readers, index and caches. Opened in order, closed in the reverse order. */
final class Store implements AutoCloseable {
    private static final String LAST_COMMIT = "SELECT last_commit FROM store";
    private static final String NAMESPACE = "SELECT id FROM namespace WHERE name = ?";
    private static final Duration PATIENCE = Duration.ofMinutes(1);
    private static final int NAMESPACES_KNOWN = 10_000;

    /** Reads one snapshot of a namespace. */
    interface Read<T> {
        T from(Snapshot snapshot) throws SQLException;
    }

    private final Path directory;
    private final Settings settings;
    private final DirectoryLock lock;
    private final CheckedRecords records;
    private final StoreFiles files;
    private final StoreClock clock;
    private final Readers readers;
    private final PointIndex index;
    private final Writer writer;
    private final RecordCache cache;
    private final EventSignal eventSignal = new EventSignal();
    /** Interned ids never change, not even when a namespace is dropped. */
    private final Cache<NamespaceName, Long> namespaces = Caffeine.newBuilder()
            .executor(Runnable::run)
            .maximumSize(NAMESPACES_KNOWN)
            .build();

    private volatile boolean closed;

    private Store(Path directory, Settings settings, DirectoryLock lock, LongFunction<StoreClock> clocks)
            throws SQLException, IOException {
        this.directory = directory;
        this.settings = settings;
        this.lock = lock;
        records = CheckedRecords.open(new Records(directory, settings), settings);
        Readers reading = null;
        PointIndex indexing = null;
        try {
            Records.Identity identity = records.identity();
            String name = String.valueOf(directory.getFileName());
            files = StoreFiles.of(directory, settings.durability());
            clock = clocks.apply(identity.lastTime());
            Lives lives = new Lives(records.connection(), identity.lastCommit());
            reading = new Readers(records.records(), files, settings.readers());
            readers = reading;
            // One that reads is open until the end: with the last connection SQLite removes its log, and while the
            // index
            // is closed, after the writer, a log that is gone would be taken for a store that is.
            readers.read(Deadline.after(PATIENCE), database -> database.number(LAST_COMMIT));
            cache = new RecordCache(settings.cacheBytes() / 2);
            indexing = new PointIndex(
                    directory.resolve(StoreDirectory.INDEX),
                    identity.incarnation(),
                    identity.lastCommit(),
                    name,
                    new ChangedPoints(readers, lives, files));
            index = indexing;
            writer = new Writer(
                    records.connection(),
                    files,
                    clock,
                    identity,
                    name,
                    new StoreUpkeep(clock, index, lives, records.checkpoints()),
                    cache::forget,
                    this::committed);
            index.start();
            writer.start();
        } catch (SQLException | IOException | RuntimeException | Error failed) {
            giveBack(failed, records, reading, indexing);
            throw failed;
        }
    }

    private static void giveBack(
            Throwable failed, CheckedRecords opened, @Nullable Readers readers, @Nullable PointIndex index) {
        try (Ending records = opened::close;
                Ending files = readers == null ? () -> {} : readers::close;
                Ending projection = index == null ? () -> {} : index::close) {
            // Closed in the reverse order: the next open must find no lock and no file held.
        } catch (SQLException | IOException | RuntimeException worse) {
            failed.addSuppressed(worse);
        }
    }

    static Store open(Path directory, Settings settings) {
        return open(directory, settings, StoreClock::new);
    }

    /** Opens a store with a clock that is made from the time of its last commit. */
    static Store open(Path directory, Settings settings, LongFunction<StoreClock> clocks) {
        DirectoryLock lock = null;
        try {
            FileRights.createDirectory(directory);
            FileRights.tighten(directory);
            lock = DirectoryLock.acquire(directory);
            Store store = new Store(directory, settings, lock, clocks);
            lock = null;
            return store;
        } catch (SQLException failed) {
            throw StoreErrors.of(failed, Outcome.NOT_APPLIED);
        } catch (IOException failed) {
            throw new ContextUnavailableException(
                    "directory " + directory + " cannot be used: " + failed, Outcome.NOT_APPLIED, failed);
        } finally {
            if (lock != null) {
                lock.close();
            }
        }
    }

    private void committed(Touched touched, long commit) {
        records.committed(commit);
        try {
            index.add(touched.points(), commit);
        } catch (RuntimeException | Error lacking) {
            // The records have it; caught up from them, the index has it too.
            index.missed(commit, lacking);
        }
        if (touched.hasEvents()) {
            eventSignal.signal();
        }
    }

    Path directory() {
        return directory;
    }

    StoreFiles files() {
        return files;
    }

    /** Returns what ended the writer, or null while it works. */
    @Nullable
    Throwable broken() {
        return writer.broken();
    }

    Settings settings() {
        return settings;
    }

    /** Returns what the store writes to, for who looks at all of it. */
    CheckedRecords records() {
        return records;
    }

    PointIndex index() {
        return index;
    }

    RecordCache cache() {
        return cache;
    }

    EventSignal eventSignal() {
        return eventSignal;
    }

    /** Returns the number of the last commit that reads see. */
    long visible() {
        return writer.visible();
    }

    long transactions() {
        return writer.transactions();
    }

    /** Returns how many batches wait for the writer. */
    int waiting() {
        return writer.waiting();
    }

    WriteReceipt apply(WriteBatch batch, Deadline deadline) {
        deadline.check("apply");
        byte[] digest = batch.digest().toArray();
        return write(
                (database, commit, time, touched) -> BatchWriter.apply(database, batch, digest, commit, time, touched),
                batch.estimatedBytes(),
                deadline);
    }

    <T> T write(Writer.Work<T> work, long bytes, Deadline deadline) {
        checkOpen();
        return writer.submit(work, bytes, deadline);
    }

    private void checkOpen() {
        if (closed) {
            throw new ContextClosedException("the embedded store");
        }
        files.check();
        records.check();
    }

    /** Refuses a read of a closed store, after its deadline, or of what was never committed; returns the namespace's id. */
    long check(ReadScope scope) {
        checkOpen();
        scope.deadline().check("read");
        CommitToken token = scope.atLeast();
        if (token.epoch() > 0 || token.commit() > writer.visible()) {
            throw new InvalidRequestException(
                    "token", "is not of this store, which is at commit " + writer.visible() + ", is " + token);
        }
        records.lost().check(token.commit());
        Long known = namespaces.getIfPresent(scope.namespace());
        return known == null ? 0 : known;
    }

    /** Makes the answer at an explicit instant of knowledge final; called before the snapshot. */
    void promise(ReadScope scope, AsOf asOf) {
        checkOpen();
        asOf.knownAt().ifPresent(instant -> clock.promise(Columns.of(instant), scope.deadline()));
    }

    <T> T read(ReadScope scope, Read<T> read) {
        check(scope);
        return read(
                scope.deadline(),
                database -> read.from(new Snapshot(
                        database,
                        namespace(database, scope.namespace()),
                        database.number(LAST_COMMIT),
                        clock.now(),
                        scope.deadline())));
    }

    <T> T read(Deadline deadline, Readers.Read<T> read) {
        checkOpen();
        deadline.check("read");
        return readers.read(deadline, read);
    }

    private long namespace(Database database, NamespaceName name) throws SQLException {
        Long known = namespaces.getIfPresent(name);
        if (known != null) {
            return known;
        }
        long id = database.number(NAMESPACE, name.value());
        if (id != 0) {
            namespaces.put(name, id);
        }
        return id;
    }

    @Override
    public void close() {
        closed = true;
        eventSignal.close();
        boolean there = files.areThere();
        try (lock;
                Ending all = there ? records::close : records::abandon;
                Ending reads = readers::close) {
            try (Ending projection = index::close;
                    Ending writes = writer::close) {
                // Closed in the reverse order: the writer, the index, the readers, the records, the lock.
            }
        } catch (SQLException | IOException failed) {
            throw notClosed(there, failed);
        } catch (RuntimeException | Error failed) {
            // Lucene says so of files that are not its own any more; else it is a defect of ours.
            if (there) {
                throw failed;
            }
            throw notClosed(false, failed);
        }
        if (!there) {
            throw files.error(Outcome.UNKNOWN);
        }
    }

    private ContextUnavailableException notClosed(boolean there, Throwable failed) {
        ContextUnavailableException error = there
                ? new ContextUnavailableException(
                        "the store in " + directory + " did not close cleanly; what was acknowledged is safe",
                        Outcome.NOT_APPLIED,
                        failed)
                : files.error(Outcome.UNKNOWN);
        if (!there) {
            error.addSuppressed(failed);
        }
        return error;
    }

    private interface Ending extends AutoCloseable {
        @Override
        void close() throws SQLException, IOException;
    }

    /** Returns how long a question took that went to the records and back. */
    Duration ping(Deadline deadline) {
        long start = System.nanoTime();
        readers.read(deadline, database -> database.number(LAST_COMMIT));
        return Duration.ofNanos(System.nanoTime() - start);
    }
}
