package io.contextdb.backend.redis;

import io.contextdb.spi.error.ContextClosedException;
import io.contextdb.spi.error.ContextException;
import io.contextdb.spi.error.ContextTimeoutException;
import io.contextdb.spi.error.ContextUnavailableException;
import io.contextdb.spi.error.Outcome;
import io.contextdb.spi.value.Deadline;
import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisException;
import io.lettuce.core.RedisNoScriptException;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import io.lettuce.core.pubsub.StatefulRedisPubSubConnection;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;

/**
 * The connection to the server, or to all nodes of a cluster, shared by all callers: each waits for its own answer until its own
 * deadline. A connection on which nothing was heard for long, or that leads to a server without the right to write, is
 * given up for a new one. Thread-safe.
 */
final class Link implements AutoCloseable {
    /** A connection that answers no one for so long is taken for broken, whatever TCP thinks. */
    private static final Duration SILENCE = Duration.ofSeconds(3);

    /** So long after a connection was lost, calls wait for its return; later they fail at once until it is back. */
    private static final Duration PATIENCE = Duration.ofSeconds(1);

    private static final Duration PAUSE = Duration.ofMillis(5);

    static final String PRODUCT = "Redis";

    /** An open connection. */
    interface Connection extends AutoCloseable {
        RedisClusterAsyncCommands<byte[], byte[]> commands();

        /** Returns the commands of each primary. */
        List<RedisClusterAsyncCommands<byte[], byte[]>> primaries();

        @Override
        void close();
    }

    /** Makes connections; belongs to this link and is closed with it. */
    interface Connector extends AutoCloseable {
        /** Connects, within the time-out of the settings. */
        Connection connect();

        /** Connects for messages, within the time-out of the settings; closed with the connector. */
        StatefulRedisPubSubConnection<String, String> connectForMessages();

        @Override
        void close();
    }

    private final Connector connector;
    private final AtomicReference<Connection> current;
    private final AtomicBoolean renewing = new AtomicBoolean();
    /** When the first command was sent after the last answer; 0 if none waits that is known of. */
    private final AtomicLong waitingSince = new AtomicLong();

    /** When a command was first refused for want of a connection; 0 if the last one was not. */
    private final AtomicLong lostAt = new AtomicLong();

    private volatile boolean closed;

    Link(Connector connector) {
        this.connector = connector;
        this.current = new AtomicReference<>(connector.connect());
    }

    /** Reads: a failure leaves nothing applied. */
    <T> T read(
            String operation,
            Deadline deadline,
            Function<RedisClusterAsyncCommands<byte[], byte[]>, ? extends Future<T>> command) {
        return call(operation, deadline, Outcome.NOT_APPLIED, command);
    }

    /** Writes: where the answer is lost, the outcome is unknown. */
    <T> T write(
            String operation,
            Deadline deadline,
            Function<RedisClusterAsyncCommands<byte[], byte[]>, ? extends Future<T>> command) {
        return call(operation, deadline, Outcome.UNKNOWN, command);
    }

    private <T> T call(
            String operation,
            Deadline deadline,
            Outcome ifSent,
            Function<RedisClusterAsyncCommands<byte[], byte[]>, ? extends Future<T>> command) {
        while (true) {
            checkOpen();
            deadline.check(operation);
            Connection connection = current.get();
            try {
                waitingSince.compareAndSet(0, System.nanoTime());
                T value = await(operation, deadline, ifSent, connection, command.apply(connection.commands()));
                lostAt.setRelease(0);
                return value;
            } catch (RedisException refused) {
                throw failed(refused, ifSent, connection);
            } catch (ContextUnavailableException lost) {
                if (!RedisErrors.notConnected(lost) || !soonBack()) {
                    throw lost;
                }
                LockSupport.parkNanos(PAUSE.toNanos());
            }
        }
    }

    /** Returns whether the connection was lost just now, so that it is worth waiting for Lettuce to make it again. */
    private boolean soonBack() {
        long now = System.nanoTime();
        lostAt.compareAndSet(0, now);
        return now - lostAt.get() < PATIENCE.toNanos();
    }

