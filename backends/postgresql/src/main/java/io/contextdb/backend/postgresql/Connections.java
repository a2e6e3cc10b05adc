package io.contextdb.backend.postgresql;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.pool.HikariPool;
import io.contextdb.spi.error.ContextClosedException;
import io.contextdb.spi.error.ContextException;
import io.contextdb.spi.error.ContextTimeoutException;
import io.contextdb.spi.error.ContextUnavailableException;
import io.contextdb.spi.error.Outcome;
import io.contextdb.spi.value.Deadline;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGProperty;

/**
 * Hands out connections, of a pool of our own or of the application's, and ends each call by its deadline. Waiting for a
 * connection counts. Thread-safe.
 */
final class Connections implements AutoCloseable {
    private static final Duration END = Duration.ofSeconds(3);

    private static final String LATE = "no connection could be made before the deadline";

    /** Does something with a connection, which is in autocommit mode. */
    interface Work<T> {
        T with(Connection connection) throws SQLException;
    }

    /** What a call left behind about its outcome, for errors. */
    static final class Progress {
        private volatile Outcome outcome = Outcome.NOT_APPLIED;

        /** From here on a failure leaves the outcome open. */
        void committing() {
            outcome = Outcome.UNKNOWN;
        }

        /** What was sent has come back, and nothing of it was applied. */
        void notCommitted() {
            outcome = Outcome.NOT_APPLIED;
        }
    }

    private final DataSource source;
    private final @Nullable HikariPool pool;
    private final LongSupplier made;
    /** Whether a connection is our own, with no pooler between. */
    private final Predicate<Connection> isDirect;

    private final int size;
    private final Semaphore permits;
    private final Duration longestConnect;
    private final CallWatch watch = new CallWatch();
    private final Breaker breaker = new Breaker();
    private final SessionSettings sessions = new SessionSettings();
    /** Connections that broke; a pool that is lent may lead elsewhere afterwards. */
    private final AtomicLong lost = new AtomicLong();

    private volatile boolean closed;

    private Connections(
            DataSource source,
            @Nullable HikariPool pool,
            LongSupplier made,
            Predicate<Connection> isDirect,
            PoolSettings settings) {
        this.isDirect = isDirect;
        this.source = source;
        this.pool = pool;
        this.made = made;
        this.size = settings.size();
        this.permits = new Semaphore(size, true);
        this.longestConnect = settings.connectTimeout();
    }

    static Connections open(Settings settings, Optional<DataSource> lent) {
        return lent.map(source -> new Connections(source, null, () -> 0, any -> false, settings.pool()))
                .orElseGet(() -> pooled(
                        "contextdb-postgresql",
                        settings.jdbc(),
                        settings,
                        settings.pool(),
                        settings.acknowledgement()));
    }

    /** Opens connections to standbys, spread over all that there are. */
    static Connections toReplicas(Settings settings) {
        Properties jdbc = new Properties();
        jdbc.putAll(settings.jdbc());
        jdbc.setProperty(PGProperty.TARGET_SERVER_TYPE.getName(), "secondary");
        jdbc.setProperty(PGProperty.LOAD_BALANCE_HOSTS.getName(), "true");
        return pooled(
                "contextdb-postgresql-replicas", jdbc, settings, settings.pool().toReplicas(), Acknowledgement.SERVER);
    }

    /** Opens connections for work that no caller waits for; those that are lent serve for both. */
    Connections inBackground(Settings settings) {
        return pool == null
                ? this
                : pooled(
                        "contextdb-postgresql-background",
                        settings.jdbc(),
                        settings,
                        settings.pool().inBackground(),
                        settings.acknowledgement());
    }

    private static Connections pooled(
            String name, Properties jdbc, Settings settings, PoolSettings pooling, Acknowledgement acknowledgement) {
        ServerSource servers = new ServerSource(settings.jdbcUrl(), jdbc, acknowledgement);
        HikariConfig config = pooling.named(name);
        config.setDataSource(servers);
        config.validate();
        // Not by a data source of the pool's: that knows one limit for all calls.
        return new Connections(servers, new HikariPool(config), servers::made, servers::isDirect, pooling);
    }

    /** Returns how many connections are in use. */
    int active() {
        return size - permits.availablePermits();
    }

    /** Returns how many connections of our own pool are kept for later; 0 of an application's. */
    int idle() {
        return pool == null ? 0 : pool.getIdleConnections();
    }

    /** Returns how many callers wait for a connection. */
    int waiting() {
        return permits.getQueueLength();
    }

