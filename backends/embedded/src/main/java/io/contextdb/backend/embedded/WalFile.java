package io.contextdb.backend.embedded;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * SQLite's write-ahead log, looked at as SQLite does when it opens a store: frames count up to the last commit before the first
 * frame that fails its checksum. SQLite drops what comes after without a word; here it is seen.
 */
final class WalFile {
    private static final int HEADER = 32;
    private static final int FRAME = 24;
    private static final int MAGIC = 0x377f0682;
    /** About 100 kB: more is memory that the system hands out and takes back at each read. */
    private static final int AT_ONCE = 24;

    private WalFile() {}

    /**
     * What a log holds.
     *
     * @param size bytes of the file; 0 if it is absent
     * @param headed whether its header is whole; without, SQLite takes nothing from it
     * @param pages the pages that SQLite would take from it, with their checksums (CRC-32C)
     * @param first what the store said of itself in its first commit
     * @param last the same of the last commit before any damage
     * @param broken the first frame that fails its checksum, from 1; 0 if none of this round of the log does
     * @param commitsBehind commits of the same round that stand behind that one, and are dropped with it
     */
    record Contents(
            long size,
            boolean headed,
            Map<Integer, Integer> pages,
            Optional<StoreRow> first,
            Optional<StoreRow> last,
            long broken,
            int commitsBehind) {}

    /** Looks at all of a log. */
    static Contents look(Path file, int pageSize) throws IOException {
        if (!Files.exists(file) || Files.size(file) == 0) {
            return new Contents(0, false, Map.of(), Optional.empty(), Optional.empty(), 0, 0);
        }
        try (StoreFile log = StoreFile.readable(file)) {
            return new Look(log, pageSize).all();
        }
    }

    /** Returns the checksums of the pages in the first frames of a log that is in use, those of their newest frames. */
    static Map<Integer, Integer> pages(Path file, int pageSize, long frames) throws IOException {
        Map<Integer, Integer> pages = new HashMap<>();
        try (StoreFile log = StoreFile.readable(file)) {
            Frames all = new Frames(log, pageSize, frames);
            for (ByteBuffer frame = all.next(); frame != null; frame = all.next()) {
                pages.put(frame.getInt(0), sum(frame, FRAME, pageSize));
            }
        }
        return pages;
    }

    private static int sum(ByteBuffer bytes, int from, int length) {
        CRC32C crc = new CRC32C();
        crc.update(bytes.array(), bytes.arrayOffset() + from, length);
        return (int) crc.getValue();
    }

    /** Frames one after the other, read many at a time. */
    private static final class Frames {
        private final StoreFile log;
        private final int length;
        private final ByteBuffer buffer;
        private long left;
        private long position = HEADER;

        Frames(StoreFile log, int pageSize, long most) {
            this.log = log;
            this.length = FRAME + pageSize;
            this.left = most;
            this.buffer = ByteBuffer.allocate(length * AT_ONCE).limit(0);
        }

        /** Returns the next frame, valid until the next call; null after the last whole one. */
        @Nullable
        ByteBuffer next() throws IOException {
            if (left-- <= 0) {
                return null;
            }
            if (buffer.remaining() < length) {
                buffer.clear();
                log.read(buffer, position);
                position += buffer.position();
                buffer.flip();
                if (buffer.remaining() < length) {
                    return null;
                }
            }
            ByteBuffer frame = buffer.slice(buffer.position(), length);
            buffer.position(buffer.position() + length);
            return frame;
        }
    }

    /** One look: the checksums run on from the header through all frames. */
    private static final class Look {
        private final StoreFile log;
        private final int pageSize;
        private final Map<Integer, Integer> pages = new HashMap<>();
        private final Map<Integer, Integer> transaction = new HashMap<>();
        private ByteOrder order = ByteOrder.BIG_ENDIAN;
        private int sum0;
        private int sum1;
        private long salts;
        private Optional<StoreRow> row = Optional.empty();
        private Optional<StoreRow> first = Optional.empty();
        private Optional<StoreRow> last = Optional.empty();
        private long broken;
        private int commitsBehind;

        Look(StoreFile log, int pageSize) {
            this.log = log;
            this.pageSize = pageSize;
        }

        Contents all() throws IOException {
            boolean headed = header();
            if (headed) {
                frames();
            }
            return new Contents(log.size(), headed, pages, first, last, broken, commitsBehind);
        }

        private boolean header() throws IOException {
            ByteBuffer header = ByteBuffer.allocate(HEADER);
            log.read(header, 0);
            if (header.hasRemaining() || (header.getInt(0) & ~1) != MAGIC || header.getInt(8) != pageSize) {
                return false;
            }
            order = (header.getInt(0) & 1) == 1 ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN;
            salts = header.getLong(16);
            add(header, 0, 24);
            return header.getInt(24) == sum0 && header.getInt(28) == sum1;
        }

        private void frames() throws IOException {
            Frames all = new Frames(log, pageSize, Long.MAX_VALUE);
            long number = 1;
            for (ByteBuffer frame = all.next(); frame != null; frame = all.next(), number++) {
                boolean ofThisRound = frame.getLong(8) == salts;
                if (broken == 0 && (!ofThisRound || !isWhole(frame))) {
                    broken = number;
                }
                if (broken == 0) {
                    take(frame);
                } else if (ofThisRound && frame.getInt(4) != 0) {
                    commitsBehind++;
                }
            }
            if (commitsBehind == 0 && transaction.isEmpty()) {
                // The rest is of an earlier round, or a transaction that never ended.
                broken = 0;
            }
        }

        private boolean isWhole(ByteBuffer frame) {
            add(frame, 0, 8);
            add(frame, FRAME, pageSize);
            return frame.getInt(16) == sum0 && frame.getInt(20) == sum1;
        }

        private void take(ByteBuffer frame) {
            int page = frame.getInt(0);
            transaction.put(page, sum(frame, FRAME, pageSize));
            if (page == StoreRow.PAGE) {
                byte[] bytes = new byte[pageSize];
                frame.get(FRAME, bytes);
                row = StoreRow.parse(bytes);
            }
            if (frame.getInt(4) != 0) {
                pages.putAll(transaction);
                transaction.clear();
                first = first.isEmpty() ? row : first;
                last = row;
            }
        }

        private void add(ByteBuffer bytes, int from, int length) {
            ByteBuffer words = bytes.duplicate().order(order);
            for (int i = from; i < from + length; i += 8) {
                sum0 += words.getInt(i) + sum1;
                sum1 += words.getInt(i + 4) + sum0;
            }
        }
    }
}
