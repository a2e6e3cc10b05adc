package io.contextdb.backend.redis;

import io.contextdb.spi.error.AccessDeniedException;
import io.contextdb.spi.error.ContextException;
import io.contextdb.spi.error.ContextUnavailableException;
import io.contextdb.spi.value.Deadline;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Has each server begin a new append-only file in each of its lives, before anything is written to it. A server that loads a file which a
 * crash tore within a transaction forgets that transaction, but cuts off only the torn command: what it appends later stands within the
 * transaction, so that the next load brings half a batch back, or forgets what was written since. After a rewrite nothing is appended
 * to that file any more. A connection to a single server leads to one life of it and is looked at once; a node of a cluster
 * is looked at when it does not know a script, as it does after each start. Thread-safe.
 */
final class LogRenewal implements Link.Rule {
    private static final Duration FIRST_PAUSE = Duration.ofMillis(2);
    private static final Duration LONGEST_PAUSE = Duration.ofMillis(100);
    private static final String OPEN = "open";
    private static final String WANT =
            "the user may not run BGREWRITEAOF; grant it, or set aof-load-truncated no and let the user read CONFIG";

    private final @Nullable String broken;
    private final boolean needless;
    private volatile Consumer<Deadline> onNewConnection = deadline -> {};
    private volatile Link.@Nullable Connection passed;

    private LogRenewal(@Nullable String broken, boolean needless, Link.@Nullable Connection passed) {
        this.broken = broken;
        this.needless = needless;
        this.passed = passed;
    }

    /**
     * Asks every primary for a new file, unless it has begun one in this life, and does not wait for it.
     *
     * @param refusing whether the servers do not start from a torn file, so that they need no new one
     */
    static LogRenewal begin(Link link, boolean refusing, Deadline deadline) {
        AtomicReference<Link.@Nullable Connection> first = new AtomicReference<>();
        try {
            link.eachServer(deadline, (connection, server) -> {
                File file = File.of(link.ask(connection, server, OPEN, deadline, commands -> commands.info()));
                if (!file.isNew() && !file.busy()) {
                    request(link, connection, server, OPEN, deadline);
                }
                if (file.isNew()) {
                    first.set(connection);
                }
            });
            return new LogRenewal(null, false, first.get());
        } catch (AccessDeniedException forbidden) {
            return new LogRenewal(refusing ? null : WANT, true, first.get());
        } catch (ContextException failed) {
            return new LogRenewal("no new append-only file is begun: " + failed.getMessage(), true, first.get());
        }
    }

    /** Does something before the first write on each connection that this has not looked at. */
    void onNewConnection(Consumer<Deadline> work) {
        onNewConnection = work;
    }

    /** Returns why half a batch may come back after crashes of the server; nothing if none can. */
    Optional<String> broken() {
        return Optional.ofNullable(broken);
    }

    @Override
    public void check(Link link, Link.Connection connection, String operation, Deadline deadline) {
        if (connection.equals(passed)) {
            return;
        }
        if (!needless && !connection.life().isEmpty()) {
            await(link, connection, connection.commands(), operation, deadline);
        }
        onNewConnection.accept(deadline);
        passed = connection;
    }

    /** Looks at the node that has a key, and may be in a new life. */
    void checkNode(Link link, Link.Connection connection, byte[] key, String operation, Deadline deadline) {
        if (!needless && connection.life().isEmpty()) {
            await(link, connection, connection.primaryOf(key), operation, deadline);
        }
    }

    private void await(
            Link link,
            Link.Connection connection,
            RedisClusterAsyncCommands<byte[], byte[]> server,
            String operation,
            Deadline deadline) {
        Duration pause = FIRST_PAUSE;
        boolean asked = false;
        while (true) {
            File file = File.of(link.ask(connection, server, operation, deadline, commands -> commands.info()));
            if (file.isNew()) {
                return;
            }
            if (!file.busy()) {
                if (asked) {
                    throw new ContextUnavailableException(operation
                            + ": Redis was restarted and could not write a new append-only file, without which half a batch"
                            + " might come back after another crash; its log says why");
                }
                request(link, connection, server, operation, deadline);
            }
            asked = true;
            if (deadline.remaining().compareTo(pause) <= 0) {
                throw new ContextUnavailableException(
                        operation + ": Redis was restarted and has not written a new append-only file yet");
            }
            LockSupport.parkNanos(pause.toNanos());
            pause = pause.compareTo(LONGEST_PAUSE) < 0 ? pause.multipliedBy(2) : LONGEST_PAUSE;
        }
    }

    /** Asks a server for a new file; somebody else may do the same. */
    private static void request(
            Link link,
            Link.Connection connection,
            RedisClusterAsyncCommands<byte[], byte[]> server,
            String operation,
            Deadline deadline) {
        try {
            link.ask(connection, server, operation, deadline, commands -> commands.bgrewriteaof());
        } catch (ContextUnavailableException refused) {
            if (!String.valueOf(refused.getMessage()).contains("already in progress")) {
                throw refused;
            }
        }
    }

    /**
     * The append-only file as a server tells of it.
     *
     * @param isNew whether what is written now is appended to a file that was begun in this life, or to none
     * @param busy whether one is being begun
     */
    record File(boolean isNew, boolean busy) {
        private static final int MAJOR_OF_PARTS = 7;

        /** Of a large store the rewrite takes longer than writes should wait. */
        private static final int LONGEST_WAIT_SECONDS = 5;

        static File of(String info) {
            Map<String, String> told = Server.parse(info);
            boolean off = !told.getOrDefault("aof_enabled", "0").equals("1");
            boolean running = told.getOrDefault("aof_rewrite_in_progress", "0").equals("1");
            boolean scheduled = told.getOrDefault("aof_rewrite_scheduled", "0").equals("1");
            boolean ended = number(told, "aof_last_rewrite_time_sec", -1) >= 0;
            return new File(
                    off
                            || (inParts(told)
                                    ? begun(told) && (ended || !running || longEnough(told))
                                    : ended
                                            && told.getOrDefault("aof_last_bgrewrite_status", "")
                                                    .equals("ok")),
                    running || scheduled);
        }

        /**
         * From Redis 7 on a rewrite begins with a file of its own for what is written meanwhile; before, the new file takes the old
         * one's place at the end, if all went well.
         */
        private static boolean inParts(Map<String, String> told) {
            String version = told.getOrDefault("redis_version", "0");
            return told.containsKey("aof_rewrites") && Integer.parseInt(version.split("\\.", 2)[0]) >= MAJOR_OF_PARTS;
        }

        private static boolean begun(Map<String, String> told) {
            return number(told, "aof_rewrites", 0) > 0;
        }

        /** A server that crashes before the end, and had loaded a torn file, refuses its first start and mends the file with that. */
        private static boolean longEnough(Map<String, String> told) {
            return number(told, "aof_current_rewrite_time_sec", 0) >= LONGEST_WAIT_SECONDS;
        }

        private static long number(Map<String, String> told, String name, long otherwise) {
            String value = told.get(name);
            return value == null ? otherwise : Long.parseLong(value);
        }
    }
}
