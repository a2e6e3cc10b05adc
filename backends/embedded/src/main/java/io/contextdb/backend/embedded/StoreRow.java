package io.contextdb.backend.embedded;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;
import java.util.UUID;
import java.util.zip.CRC32C;

/**
 * What a store says of itself in its table {@code store}, read from the bytes of the page where it stands: before SQLite opens a
 * file, its log must be known to belong to it.
 *
 * @param format of the records
 * @param incarnation made with the store
 * @param lastCommit number of the last commit
 * @param lastTime its transaction time
 * @param seal checksum of the others, as stored; 0 in formats that had none
 */
record StoreRow(long format, UUID incarnation, long lastCommit, long lastTime, long seal) {
    /** The page of the table, which is the first that a store creates. */
    static final int PAGE = 2;

    private static final int TABLE_LEAF = 0x0d;
    private static final int FIRST_CELL = 8;
    private static final int BYTES_16 = 12 + 2 * 16;

    /** Returns the checksum that the row of a store has. */
    static long seal(UUID incarnation, long lastCommit, long lastTime) {
        CRC32C crc = new CRC32C();
        crc.update(ByteBuffer.allocate(32)
                .putLong(incarnation.getMostSignificantBits())
                .putLong(incarnation.getLeastSignificantBits())
                .putLong(lastCommit)
                .putLong(lastTime)
                .flip());
        return crc.getValue() + 1;
    }

    /** Returns whether the row is as it was written, as far as its format lets tell. */
    boolean isSealed() {
        return seal == 0 ? format < Records.SEALED : seal == seal(incarnation, lastCommit, lastTime);
    }

    /** Reads the row; empty if the page holds no such row. */
    static Optional<StoreRow> parse(byte[] page) {
        try {
            return page.length > FIRST_CELL && page[0] == TABLE_LEAF && page[3] == 0 && page[4] == 1
                    ? new Cell(page).row()
                    : Optional.empty();
        } catch (IndexOutOfBoundsException damaged) {
            return Optional.empty();
        }
    }

    /** The one cell of the page: lengths, types, and values one after the other, as SQLite's file format has them. */
    private static final class Cell {
        private final byte[] page;
        private int at;

        Cell(byte[] page) {
            this.page = page;
            at = ((page[FIRST_CELL] & 0xff) << 8) | (page[FIRST_CELL + 1] & 0xff);
        }

        Optional<StoreRow> row() {
            varint();
            varint();
            int header = at;
            int body = header + (int) varint();
            long[] types = new long[7];
            int columns = 0;
            while (at < body && columns < types.length) {
                types[columns++] = varint();
            }
            if (columns < 6 || types[2] != BYTES_16) {
                return Optional.empty();
            }
            at = body;
            integer(types[0]);
            long format = integer(types[1]);
            UUID incarnation = Columns.uuid(Arrays.copyOfRange(page, at, at + 16));
            at += 16;
            long commit = integer(types[3]);
            long time = integer(types[4]);
            integer(types[5]);
            return Optional.of(new StoreRow(format, incarnation, commit, time, columns > 6 ? integer(types[6]) : 0));
        }

        private long varint() {
            long value = 0;
            for (int i = 0; i < 8; i++) {
                int next = page[at++];
                value = (value << 7) | (next & 0x7f);
                if (next >= 0) {
                    return value;
                }
            }
            return (value << 8) | (page[at++] & 0xff);
        }

        private long integer(long type) {
            int length = switch ((int) type) {
                case 0, 8, 9 -> 0;
                case 5 -> 6;
                case 6 -> 8;
                default -> (int) type;
            };
            if (length == 0) {
                return type == 9 ? 1 : 0;
            }
            long value = page[at];
            for (int i = 1; i < length; i++) {
                value = (value << 8) | (page[at + i] & 0xff);
            }
            at += length;
            return value;
        }
    }
}
