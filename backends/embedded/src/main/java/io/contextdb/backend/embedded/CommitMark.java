package io.contextdb.backend.embedded;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Optional;
import java.util.UUID;

/**
 * The last commit that was acknowledged, in a file of its own: where the log of the records ends earlier, commits were lost. Written
 * after each commit without waiting for the disk: after a loss of power it may be behind, and then tells less; it is never ahead.
 */
final class CommitMark implements AutoCloseable {
    private static final int MAGIC = 0x6378_6d31;
    private static final int LENGTH = 64;
    private static final System.Logger LOG = System.getLogger(CommitMark.class.getName());

    /**
     * What the mark says.
     *
     * @param incarnation of the store
     * @param commit the last that was acknowledged
     * @param closed whether the store was closed after it: then its log is empty
     * @param size bytes of the file of records when the store was closed
     * @param modified when that file was changed last before, in milliseconds
     */
    record Said(UUID incarnation, long commit, boolean closed, long size, long modified) {}

    private final StoreFile file;
    private final SlotFile slots;
    private boolean broken;

    private CommitMark(StoreFile file) {
        this.file = file;
        this.slots = new SlotFile(file, LENGTH);
    }

    static CommitMark open(Path file) throws IOException {
        return new CommitMark(StoreFile.writable(file));
    }

    /** Returns what was written last; empty if that is damaged, or there is nothing. */
    Optional<Said> read() throws IOException {
        return slots.read()
                .filter(bytes -> bytes.getInt(0) == MAGIC)
                .map(bytes -> new Said(
                        new UUID(bytes.getLong(8), bytes.getLong(16)),
                        bytes.getLong(24),
                        bytes.getInt(4) == 1,
                        bytes.getLong(32),
                        bytes.getLong(40)));
    }

    /** Replaces what it says. If that fails, it stays behind, which does no harm. */
    void write(Said said) {
        ByteBuffer bytes = ByteBuffer.allocate(LENGTH)
                .putInt(MAGIC)
                .putInt(said.closed() ? 1 : 0)
                .putLong(said.incarnation().getMostSignificantBits())
                .putLong(said.incarnation().getLeastSignificantBits())
                .putLong(said.commit())
                .putLong(said.size())
                .putLong(said.modified());
        try {
            slots.write(bytes);
        } catch (IOException failed) {
            if (!broken) {
                broken = true;
                LOG.log(
                        System.Logger.Level.WARNING,
                        "The mark of the last commit cannot be written; a loss of commits may go unnoticed: " + failed);
            }
        }
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