    DataSource source() {
        return source;
    }

    /** Returns whether they are an application's. */
    boolean isLent() {
        return pool == null;
    }

    /** Returns a connection that does not count among those of the pool; the caller closes it. */
    Connection apart() throws SQLException {
        checkOpen();
        return source.getConnection();
    }

    /** Returns a number that has changed when a connection may lead to another server than those before; for calls under way. */
    long generation() {
        return made.getAsLong() + lost.get();
    }

    /** Calls with a connection; nothing is written. */
    <T> T read(Deadline deadline, Work<T> work) {
        return call(deadline, new Progress(), work);
    }

    <T> T call(Deadline deadline, Progress progress, Work<T> work) {
        checkOpen();
        deadline.check("call");
        acquire(deadline);
        Thread thread = Thread.currentThread();
        if (!thread.isVirtual()) {
            return released(() -> borrowed(deadline, progress, work, thread::isInterrupted, () -> true));
        }
        // What is lent may belong to the caller's thread, which then takes it and gives it back.
        return pool == null
                ? released(() -> borrowedHere(deadline, progress, work))
                : ApartCall.run(call -> released(() -> borrowed(deadline, progress, work, call, call::begin)));
    }

    private <T> T released(Supplier<T> call) {
        try {
            checkOpen();
            return call.get();
        } finally {
            permits.release();
        }
    }

    private <T> T borrowed(
            Deadline deadline,
            Progress progress,
            Work<T> work,
            CallWatch.Caller caller,
            BooleanSupplier isStillWanted) {
        Connection connection = connect(deadline);
        AtomicBoolean usable = new AtomicBoolean(true);
        try {
            if (!isStillWanted.getAsBoolean()) {
                throw new ContextTimeoutException(ApartCall.INTERRUPTED, Outcome.NOT_APPLIED, null);
            }
            return used(connection, usable, deadline, progress, work, caller);
        } finally {
            giveBack(connection, usable.get());
        }
    }

