package io.contextdb.bench.embedded;

import io.contextdb.spi.value.Bytes;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * What somebody writes by hand who needs one thing only: a thread that inserts nodes and keys into the embedded store's own
 * tables, and commits for all that wait at once. It looks nothing up, checks nothing, and knows neither versions nor times of
 * others: the most that the schema gives.
 */
final class BareGroupWriter implements AutoCloseable {
    private record Waiting(UUID operation, UUID node, String key, Bytes value, CompletableFuture<Long> outcome) {}

    private final Connection connection;
    private final PreparedStatement insertNode;
    private final PreparedStatement insertEntry;
    private final PreparedStatement insertOperation;
    private final PreparedStatement updateStore;
    private final BlockingQueue<Waiting> queue = new ArrayBlockingQueue<>(1024);
    private final Thread thread = new Thread(this::run, "bare-writer");
    private volatile boolean closed;
    private long commit;

    BareGroupWriter(Path file) throws SQLException, IOException {
        connection = DriverManager.getConnection("jdbc:sqlite:" + file);
        script("PRAGMA journal_mode = WAL");
        script("PRAGMA synchronous = FULL");
        script("PRAGMA secure_delete = ON");
        script("PRAGMA wal_autocheckpoint = 4000");
        connection.setAutoCommit(false);
        try (var schema =
                Class.forName("io.contextdb.backend.embedded.EmbeddedProvider").getResourceAsStream("schema.sql")) {
            script(new String(schema.readAllBytes(), StandardCharsets.UTF_8));
        } catch (ClassNotFoundException missing) {
            throw new IllegalStateException(missing);
        }
        script(
                "INSERT INTO store (one, format, incarnation, last_commit, last_time, gone_before, seal) VALUES (1, 1, x'00', 0, 0, 0, 0)");
        script("INSERT INTO namespace (name, live) VALUES ('bench', 1)");
        connection.commit();
        insertNode = connection.prepareStatement("""
                INSERT INTO node (ns, id, version, valid_from, valid_to, tx_from, confidence, labels, source, fingerprint,
                  retraction, properties) VALUES (1, ?, 1, ?, 9223372036854775807, ?, 1, '["bench"]', '', '', '', ?)
                """);
        insertEntry = connection.prepareStatement(
                "INSERT INTO entry (ns, key, version, expires_at, subject, value) VALUES (1, ?, 1, 9223372036854775807, '', ?)");
        insertOperation = connection.prepareStatement(
                "INSERT INTO operation (commit_no, ns, id, digest, committed_at, results) VALUES (?, 1, ?, ?, ?, ?)");
        updateStore = connection.prepareStatement("UPDATE store SET last_commit = ?, last_time = ?");
        thread.start();
    }

    private void script(String sql) throws SQLException {
        try (var statement = connection.createStatement()) {
            statement.executeUpdate(sql);
        }
    }

    /** Returns the number of the commit, once it is on the disk. */
    long put(UUID operation, UUID node, String key, Bytes value) {
        Waiting waiting = new Waiting(operation, node, key, value, new CompletableFuture<>());
        try {
            queue.put(waiting);
        } catch (InterruptedException interrupted) {
            throw new IllegalStateException(interrupted);
        }
        return waiting.outcome().join();
    }

    private void run() {
        List<Waiting> group = new ArrayList<>();
        try {
            while (!closed) {
                Waiting first = queue.poll(100, TimeUnit.MILLISECONDS);
                if (first != null) {
                    group.add(first);
                    queue.drainTo(group, 255);
                    write(group);
                    group.forEach(waiting -> waiting.outcome().complete(commit));
                    group.clear();
                }
            }
        } catch (SQLException | InterruptedException failed) {
            group.forEach(waiting -> waiting.outcome().completeExceptionally(failed));
        }
    }

    private void write(List<Waiting> group) throws SQLException {
        long now = System.currentTimeMillis() * 1_000;
        for (Waiting waiting : group) {
            commit++;
            insertNode.setBytes(1, bytes(waiting.node()));
            insertNode.setLong(2, now);
            insertNode.setLong(3, now);
            insertNode.setString(4, "{\"name\":\"" + waiting.key() + "\"}");
            insertNode.executeUpdate();
            insertEntry.setString(1, waiting.key());
            insertEntry.setBytes(2, waiting.value().toArray());
            insertEntry.executeUpdate();
            insertOperation.setLong(1, commit);
            insertOperation.setBytes(2, bytes(waiting.operation()));
            insertOperation.setBytes(3, new byte[32]);
            insertOperation.setLong(4, now);
            insertOperation.setBytes(5, new byte[16]);
            insertOperation.executeUpdate();
        }
        updateStore.setLong(1, commit);
        updateStore.setLong(2, now);
        updateStore.executeUpdate();
        connection.commit();
    }

    private static byte[] bytes(UUID id) {
        return ByteBuffer.allocate(16)
                .putLong(id.getMostSignificantBits())
                .putLong(id.getLeastSignificantBits())
                .array();
    }

    @Override
    public void close() throws SQLException {
        closed = true;
        try {
            thread.join();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
        connection.close();
    }
}
