package io.contextdb.backend.redis;

import static io.contextdb.backend.redis.Names.bytes;

import io.contextdb.spi.error.CorruptDataException;
import io.contextdb.spi.journal.JournalPosition;
import io.contextdb.spi.journal.Participant;
import io.contextdb.spi.journal.Watermark;
import io.contextdb.spi.value.Deadline;
import io.contextdb.spi.value.NamespaceName;
import io.contextdb.spi.write.WriteBatch;
import io.contextdb.spi.write.WriteReceipt;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.UUID;

/**
 * The store's part in batches that another decides (contract S6). A hold is a key of the namespace, set by the script that judged
 * the batch; every script and every read looks for it. The watermark is a key beside the namespaces: what is written after
 * something, on the same connection, reaches the file and the replicas after it (S4).
 */
final class RedisParticipant implements Participant {
    private static final int PARTS = 5;

    private final Session session;
    private final BatchWriter writer;

    RedisParticipant(Session session, BatchWriter writer) {
        this.session = session;
        this.writer = writer;
    }

    @Override
    public void hold(WriteBatch batch, Deadline deadline) {
        writer.hold(batch, deadline);
    }

    @Override
    public WriteReceipt finish(WriteBatch batch, Deadline deadline) {
        return writer.finish(batch, deadline);
    }

    @Override
    public void release(NamespaceName namespace, UUID operationId, Deadline deadline) {
        Script.RELEASE.write(
                session.link(), deadline, session.names().root(namespace), OperationIds.write(operationId));
    }

    @Override
    public Optional<Watermark> watermark(Deadline deadline) {
        byte[] stored = session.link()
                .read(
                        "watermark",
                        deadline,
                        commands -> commands.get(session.names().watermark()));
        return Optional.ofNullable(stored).map(value -> read(Names.text(value)));
    }

    @Override
    public void advance(Watermark watermark, Deadline deadline) {
        JournalPosition position = watermark.position();
        long micros = ChronoUnit.MICROS.between(Instant.EPOCH, watermark.at());
        byte[] value = bytes(watermark.epoch() + " " + position.transaction() + " " + position.commit() + " " + micros
                + " " + watermark.source());
        session.link()
                .write(
                        "advance",
                        deadline,
                        commands -> commands.set(session.names().watermark(), value));
    }

    private static Watermark read(String value) {
        try {
            String[] parts = value.split(" ", PARTS);
            return new Watermark(
                    parts[4],
                    Long.parseLong(parts[0]),
                    new JournalPosition(Long.parseLong(parts[1]), Long.parseLong(parts[2])),
                    Instant.EPOCH.plus(Long.parseLong(parts[3]), ChronoUnit.MICROS));
        } catch (NumberFormatException | ArrayIndexOutOfBoundsException malformed) {
            throw new CorruptDataException("the watermark cannot be read; something else wrote it", malformed);
        }
    }
}