    /** Takes and gives back in the calling thread, and does the rest apart from it. */
    private <T> T borrowedHere(Deadline deadline, Progress progress, Work<T> work) {
        Connection connection = connect(deadline);
        AtomicBoolean usable = new AtomicBoolean(true);
        try {
            return ApartCall.run(call -> {
                call.begin();
                return used(connection, usable, deadline, progress, work, call);
            });
        } finally {
            boolean interrupted = Thread.interrupted();
            giveBack(connection, usable.get());
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private <T> T used(
            Connection connection,
            AtomicBoolean usable,
            Deadline deadline,
            Progress progress,
            Work<T> work,
            CallWatch.Caller caller) {
        usable.set(false);
        CallWatch.Call call = watch.enter(connection, caller, deadline);
        try {
            T result = work.with(connection);
            usable.set(true);
            return result;
        } catch (SQLException failed) {
            String why = call.settle();
            usable.set(why == null ? !PostgresErrors.endsConnection(failed) : PostgresErrors.isCancelled(failed));
            if (pool != null && PostgresErrors.isReadOnly(failed)) {
                pool.softEvictConnections();
            }
            Outcome outcome = PostgresErrors.saysNotApplied(failed) ? Outcome.NOT_APPLIED : progress.outcome;
            if (outcome == Outcome.NOT_APPLIED) {
                checkOpen();
            }
            throw why == null
                    ? PostgresErrors.of(failed, outcome)
                    : new ContextTimeoutException(
                            why + (outcome == Outcome.UNKNOWN ? " during the commit" : ""), outcome, failed);
        } catch (ContextException refused) {
            usable.set(true);
            throw refused;
        } finally {
            String why = watch.exit(call);
            if (why != null && !why.isEmpty()) {
                usable.set(usable.get() && isClean(connection, call));
            }
        }
    }

    /**
     * Returns whether the connection of an ended call can be used again: the server has taken the cancellation, and whatever it did, or
     * did not, what is sent afterwards is not cancelled any more. Behind a pooler another process may have been meant.
     */
    private boolean isClean(Connection connection, CallWatch.Call call) {
        try {
            return !closed
                    && isDirect.test(connection)
                    && call.isCancelled()
                    && connection.isValid((int) Duration.ofSeconds(1).toSeconds());
        } catch (SQLException broken) {
            return false;
        }
    }

    private Connection connect(Deadline deadline) {
        breaker.check();
        try {
            Connection connection = pool == null ? looked(lent(deadline)) : pooled(pool, deadline);
            breaker.succeeded();
            return connection;
        } catch (SQLException failed) {
            checkOpen();
            if (Thread.currentThread().isInterrupted()) {
                throw new ContextTimeoutException(ApartCall.INTERRUPTED, Outcome.NOT_APPLIED, failed);
            }
            if (deadline.passed()) {
                throw new ContextTimeoutException(LATE, Outcome.NOT_APPLIED, failed);
            }
            ContextException why = PostgresErrors.of(failed, Outcome.NOT_APPLIED);
            if (why instanceof ContextUnavailableException) {
                breaker.failed(why);
            }
            throw why;
        }
    }

    /** Waits no longer than the deadline, and then as long as it takes to find out that one more connection is dead. */
    private Connection pooled(HikariPool pool, Deadline deadline) throws SQLException {
        Duration patience = deadline.remaining().compareTo(longestConnect) < 0 ? deadline.remaining() : longestConnect;
        return pool.getConnection(Math.max(1, patience.toMillis()));
    }

    /** A data source of the application's knows its own limit only; where less time is left, another thread waits for it. */
    private Connection lent(Deadline deadline) throws SQLException {
        return deadline.remaining().compareTo(longestConnect) > 0 ? source.getConnection() : connectApart(deadline);
    }

    private Connection looked(Connection lent) throws SQLException {
        try {
            sessions.look(lent);
            return lent;
        } catch (SQLException refused) {
            giveBack(lent, !PostgresErrors.endsConnection(refused));
            throw refused;
        }
    }

    private Connection connectApart(Deadline deadline) throws SQLException {
        CompletableFuture<Connection> arriving = new CompletableFuture<>();
        Thread.startVirtualThread(() -> {
            try {
                Connection connection = source.getConnection();
                if (!arriving.complete(connection)) {
                    connection.close();
                }
            } catch (SQLException | RuntimeException | Error failed) {
                arriving.completeExceptionally(failed);
            }
        });
        try {
            return arriving.get(deadline.remaining().toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException late) {
            throw givenUp(arriving, LATE, late);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw givenUp(arriving, ApartCall.INTERRUPTED, interrupted);
        } catch (ExecutionException failed) {
            if (failed.getCause() instanceof SQLException refused) {
                throw refused;
            }
            throw new IllegalStateException("the pool failed", failed.getCause());
        }
    }

    private ContextTimeoutException givenUp(CompletableFuture<Connection> arriving, String why, Exception cause) {
        if (!arriving.cancel(false) && !arriving.isCompletedExceptionally()) {
            giveBack(arriving.join(), true);
        }
        return new ContextTimeoutException(why, Outcome.NOT_APPLIED, cause);
    }

    private void giveBack(Connection connection, boolean usable) {
        if (!usable) {
            lost.incrementAndGet();
        }
        try {
            if (!usable && pool != null) {
                // This closes it; to close it once more would fail in the pool.
                pool.evictConnection(connection);
                return;
            }
            if (!usable) {
                connection.abort(Runnable::run);
            } else if (!connection.getAutoCommit()) {
                connection.rollback();
                connection.setAutoCommit(true);
            }
            connection.close();
        } catch (SQLException broken) {
            // The pool makes another; what the call did is known already.
        }
    }

    private void acquire(Deadline deadline) {
        try {
            if (!permits.tryAcquire(deadline.remaining().toNanos(), TimeUnit.NANOSECONDS)) {
                throw new ContextTimeoutException(
                        "no connection came free before the deadline; see the option poolSize");
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new ContextTimeoutException(ApartCall.INTERRUPTED, Outcome.NOT_APPLIED, interrupted);
        }
    }

    void checkOpen() {
        if (closed) {
            throw new ContextClosedException("the PostgreSQL store");
        }
    }

    /** Waits until every connection was given back, which those of cancelled calls are within moments. */
    private void awaitCalls() {
        try {
            if (permits.tryAcquire(size, END.toMillis(), TimeUnit.MILLISECONDS)) {
                permits.release(size);
            }
        } catch (InterruptedException hurried) {
            Thread.currentThread().interrupt();
        }
    }

    /** Ends what runs and closes the pool; a data source of the application's stays open (contract G13a). */
    @Override
    public void close() {
        closed = true;
        watch.close();
        awaitCalls();
        if (pool != null) {
            shutDown(pool);
        }
    }

    private static void shutDown(HikariPool pool) {
        try {
            pool.shutdown();
        } catch (InterruptedException hurried) {
            Thread.currentThread().interrupt();
        }
    }
}
