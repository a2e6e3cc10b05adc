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
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The connection to the server, or to all nodes of a cluster, shared by all callers: each waits for its own answer until its own
 * deadline. A connection on which nothing was heard for long, or that leads to a server without the right to write, is
 * given up for a new one. Thread-safe.
 */
final class Link implements Calls, AutoCloseable {
    /** A connection that answers no one for so long is taken for broken, whatever TCP thinks. */
    private static final Duration SILENCE = Duration.ofSeconds(3);

    /** So long after a connection was lost, calls wait for its return; later they fail at once until it is back. */
    private static final Duration PATIENCE = Duration.ofSeconds(1);

    private static final Duration PAUSE = Duration.ofMillis(5);
    private static final Duration BETWEEN_ATTEMPTS = Duration.ofMillis(50);

    static final String PRODUCT = "Redis";

    /** An open connection. */
    interface Connection extends AutoCloseable {
        RedisClusterAsyncCommands<byte[], byte[]> commands();

        /** Returns false once it was lost for good. */
        boolean isOpen();

        /**
         * Returns the name of the server's life that it leads to, which it does not outlive: another after each restart and fail-over;
         * "" for a cluster, whose nodes live lives of their own.
         */
        String life();

        /** Returns the commands of each primary. */
        List<RedisClusterAsyncCommands<byte[], byte[]>> primaries();

        /** Returns the commands of the primary that has a key. */
        RedisClusterAsyncCommands<byte[], byte[]> primaryOf(byte[] key);

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

    /** Decides which connections calls may take. */
    interface Rule {
        /** Any will do. */
        Rule NONE = (link, connection, operation, deadline) -> {};

        /** Returns if a call may take a connection; waits for that, or throws. */
        void check(Link link, Connection connection, String operation, Deadline deadline);
    }

    private final Connector connector;
    private final AtomicReference<Connection> current;
    private final AtomicBoolean renewing = new AtomicBoolean();
    /** When the first command was sent after the last answer; 0 if none waits that is known of. */
    private final AtomicLong waitingSince = new AtomicLong();

    /** When a command was first refused for want of a connection; 0 if the last one was not. */
    private final AtomicLong lostAt = new AtomicLong();

    private volatile @Nullable LogRenewal log;
    private volatile boolean closed;

    Link(Connector connector) {
        this.connector = connector;
        this.current = new AtomicReference<>(connector.connect());
    }

    /** From now on no write is sent before the server's log is fit for it. */
    void renews(LogRenewal renewal) {
        log = renewal;
    }

    /** Returns the same link for calls that take only some of its connections. */
    Calls under(Rule rule) {
        return new Ruled(rule);
    }

    /** Returns the name of the server's present life. */
    String life(String operation, Deadline deadline) {
        AtomicReference<String> life = new AtomicReference<>("");
        String pong = under((link, connection, same, until) -> life.set(connection.life()))
                .read(operation, deadline, commands -> commands.ping());
        return pong.isEmpty() ? "" : life.get();
    }

    @Override
    public <T> T call(
            String operation,
            Deadline deadline,
            Outcome ifSent,
            Function<RedisClusterAsyncCommands<byte[], byte[]>, ? extends Future<T>> command) {
        return call(operation, deadline, ifSent, Rule.NONE, command);
    }

    /** Asks on one connection. */
    <T> T ask(
            Connection connection,
            String operation,
            Deadline deadline,
            Function<RedisClusterAsyncCommands<byte[], byte[]>, ? extends Future<T>> command) {
        return ask(connection, connection.commands(), operation, deadline, command);
    }

    /** Asks one of the servers that a connection leads to. */
    <T> T ask(
            Connection connection,
            RedisClusterAsyncCommands<byte[], byte[]> server,
            String operation,
            Deadline deadline,
            Function<RedisClusterAsyncCommands<byte[], byte[]>, ? extends Future<T>> command) {
        return await(operation, deadline, Outcome.NOT_APPLIED, connection, command.apply(server));
    }

