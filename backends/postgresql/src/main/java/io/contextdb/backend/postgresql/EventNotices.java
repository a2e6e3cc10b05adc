package io.contextdb.backend.postgresql;

import io.contextdb.spi.error.ContextException;
import io.contextdb.spi.value.Deadline;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;

/**
 * Tells other processes by NOTIFY in which namespaces events were committed: who sends, a space, and names parted by commas.
 * The channel has the name of the schema. A notice is sent after the commit and apart from it, because a transaction that
 * notifies holds a lock of the whole server while it commits; those of a moment go together. One that cannot be sent is
 * dropped: who listens looks for events now and then anyway. Nothing is sent while no other process listens. Thread-safe.
 */
final class EventNotices {
    /**
     * Asks, with the own id bound, whether another process listens. Asked within the transaction that writes, which has its
     * number by then: who begins to listen waits for those with smaller ones before it relies on being told.
     */
    static final String HEARD = "EXISTS (SELECT FROM cdb.listener WHERE until > cdb.clock() AND id <> ?)";

    private static final String LISTENS = """
            WITH gone AS (DELETE FROM cdb.listener WHERE until < cdb.clock() AND id <> ?)
            INSERT INTO cdb.listener (id, until) VALUES (?, cdb.clock() + ?)
            ON CONFLICT (id) DO UPDATE SET until = excluded.until
            """;
    /** A snapshot's own end will not do: it is behind the last transaction that ended, and others run beyond it. */
    private static final String NEXT = "SELECT pg_current_xact_id()::text::int8 /* cdb.listener */";

    private static final String OLDEST =
            "SELECT pg_snapshot_xmin(pg_current_snapshot())::text::int8 /* cdb.listener */";
    private static final String ENDS = "DELETE FROM cdb.listener WHERE id = ?";
    private static final String NOTIFY = "SELECT pg_notify(?, ?)";
    private static final long GATHER = TimeUnit.MILLISECONDS.toNanos(5);
    private static final Duration LIMIT = Duration.ofSeconds(5);
    /** PostgreSQL takes less than 8,000 bytes. */
    private static final int LONGEST = 7_500;

    private final Connections connections;
    private final Names names;
    private final UUID id = UUID.randomUUID();
    private final String sender = id.toString();
    private final Set<String> waiting = ConcurrentHashMap.newKeySet();
    private final AtomicBoolean sending = new AtomicBoolean();

    EventNotices(Connections connections, Names names) {
        this.connections = connections;
        this.names = names;
    }

    /** Returns the id by which this store listens. */
    UUID id() {
        return id;
    }

    /** Says, by the connection that listens, that this store does so for a while. */
    void listens(Connection connection, Duration span) throws SQLException {
        new Script().run(LISTENS, id, id, span.toNanos() / 1_000).send(connection, names, Reach.UNTOLD);
    }

    /**
     * Returns the number of a transaction of its own, which is over then. Those with greater ones know what was committed before
     * the call; those with smaller ones may not.
     */
    long next(Connection connection) throws SQLException {
        return ask(connection, NEXT);
    }

    /** Returns the number of the oldest transaction that has not ended. */
    long oldest(Connection connection) throws SQLException {
        return ask(connection, OLDEST);
    }

    private long ask(Connection connection, String sql) throws SQLException {
        long[] number = {0};
        new Script().rows(row -> number[0] = row.getLong(1), sql).send(connection, names, Reach.UNTOLD);
        return number[0];
    }

    /** Says that this store does not listen any more. */
    void ends(Connection connection) throws SQLException {
        new Script().run(ENDS, id).send(connection, names, Reach.UNTOLD);
    }

    /** Returns the word that begins the notices of this store. */
    String sender() {
        return sender;
    }

    /** Sends a notice soon; does not wait for it. */
    void tell(String namespace) {
        waiting.add(namespace);
        if (sending.compareAndSet(false, true)) {
            boolean started = false;
            try {
                Thread.ofVirtual().name("contextdb-postgresql-notices").start(() -> {
                    LockSupport.parkNanos(GATHER);
                    sending.set(false);
                    send(taken());
                });
                started = true;
            } finally {
                // Else nobody would ever send again.
                if (!started) {
                    sending.set(false);
                }
            }
        }
    }

    /** Sends a notice that names nothing, for this store itself to hear. */
    void echo() {
        send(List.of());
    }

    private List<String> taken() {
        List<String> taken = List.copyOf(waiting);
        taken.forEach(waiting::remove);
        return taken;
    }

    private void send(List<String> namespaces) {
        Script script = new Script();
        payloads(namespaces).forEach(payload -> script.rows(row -> {}, NOTIFY, names.schema(), payload));
        try {
            connections.read(Deadline.after(LIMIT), connection -> {
                script.send(connection, names, Reach.UNTOLD);
                return true;
            });
        } catch (ContextException unsent) {
            // Said above: it is dropped.
        }
    }

    private List<String> payloads(List<String> namespaces) {
        List<String> payloads = new ArrayList<>();
        StringBuilder payload = new StringBuilder(sender).append(' ');
        for (String namespace : namespaces) {
            if (payload.length() + namespace.length() > LONGEST) {
                payloads.add(payload.toString());
                payload.setLength(sender.length() + 1);
            }
            payload.append(namespace).append(',');
        }
        payloads.add(payload.toString());
        return payloads;
    }
}
