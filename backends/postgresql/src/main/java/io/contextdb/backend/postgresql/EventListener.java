package io.contextdb.backend.postgresql;

import io.contextdb.spi.error.ContextException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.PGNotification;

/**
 * Hears by LISTEN of events that other processes committed, on a connection of its own, which is there while somebody waits
 * for events and half a minute longer. It trusts the connection only while that brings it its own notices: a pooler in
 * transaction mode accepts LISTEN and then delivers nothing. Until it hears, who waits has to look. Thread-safe.
 */
final class EventListener implements AutoCloseable {
    private static final long LINGER = TimeUnit.SECONDS.toNanos(30);
    private static final long ECHO_EVERY = TimeUnit.SECONDS.toNanos(30);
    private static final long ECHO_WITHIN = TimeUnit.SECONDS.toNanos(5);
    /** For how long others believe that it listens: some echoes may fail. */
    private static final Duration TOLD_FOR = Duration.ofMinutes(2);

    private static final long RETRY = TimeUnit.SECONDS.toNanos(5);
    /**
     * How long it waits for transactions that may not know that it listens. One that lasts longer is hardly a store's, and
     * whatever it writes is found, as who waits looks for events now and then anyway.
     */
    private static final long SETTLES_WITHIN = TimeUnit.SECONDS.toNanos(30);

    private static final long SETTLES_EVERY = TimeUnit.MILLISECONDS.toNanos(20);
    /** How soon it notices that it is not needed any more; asks nothing of the server. */
    private static final int SLICE_MILLIS = 100;

    private static final Duration END = Duration.ofSeconds(3);
    private static final String DEAF =
            "LISTEN is accepted but delivers nothing, as behind a pooler in transaction mode";

    private static final String UNKNOWN = "transactions are not over that may not know that it listens";

    /** To listen there would let others hear, and not this store. */
    private static final String POOLED = "a pooler stands between";

    private final Connections connections;
    private final Names names;
    private final EventSignal signal;
    private final EventNotices notices;
    private final Figures figures;
    private final ReentrantLock lock = new ReentrantLock();
    /** The thread that listens, while there is one; guarded by the lock. */
    private @Nullable Thread thread;

    private volatile long lastWanted = System.nanoTime() - LINGER;
    private volatile boolean hearing;
    private volatile String deafness = "";
    private volatile boolean closed;

    EventListener(Connections connections, Names names, EventSignal signal, EventNotices notices, Figures figures) {
        this.connections = connections;
        this.names = names;
        this.signal = signal;
        this.notices = notices;
        this.figures = figures;
    }

    /** Listens from now on, if it does not yet; returns at once. */
    void want() {
        lastWanted = System.nanoTime();
        lock.lock();
        try {
            if (thread == null && !closed) {
                thread =
                        Thread.ofVirtual().name("contextdb-postgresql-listener").start(this::work);
            }
        } finally {
            lock.unlock();
        }
    }

    /** Returns whether events of other processes are heard of; if not, they must be looked for. */
    boolean hears() {
        return hearing;
    }

    /** Returns how events of other processes are noticed, for people; empty while nobody waits for any. */
    Optional<String> state() {
        if (!isWanted()) {
            return Optional.empty();
        }
        return Optional.of(hearing ? "listen" : deafness.isEmpty() ? "poll" : "poll: " + deafness);
    }

    private boolean isWanted() {
        return !closed && (signal.isWatched() || System.nanoTime() - lastWanted < LINGER);
    }

    private void work() {
        while (!isOver()) {
            try {
                listen();
            } catch (SQLException | ContextException failed) {
                deafness = String.valueOf(failed.getMessage());
            } catch (RuntimeException | Error failed) {
                // The thread goes on: nobody would start another while this one is thought to live.
                deafness = failed.toString();
            }
            if (hearing) {
                hearing = false;
                // They wait for long; from here on they must look.
                signal.signalAll();
            }
            for (long end = System.nanoTime() + RETRY; isWanted() && System.nanoTime() < end; ) {
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(SLICE_MILLIS));
            }
        }
    }

    /** Returns whether nobody wants it any more; then the next who does starts another thread. */
    private boolean isOver() {
        lock.lock();
        try {
            if (!isWanted()) {
                thread = null;
            }
            return thread == null;
        } finally {
            lock.unlock();
        }
    }

    private void listen() throws SQLException {
        try (Connection connection = connections.apart();
                Statement statement = connection.createStatement()) {
            if (Pooler.isBetween(connection)) {
                deafness = POOLED;
                return;
            }
            statement.execute("LISTEN " + Names.quoted(names.schema()));
            PGConnection channel = connection.unwrap(PGConnection.class);
            while (isWanted()) {
                notices.echo();
                if (!hear(channel, ECHO_WITHIN, true)) {
                    deafness = isWanted() ? DEAF : "";
                    break;
                }
                notices.listens(connection, TOLD_FOR);
                if (!hearing) {
                    awaitEarlier(connection);
                    hearing = true;
                    deafness = "";
                    // What was committed before is found by looking once more.
                    signal.signalAll();
                }
                hear(channel, ECHO_EVERY, false);
            }
            notices.ends(connection);
            // It may be the application's, who goes on to use it.
            statement.execute("UNLISTEN " + Names.quoted(names.schema()));
        }
    }

    /** Waits until the transactions have ended that may not know that it listens, and so tell nobody of their events. */
    private void awaitEarlier(Connection connection) throws SQLException {
        deafness = UNKNOWN;
        long next = notices.next(connection);
        for (long end = System.nanoTime() + SETTLES_WITHIN;
                isWanted() && System.nanoTime() - end < 0 && notices.oldest(connection) < next; ) {
            LockSupport.parkNanos(SETTLES_EVERY);
        }
    }

    /** Passes on what it hears for a while, or until it hears itself; returns whether it did. */
    private boolean hear(PGConnection channel, long nanos, boolean untilEcho) throws SQLException {
        boolean echo = false;
        for (long end = System.nanoTime() + nanos;
                isWanted() && System.nanoTime() - end < 0 && !(untilEcho && echo); ) {
            PGNotification[] heard = channel.getNotifications(SLICE_MILLIS);
            for (PGNotification notice : heard == null ? new PGNotification[0] : heard) {
                echo |= notice.getParameter().startsWith(notices.sender());
                tell(notice.getParameter());
            }
        }
        return echo;
    }

    /** Wakes who waits where a notice says; this process's own were woken at the commit, and echoes name nothing. */
    private void tell(String notice) {
        String namespaces = notice.substring(notice.indexOf(' ') + 1);
        if (!notice.startsWith(notices.sender()) && !namespaces.isEmpty()) {
            figures.notice();
            for (String namespace : namespaces.split(",", -1)) {
                signal.signal(namespace);
            }
        }
    }

    /** Ends the connection and waits for that. */
    @Override
    public void close() {
        closed = true;
        signal.signalAll();
        Thread last = current();
        try {
            if (last != null) {
                last.join(END);
            }
        } catch (InterruptedException hurried) {
            Thread.currentThread().interrupt();
        }
    }

    private @Nullable Thread current() {
        lock.lock();
        try {
            return thread;
        } finally {
            lock.unlock();
        }
    }
}