    private <T> T call(
            String operation,
            Deadline deadline,
            Outcome ifSent,
            Rule rule,
            Function<RedisClusterAsyncCommands<byte[], byte[]>, ? extends Future<T>> command) {
        while (true) {
            Connection connection = connected(operation, deadline);
            try {
                rule.check(this, connection, operation, deadline);
                LogRenewal renewal = log;
                if (ifSent == Outcome.UNKNOWN && renewal != null) {
                    renewal.check(this, connection, operation, deadline);
                }
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

    /** Returns a connection that is not known to be lost; waits a moment for one. */
    private Connection connected(String operation, Deadline deadline) {
        while (true) {
            checkOpen();
            deadline.check(operation);
            Connection connection = current.get();
            if (connection.isOpen()) {
                return connection;
            }
            renew(connection);
            if (!soonBack()) {
                throw new ContextUnavailableException(operation + ": there is no connection to Redis");
            }
            LockSupport.parkNanos(PAUSE.toNanos());
        }
    }

    /** Returns whether the connection was lost just now, so that it is worth waiting for another. */
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
                    lostAt.set(0);
                    broken.close();
                }
            } catch (RuntimeException unreachable) {
                // The next call that fails tries again.
                LockSupport.parkNanos(BETWEEN_ATTEMPTS.toNanos());
            } finally {
                renewing.set(false);
            }
        });
    }

    @Override
    public void scriptUnknown(byte[] key, String operation, Deadline deadline) {
        LogRenewal renewal = log;
        if (renewal != null) {
            renewal.checkNode(this, connected(operation, deadline), key, operation, deadline);
        }
    }

    /** Does something with every primary, one after the other. */
    void eachServer(Deadline deadline, BiConsumer<Connection, RedisClusterAsyncCommands<byte[], byte[]>> work) {
        Connection connection = connected("servers", deadline);
        connection.primaries().forEach(server -> work.accept(connection, server));
    }

    /** Asks every primary, one after the other. */
    <T> List<T> eachPrimary(
            String operation,
            Deadline deadline,
            Function<RedisClusterAsyncCommands<byte[], byte[]>, ? extends Future<T>> command) {
        Connection connection = connected(operation, deadline);
        try {
            return connection.primaries().stream()
                    .map(primary -> await(operation, deadline, Outcome.NOT_APPLIED, connection, command.apply(primary)))
                    .toList();
        } catch (RedisException refused) {
            throw failed(refused, Outcome.NOT_APPLIED, connection);
        }
    }

    @Override
    public <T> CompletableFuture<T> send(
            String operation,
            Deadline deadline,
            Function<RedisClusterAsyncCommands<byte[], byte[]>, ? extends CompletionStage<T>> command) {
        return send(operation, deadline, Rule.NONE, command);
    }

    private <T> CompletableFuture<T> send(
            String operation,
            Deadline deadline,
            Rule rule,
            Function<RedisClusterAsyncCommands<byte[], byte[]>, ? extends CompletionStage<T>> command) {
        Connection connection = connected(operation, deadline);
        rule.check(this, connection, operation, deadline);
        return command.apply(connection.commands()).toCompletableFuture();
    }

    @Override
    public <T> T join(String operation, Deadline deadline, CompletableFuture<T> answer) {
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

    /** The link for calls that take only some of its connections. */
    private final class Ruled implements Calls {
        private final Rule rule;

        Ruled(Rule rule) {
            this.rule = rule;
        }

        @Override
        public <T> T call(
                String operation,
                Deadline deadline,
                Outcome ifSent,
                Function<RedisClusterAsyncCommands<byte[], byte[]>, ? extends Future<T>> command) {
            return Link.this.call(operation, deadline, ifSent, rule, command);
        }

        @Override
        public <T> CompletableFuture<T> send(
                String operation,
                Deadline deadline,
                Function<RedisClusterAsyncCommands<byte[], byte[]>, ? extends CompletionStage<T>> command) {
            return Link.this.send(operation, deadline, rule, command);
        }

        @Override
        public <T> T join(String operation, Deadline deadline, CompletableFuture<T> answer) {
            return Link.this.join(operation, deadline, answer);
        }

        @Override
        public void scriptUnknown(byte[] key, String operation, Deadline deadline) {
            Link.this.scriptUnknown(key, operation, deadline);
        }
    }
}
