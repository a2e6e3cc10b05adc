package io.contextdb.backend.embedded;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.zip.CRC32C;

/**
 * A few numbers at the start of a file that are replaced as one: two slots are written in turn, each with its turn and a
 * checksum, so that a write that was cut short leaves the numbers that were there before.
 */
final class SlotFile {
    /** Bytes that both slots take together. */
    static final int SIZE = 1024;

    private static final int SLOT = SIZE / 2;
    private static final int TURN = 0;
    private static final int PAYLOAD = 8;

    private final StoreFile file;
    private final int length;
    private long turn;

    /**
     * Creates the slots; reads and writes nothing.
     *
     * @param length bytes of the numbers, 492 at most
     */
    SlotFile(StoreFile file, int length) {
        this.file = file;
        this.length = length;
    }

    /** Returns the numbers that were written last; empty if neither slot is whole. */
    Optional<ByteBuffer> read() throws IOException {
        Optional<ByteBuffer> newest = Optional.empty();
        for (int slot = 0; slot < 2; slot++) {
            ByteBuffer bytes = ByteBuffer.allocate(PAYLOAD + length + Integer.BYTES);
            file.read(bytes, (long) slot * SLOT);
            boolean whole = !bytes.hasRemaining() && bytes.getInt(PAYLOAD + length) == sum(bytes);
            if (whole && (newest.isEmpty() || bytes.getLong(TURN) > turn)) {
                turn = bytes.getLong(TURN);
                newest = Optional.of(bytes.slice(PAYLOAD, length));
            }
        }
        return newest;
    }

    /** Replaces the numbers; they are with the operating system when it returns. */
    void write(ByteBuffer numbers) throws IOException {
        turn++;
        ByteBuffer bytes = ByteBuffer.allocate(PAYLOAD + length + Integer.BYTES);
        bytes.putLong(turn).put(numbers.duplicate().flip());
        bytes.position(PAYLOAD + length).putInt(sum(bytes)).flip();
        file.write(bytes, (turn & 1) * SLOT);
    }

    private int sum(ByteBuffer slot) {
        CRC32C crc = new CRC32C();
        crc.update(slot.slice(0, PAYLOAD + length));
        return (int) crc.getValue();
    }
}