    private <T> T await(String operation, Deadline deadline, Outcome ifSent, Connection connection, Future<T> answer) {
        try {
            T value = answer.get(deadline.remaining().toNanos(), TimeUnit.NANOSECONDS);
            waitingSince.setRelease(0);
            return value;
        } catch (TimeoutException late) {
            answer.cancel(true);
            long since = waitingSince.get();
            if (since != 0 && System.nanoTime() - since > SILENCE.toNanos()) {
                renew(connection);
            }
            throw new ContextTimeoutException(operation + ": Redis did not answer before the deadline", ifSent, late);
        } catch (InterruptedException interrupted) {
            answer.cancel(true);
            Thread.currentThread().interrupt();
            throw new ContextTimeoutException(operation + ": the thread was interrupted", ifSent, interrupted);
        } catch (CancellationException cancelled) {
            throw unlessClosed(new ContextUnavailableException(
                    operation + ": the connection to Redis was lost", ifSent, cancelled));
        } catch (ExecutionException failed) {
            throw failed(failed.getCause() == null ? failed : failed.getCause(), ifSent, connection);
        }
    }

    private RuntimeException failed(Throwable cause, Outcome ifSent, Connection connection) {
        if (cause instanceof RedisCommandExecutionException) {
            waitingSince.setRelease(0);
        }
        if (cause instanceof RedisNoScriptException unknown) {
            return unknown;
        }
        if (RedisErrors.wrongServer(cause)) {
            renew(connection);
        }
        return unlessClosed(RedisErrors.of(cause, ifSent));
    }

    private ContextException unlessClosed(ContextException error) {
        return closed ? new ContextClosedException(PRODUCT) : error;
    }

    /** Replaces a connection in the background; calls go on to fail until there is a new one. */
    private void renew(Connection broken) {
        if (closed || !renewing.compareAndSet(false, true)) {
            return;
        }
        Thread.ofVirtual().name("contextdb-redis-reconnect").start(() -> {
            try {
                Connection fresh = connector.connect();
                if (closed || !current.compareAndSet(broken, fresh)) {
                    fresh.close();
                } else {
                    waitingSince.set(0);
                    broken.close();
                }
            } catch (RuntimeException unreachable) {
                // The next call that fails tries again.
            } finally {
                renewing.set(false);
            }
        });
    }

    /** Asks every primary, one after the other. */
    <T> List<T> eachPrimary(
            String operation,
            Deadline deadline,
            Function<RedisClusterAsyncCommands<byte[], byte[]>, ? extends Future<T>> command) {
        checkOpen();
        Connection connection = current.get();
        try {
            return connection.primaries().stream()
                    .map(primary -> await(operation, deadline, Outcome.NOT_APPLIED, connection, command.apply(primary)))
                    .toList();
        } catch (RedisException refused) {
            throw failed(refused, Outcome.NOT_APPLIED, connection);
        }
    }

    /** Sends a read without waiting for its answer; {@link #join} does. */
    <T> CompletableFuture<T> send(
            Function<RedisClusterAsyncCommands<byte[], byte[]>, ? extends CompletionStage<T>> command) {
        checkOpen();
        return command.apply(current.get().commands()).toCompletableFuture();
    }

    /** Waits for the answer to a read that was sent. */
    <T> T join(String operation, Deadline deadline, CompletableFuture<T> answer) {
        return await(operation, deadline, Outcome.NOT_APPLIED, current.get(), answer);
    }

    /** Opens a connection for messages. */
    StatefulRedisPubSubConnection<String, String> connectForMessages() {
        checkOpen();
        try {
            return connector.connectForMessages();
        } catch (RedisException failed) {
            throw unlessClosed(RedisErrors.of(failed, Outcome.NOT_APPLIED));
        }
    }

    void checkOpen() {
        if (closed) {
            throw new ContextClosedException(PRODUCT);
        }
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            connector.close();
        }
    }
}
