package io.contextdb.backend.redis;

import static io.contextdb.backend.redis.Names.bytes;

import io.contextdb.spi.error.CorruptDataException;
import io.contextdb.spi.journal.JournalPosition;
import io.contextdb.spi.journal.Watermark;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/** Watermarks as they are stored. */
final class Watermarks {
    private static final int PARTS = 6;
    private static final String NONE = "-";

    private Watermarks() {}

    /** Returns what is stored for a watermark; nothing for none. */
    static byte[] write(@Nullable Watermark watermark) {
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

    static Watermark read(byte[] stored) {
        try {
            String[] parts = Names.text(stored).split(" ", PARTS);
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
