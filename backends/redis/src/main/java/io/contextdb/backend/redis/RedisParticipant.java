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
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The store's part in batches that another decides (contract S6). A hold is a key of the namespace, set by the script that judged
 * the batch; every script and every read looks for it. The watermark is a key beside the namespaces: what is written after
 * something, on the same connection, reaches the file and the replicas after it (S4).
 */
final class RedisParticipant implements Participant {
    private static final int PARTS = 6;
    private static final String NONE = "-";
    private static final String RUN_ID = "run_id:";

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

    /** The server's own name for its process, which a restart and a fail-over change. */
    @Override
    public String incarnation(Deadline deadline) {
        String info = session.link().read("server information", deadline, commands -> commands.info("server"));
        return info.lines()
                .filter(line -> line.startsWith(RUN_ID))
                .map(line -> line.substring(RUN_ID.length()).strip())
                .findFirst()
                .orElseThrow(() -> new CorruptDataException("Redis does not tell its run_id", null));
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
    public boolean advance(@Nullable Watermark from, Watermark to, Deadline deadline) {
        List<Object> moved =
                Script.ADVANCE.write(session.link(), deadline, session.names().watermark(), written(from), written(to));
        return ((Number) moved.get(0)).longValue() == 1;
    }

    private static byte[] written(@Nullable Watermark watermark) {
        if (watermark == null) {
            return new byte[0];
        }
        String incarnation = watermark.incarnation().isEmpty() ? NONE : watermark.incarnation();
        long micros = ChronoUnit.MICROS.between(Instant.EPOCH, watermark.at());
        return bytes(String.join(
                " ",
                Long.toString(watermark.epoch()),
                written(watermark.position()),
                watermark.certain() == null ? NONE : written(watermark.certain()),
                Long.toString(micros),
                incarnation,
                watermark.source()));
    }

    private static String written(JournalPosition position) {
        return position.transaction() + "-" + position.commit();
    }

    private static JournalPosition position(String text) {
        String[] parts = text.split("-", 2);
        return new JournalPosition(Long.parseLong(parts[0]), Long.parseLong(parts[1]));
    }

    private static Watermark read(String value) {
        try {
            String[] parts = value.split(" ", PARTS);
            return new Watermark(
                    parts[5],
                    Long.parseLong(parts[0]),
                    position(parts[1]),
                    Instant.EPOCH.plus(Long.parseLong(parts[3]), ChronoUnit.MICROS),
                    parts[4].equals(NONE) ? "" : parts[4],
                    parts[2].equals(NONE) ? null : position(parts[2]));
        } catch (NumberFormatException | ArrayIndexOutOfBoundsException malformed) {
            throw new CorruptDataException("the watermark cannot be read; something else wrote it", malformed);
        }
    }
}
